package org.trutina;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.trutina.internal.EndiveRuntime;
import org.trutina.internal.WasmInstance;

/**
 * Times one instance in one thread, the same request bytes to the same answer bytes as every host: {@code Benchmark full|runtime LOAD
 * SINGLES BATCH ROUNDS}. {@code cargo xtask speed} runs it beside the native engine. Prints JSON on one line, times in nanoseconds
 * per decision; rounds are not counted until C2 has had its time.
 */
public final class Benchmark {
    /** Nanoseconds: by then everything that is called often has been compiled, on a machine that is not too busy. */
    private static final long WARM_UP = 10_000_000_000L;

    private static final int BATCHES = 100;
    private static final int SINGLES = 20;

    private Benchmark() {}

    /**
     * Runs.
     *
     * @param args the module, the requests, and the number of rounds
     * @throws IOException if a file cannot be read
     * @throws NoSuchAlgorithmException never: every JDK has SHA-256
     */
    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        WasmInstance door = (args[0].equals("runtime") ? EndiveRuntime.bundlesOnly() : EndiveRuntime.full()).fresh();
        String loaded = new String(door.call(1, Files.readAllBytes(Path.of(args[1]))), StandardCharsets.UTF_8);
        if (!loaded.startsWith("{\"ok\":{\"handle\":1,")) {
            throw new IllegalStateException(loaded);
        }
        List<byte[]> singles = Files.readAllLines(Path.of(args[2])).stream()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .collect(Collectors.toList());
        byte[] batch = Files.readAllBytes(Path.of(args[3]));
        int rounds = Integer.parseInt(args[4]);
        MessageDigest answers = MessageDigest.getInstance("SHA-256");
        singles.forEach(request -> answers.update(door.call(3, request)));
        answers.update(door.call(4, batch));
        String one = times(rounds, SINGLES * singles.size(), () -> {
            for (int pass = 0; pass < SINGLES; pass++) {
                singles.forEach(request -> door.call(3, request));
            }
        });
        String many = times(rounds, BATCHES * singles.size(), () -> {
            for (int pass = 0; pass < BATCHES; pass++) {
                door.call(4, batch);
            }
        });
        StringBuilder hex = new StringBuilder();
        for (byte part : answers.digest()) {
            hex.append(String.format("%02x", part));
        }
        System.out.println("{\"single\":" + one + ",\"batch\":" + many + ",\"answers\":\"" + hex + "\"}");
    }

    private static String times(int rounds, int decisions, Runnable run) {
        for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP; ) {
            run.run();
        }
        long[] times = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            run.run();
            times[round] = (System.nanoTime() - start) / decisions;
        }
        return Arrays.toString(times);
    }
}
