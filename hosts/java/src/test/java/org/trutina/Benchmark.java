package org.trutina;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.trutina.internal.Json;
import org.trutina.internal.Tree;

/**
 * Times decisions over the sample portfolio, in one thread: {@code Benchmark FACTS.ndjson [ROWS] [ROUNDS]}. The rows are those of
 * the file, again and again. Prints JSON on one line, times in nanoseconds per row; the first rounds are warm-up.
 */
public final class Benchmark {
    private static final int WARM_UP = 4;

    private Benchmark() {}

    private interface Work {
        byte[] run();
    }

    /**
     * Runs.
     *
     * @param args the facts, the number of rows (100,000) and of rounds (5)
     * @throws IOException if the file cannot be read
     * @throws NoSuchAlgorithmException never: every JDK has SHA-256
     */
    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        List<String> portfolio = Files.readAllLines(Path.of(args[0]));
        int rows = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        StringBuilder text = new StringBuilder();
        List<Facts> typed = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            text.append(portfolio.get(row % portfolio.size())).append('\n');
        }
        for (int row = 0; row < Math.min(rows, 20_000); row++) {
            typed.add(Facts.of(Tree.object(Json.read(portfolio.get(row % portfolio.size())))));
        }
        byte[] ndjson = text.toString().getBytes(StandardCharsets.UTF_8);
        Path pack = Repository.path("rulesets/retail-credit-rating");
        try (Ruleset ruleset = Trutina.load(pack, Options.defaults().instances(1))) {
            Work bytes = () -> ruleset.decideNdjson(ndjson, Repository.AS_OF, Trace.NONE);
            Work batch = () -> {
                ruleset.decideBatch(typed, Repository.AS_OF);
                return new byte[0];
            };
            Work single = () -> {
                typed.forEach(facts -> ruleset.decide(facts, Repository.AS_OF));
                return new byte[0];
            };
            byte[] answer = bytes.run();
            System.out.println("{\"host\":\"jvm " + System.getProperty("java.version") + "\",\"rows\":" + rows
                    + ",\"request_sha256\":\"" + digest(ndjson) + "\",\"answer_sha256\":\"" + digest(answer) + "\",\"batch_bytes\":"
                    + times(bytes, rows, rounds) + ",\"typed_batch\":" + times(batch, typed.size(), rounds) + ",\"typed_single\":"
                    + times(single, typed.size(), rounds) + "}");
        }
    }

    private static String times(Work work, int rows, int rounds) {
        long[] nanoseconds = new long[rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            long start = System.nanoTime();
            work.run();
            long took = (System.nanoTime() - start) / rows;
            if (round >= 0) {
                nanoseconds[round] = took;
            }
        }
        return "{\"best\":" + Arrays.stream(nanoseconds).min().orElseThrow() + ",\"all\":" + Arrays.toString(nanoseconds) + "}";
    }

    private static String digest(byte[] bytes) throws NoSuchAlgorithmException {
        StringBuilder hex = new StringBuilder();
        for (byte one : MessageDigest.getInstance("SHA-256").digest(bytes)) {
            hex.append(String.format("%02x", one));
        }
        return hex.toString();
    }
}
