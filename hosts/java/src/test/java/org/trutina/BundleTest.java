package org.trutina;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
