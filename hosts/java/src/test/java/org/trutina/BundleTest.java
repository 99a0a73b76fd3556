package org.trutina;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Bundles; {@code cargo xtask java} packs one. */
class BundleTest {
    private static byte[] bundle() throws IOException {
        String path = System.getProperty("trutina.bundle", "");
        assumeFalse(path.isEmpty(), "no bundle was packed; use cargo xtask java");
        return Files.readAllBytes(Path.of(path));
    }

    private static Options trusting(Trust trust) {
        return Options.defaults().instances(1).trust(trust);
    }

    private static String digest(byte[] bundle) throws IOException {
        // The digest of a bundle is that of its manifest, which `trutina pack` prints.
        return Files.readString(Path.of(System.getProperty("trutina.bundle") + ".digest")).strip();
    }

    @Test
    void aBundleDecidesAsItsSources() throws IOException {
        byte[] bundle = bundle();
        byte[] expected = Repository.rating().decide(Repository.applicant().build(), Repository.AS_OF).json();
        try (Ruleset recompiled = Trutina.load(bundle, Options.defaults().instances(1));
                Ruleset trusted = Trutina.load(bundle, trusting(Trust.digest(digest(bundle))))) {
            assertArrayEquals(expected, recompiled.decide(Repository.applicant().build(), Repository.AS_OF).json());
            assertArrayEquals(expected, trusted.decide(Repository.applicant().build(), Repository.AS_OF).json());
            assertEquals(Repository.rating().describe().digest(), trusted.describe().digest());
        }
        try (Ruleset file = Trutina.load(Path.of(System.getProperty("trutina.bundle")))) {
            assertArrayEquals(expected, file.decide(Repository.applicant().build(), Repository.AS_OF).json());
        }
    }

    @Test
    void anUntrustedBundleIsRefused() throws IOException {
        byte[] bundle = bundle();
        Trust none = Trust.digest("sha256:" + "0".repeat(64)).or(Trust.key("0".repeat(64)));
        RulesetException refused = assertThrows(RulesetException.class, () -> Trutina.load(bundle, trusting(none)));
        assertEquals("T6007", refused.error().code());
    }

    @Test
    void aDamagedBundleIsRefused() throws IOException {
        byte[] bundle = bundle();
        Options options = trusting(Trust.digest(digest(bundle)));
        for (int at = 8; at < bundle.length; at += bundle.length / 40) {
            byte[] damaged = bundle.clone();
            damaged[at] ^= 1;
            RulesetException refused = assertThrows(RulesetException.class, () -> Trutina.load(damaged, options));
            assertEquals("T6", refused.error().code().substring(0, 2), refused::getMessage);
        }
    }

    private static KeyPair key() throws GeneralSecurityException {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    /** The 32 bytes of a public key: they end its X.509 form. */
    private static byte[] raw(KeyPair key) {
        byte[] encoded = key.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    private static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte one : bytes) {
            hex.append(String.format("%02x", one));
        }
        return hex.toString();
    }

    /** A bundle without signatures, signed: see BUNDLE.md. */
    private static byte[] signed(byte[] bundle, KeyPair key) throws GeneralSecurityException {
        ByteBuffer unsigned = ByteBuffer.wrap(bundle).order(ByteOrder.LITTLE_ENDIAN);
        int manifestEnd = 16 + unsigned.getInt(12);
        int signatures = manifestEnd + 32;
        assertEquals(0, unsigned.getInt(signatures), "the bundle has no signature yet");
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(key.getPrivate());
        signer.update(bundle, 0, manifestEnd);
        ByteBuffer signed = ByteBuffer.allocate(bundle.length + 96).order(ByteOrder.LITTLE_ENDIAN);
        signed.put(bundle, 0, signatures).putInt(96).put(raw(key)).put(signer.sign());
        return signed.put(bundle, signatures + 4, bundle.length - signatures - 4).array();
    }

    private static String refused(byte[] bundle, Trust trust) {
        return assertThrows(RulesetException.class, () -> Trutina.load(bundle, trusting(trust)).close()).error().code();
    }

    @Test
    void aSignedBundleIsTakenByItsKey() throws Exception {
        KeyPair key = key();
        byte[] signed = signed(bundle(), key);
        byte[] expected = Repository.rating().decide(Repository.applicant().build(), Repository.AS_OF).json();
        Trust[] takes = {
            Trust.key(hex(raw(key))),
            Trust.key(Base64.getEncoder().encodeToString(raw(key))),
            Trust.key(Base64.getEncoder().encodeToString(key.getPublic().getEncoded())),
            Trust.key(hex(raw(key()))).or(Trust.key(hex(raw(key)))),
            Trust.digest(digest(bundle())),
        };
        for (Trust trust : takes) {
            try (Ruleset ruleset = Trutina.load(signed, trusting(trust))) {
                assertArrayEquals(expected, ruleset.decide(Repository.applicant().build(), Repository.AS_OF).json());
            }
        }
        try (Ruleset recompiled = Trutina.load(signed, Options.defaults().instances(1))) {
            assertArrayEquals(expected, recompiled.decide(Repository.applicant().build(), Repository.AS_OF).json());
        }
    }

    @Test
    void anotherKeyAndNoSignatureAreRefused() throws Exception {
        KeyPair key = key();
        byte[] signed = signed(bundle(), key);
        assertEquals("T6007", refused(signed, Trust.key(hex(raw(key())))));
        assertEquals("T6007", refused(bundle(), Trust.key(hex(raw(key)))));
    }

    /** A wrong signature under a trusted key is no signature; with the right digest, too, for the bundle is damaged. */
    @Test
    void aWrongSignatureIsRefused() throws Exception {
        KeyPair key = key();
        byte[] signed = signed(bundle(), key);
        int signature = 16 + ByteBuffer.wrap(signed).order(ByteOrder.LITTLE_ENDIAN).getInt(12) + 32 + 4 + 32;
        byte[] forged = signed.clone();
        forged[signature + 40] ^= 1;
        byte[] another = signed.clone();
        System.arraycopy(signed(bundle(), key()), signature, another, signature, 64);
        for (byte[] wrong : new byte[][] {forged, another}) {
            assertEquals("T6005", refused(wrong, Trust.key(hex(raw(key)))));
            assertEquals("T6005", refused(wrong, Trust.digest(digest(bundle()))));
        }
    }

    @Test
    void whatIsNoKeyIsRefused() throws Exception {
        byte[] signed = signed(bundle(), key());
        for (String none : new String[] {"", "00", "no key at all", "0".repeat(63)}) {
            assertEquals("T6001", refused(signed, Trust.key(none)), none);
        }
    }
}
