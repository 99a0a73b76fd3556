package org.trutina.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.Instruction;

/**
 * HotSpot never compiles a method of more than 8,000 bytecodes, so no function of a decision's path may become one. Which
 * functions a decision runs is counted by interpreting it.
 */
class HotPathTest {
    /** {@code HugeMethodLimit} of HotSpot, under {@code -XX:+DontCompileHugeMethods}, its default. */
    private static final int HUGE = 8000;

    private final Map<Instruction, Integer> functions = new IdentityHashMap<>();
    private long[] counts;

    @Test
    void decisionsRunInMethodsThatHotSpotCompiles() throws IOException {
        StringBuilder load = new StringBuilder();
        Sources.directory(root().resolve("rulesets/retail-credit-rating")).forEach((path, text) ->
                load.append(load.length() == 0 ? "" : ",").append(FactWriter.quoted(path)).append(':').append(FactWriter.quoted(text)));
        decide("trutina.wasm", "Full", ("{\"files\":{" + load + "}}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void thoseOfABundleDoSoToo() throws IOException {
        String path = System.getProperty("trutina.bundle", "");
        assumeFalse(path.isEmpty(), "no bundle was packed; use cargo xtask java");
        String digest = Files.readString(Path.of(path + ".digest")).strip();
        ByteArrayOutputStream load = new ByteArrayOutputStream();
        load.writeBytes(("{\"trust\":{\"digests\":[\"" + digest + "\"]}}\n").getBytes(StandardCharsets.UTF_8));
        load.writeBytes(Files.readAllBytes(Path.of(path)));
        decide("trutina-runtime.wasm", "Runtime", load.toByteArray());
    }

    private static Path root() {
        return Path.of(System.getProperty("trutina.repository", "../.."));
    }

    /** Decides once, and a batch of two, without and with a trace. */
    private void decide(String file, String compiled, byte[] load) throws IOException {
        WasmModule module;
        try (InputStream in = getClass().getResourceAsStream("/org/trutina/wasm/" + file)) {
            module = Parser.parse(in);
        }
        Instance instance = Instance.builder(module)
                .withMachineFactory(InterpreterMachine::new)
                .withMemoryFactory(FlatMemory::new)
                .withUnsafeExecutionListener((instruction, stack) -> count(instruction))
                .build();
        for (int function = 0; function < instance.functionCount(); function++) {
            FunctionBody body = instance.function(function);
            for (Instruction instruction : body.instructions()) {
                functions.put(instruction, function);
            }
        }
        call(instance, 1, load);
        String facts = Files.readString(root().resolve("hosts/cli/samples/applicant.json")).replace("\n", "");
        String header = "{\"handle\":1,\"as_of\":\"2026-11-30\"";
        for (String trace : new String[] {"none", "full"}) {
            counts = new long[instance.functionCount()];
            String traced = ",\"trace\":\"" + trace + "\"}";
            String batch = header + ",\"rows\":2,\"format\":\"ndjson\"" + traced + "\n" + facts + "\n" + facts;
            call(instance, 3, (header + ",\"facts\":" + facts + traced).getBytes(StandardCharsets.UTF_8));
            call(instance, 4, batch.getBytes(StandardCharsets.UTF_8));
            call(instance, 4, columns(header + traced.substring(0, traced.length() - 1)));
            judge(compiled, compiled + ", trace " + trace);
        }
    }

    /** A row with one column of 64 bits each value. */
    private static byte[] columns(String header) {
        String column = "{\"fact\":\"age_in_years\",\"kind\":\"i64\",\"values\":0}";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        String head = header + ",\"rows\":1,\"format\":\"columns/1\",\"columns\":[" + column + "]}";
        request.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        while (request.size() % 8 != 7) {
            request.write(' ');
        }
        request.write('\n');
        request.writeBytes(new byte[] {100, 0, 0, 0, 0, 0, 0, 0});
        return request.toByteArray();
    }

    private void count(Instruction instruction) {
        if (counts != null) {
            counts[functions.get(instruction)]++;
        }
    }

    private void judge(String compiled, String what) throws IOException {
        Map<String, Integer> sizes = sizes(compiled);
        long all = Arrays.stream(counts).sum();
        Map<Long, String> huge = new TreeMap<>();
        long inHuge = 0;
        for (int function = 0; function < counts.length; function++) {
            int size = sizes.getOrDefault("func_" + function, 0);
            if (counts[function] > 0 && size > HUGE) {
                inHuge += counts[function];
                huge.put(-counts[function], "func_" + function + " has " + size + " bytecodes, runs " + counts[function] + " instructions");
            }
        }
        String said = what + ": " + all + " instructions, of these " + inHuge + " in huge methods " + huge.values();
        System.out.println(said);
        assertTrue(all > 10_000, said);
        assertEquals(Map.of(), huge, said);
    }

    private static byte[] call(Instance instance, int verb, byte[] bytes) {
        int address = (int) instance.export("trutina_alloc").apply(bytes.length)[0];
        instance.memory().write(address, bytes);
        long packed = instance.export("trutina_call").apply(verb, address, bytes.length)[0];
        String answer = instance.memory().readString((int) (packed >>> 32), (int) packed);
        assertTrue(!answer.startsWith("{\"error\""), answer);
        return answer.getBytes(StandardCharsets.UTF_8);
    }

    /** The bytecodes of each function of a compiled module. */
    private static Map<String, Integer> sizes(String compiled) throws IOException {
        Map<String, Integer> sizes = new HashMap<>();
        for (int number = 0; ; number++) {
            String group = "/org/trutina/wasm/" + compiled + "MachineFuncGroup_" + number + ".class";
            try (InputStream in = HotPathTest.class.getResourceAsStream(group)) {
                if (in == null) {
                    return sizes;
                }
                read(new DataInputStream(in), sizes);
            }
        }
    }

    /** The lengths of the Code attributes of a class file (JVMS 4.1). */
    private static void read(DataInputStream in, Map<String, Integer> sizes) throws IOException {
        in.readLong();
        int constants = in.readUnsignedShort();
        String[] texts = new String[constants];
        for (int i = 1; i < constants; i++) {
            int tag = in.readUnsignedByte();
            if (tag == 1) {
                texts[i] = in.readUTF();
            } else {
                in.skipBytes(tag == 15 ? 3 : tag == 5 || tag == 6 ? 8 : tag == 7 || tag == 8 || tag == 16 || tag == 19 || tag == 20 ? 2 : 4);
                i += tag == 5 || tag == 6 ? 1 : 0;
            }
        }
        in.skipBytes(6);
        in.skipBytes(2 * in.readUnsignedShort());
        for (int kind = 0; kind < 2; kind++) {
            int members = in.readUnsignedShort();
            for (int member = 0; member < members; member++) {
                in.readUnsignedShort();
                String name = texts[in.readUnsignedShort()];
                in.readUnsignedShort();
                int attributes = in.readUnsignedShort();
                for (int attribute = 0; attribute < attributes; attribute++) {
                    boolean code = "Code".equals(texts[in.readUnsignedShort()]);
                    byte[] content = new byte[in.readInt()];
                    in.readFully(content);
                    if (code) {
                        sizes.merge(name, java.nio.ByteBuffer.wrap(content).getInt(4), Math::max);
                    }
                }
            }
        }
    }
}
