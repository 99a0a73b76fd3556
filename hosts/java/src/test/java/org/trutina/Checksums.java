package org.trutina;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * The long comparison of a JDK with the native engine: {@code Checksums FACTS.ndjson DECISIONS [BUNDLE DIGEST]} decides about the rows
 * of the file again and again, and prints the SHA-256 of the decisions of one pass. It fails at the first pass that gives another one,
 * and the native engine must give the same: {@code trutina decide rulesets/retail-credit-rating --facts FACTS.ndjson --as-of
 * 2026-11-30 | sha256sum}. A bundle decides in the module without a parser, which is the faster one. JDK-8376400 needs some 45 million
 * calls to show itself, so 50 million decisions are a fair test.
 */
public final class Checksums {
    private static final long MILLION = 1_000_000;

    private Checksums() {}

    /**
     * Runs.
     *
     * @param args the facts, how many decisions at least, and perhaps a bundle and its digest
     * @throws IOException if the file cannot be read
     * @throws NoSuchAlgorithmException never: every JDK has SHA-256
     */
    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        byte[] facts = Files.readAllBytes(Path.of(args[0]));
        long wanted = Long.parseLong(args[1]);
        long start = System.nanoTime();
        String expected = null;
        long decided = 0;
        Options options = Options.defaults().instances(1);
        try (Ruleset ruleset = args.length == 4
                ? Trutina.load(Path.of(args[2]), options.trust(Trust.digest(args[3])))
                : Trutina.load(Repository.path("rulesets/retail-credit-rating"), options)) {
            while (decided < wanted) {
                byte[] decisions = ruleset.decideNdjson(facts, Repository.AS_OF, Trace.NONE);
                String checksum = hex(MessageDigest.getInstance("SHA-256").digest(decisions));
                if (expected == null) {
                    expected = checksum;
                    System.out.println(checksum);
                } else if (!expected.equals(checksum)) {
                    System.err.println("after " + decided + " decisions, a pass gives " + checksum);
                    System.exit(1);
                }
                long before = decided;
                for (byte one : decisions) {
                    decided += one == '\n' ? 1 : 0;
                }
                if (decided / MILLION > before / MILLION) {
                    System.err.println(decided + " decisions so far, every pass the same");
                }
            }
        }
        System.err.println(decided + " decisions on JDK " + System.getProperty("java.version") + " in "
                + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s, every pass the same");
    }

    private static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte one : bytes) {
            hex.append(String.format("%02x", one));
        }
        return hex.toString();
    }
}
