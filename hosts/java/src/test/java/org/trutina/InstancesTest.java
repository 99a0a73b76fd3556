package org.trutina;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.trutina.internal.EndiveRuntime;
import org.trutina.internal.WasmInstance;
import org.trutina.internal.WasmRuntime;

/** Instances: threads, memory, traps, stacks, second opinions. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InstancesTest {
    private static final int THREADS = 16;
    private static final int DECISIONS = 1000;

    @Test
    void threadsGetTheSameBytes() throws Exception {
        Ruleset rating = Repository.rating();
        List<Facts> customers = new ArrayList<>();
        List<byte[]> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Facts facts = Facts.json(Repository.applicantJson().replace("1352", Integer.toString(1000 + 113 * i)));
            customers.add(facts);
            expected.add(rating.decide(facts, Repository.AS_OF).json());
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<Integer>> results = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int offset = t;
            Callable<Integer> work = () -> {
                for (int i = 0; i < DECISIONS; i++) {
                    int which = (i + offset * 3) % customers.size();
                    assertArrayEquals(expected.get(which), rating.decide(customers.get(which), Repository.AS_OF).json());
                }
                return DECISIONS;
            };
            results.add(threads.submit(work));
        }
        int decided = 0;
        for (Future<Integer> result : results) {
            decided += result.get();
        }
        threads.shutdown();
        assertEquals(THREADS * DECISIONS, decided);
        assertTrue(rating.pool().made() <= 4 + rating.pool().dropped(), "no more instances than allowed");
    }

    /** By reflection, for these tests are Java 17: {@code Executors.newVirtualThreadPerTaskExecutor} came with 21. */
    @Test
    void virtualThreadsGetTheBytesOfPlatformThreads() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
        Ruleset rating = Repository.rating();
        List<Facts> customers = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            customers.add(Facts.json(Repository.applicantJson().replace("1352", Integer.toString(900 + 217 * i))));
            for (Trace trace : Trace.values()) {
                expected.add(rating.decide(customers.get(i), Repository.AS_OF, trace).toString());
            }
        }
        assertTrue(new HashSet<>(expected).size() > 2 * customers.size(), "the customers differ");
        long dropped = rating.pool().dropped();
        ExecutorService threads = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        Method isVirtual = Thread.class.getMethod("isVirtual");
        List<Future<String>> results = new ArrayList<>();
        for (int i = 0; i < 30 * expected.size(); i++) {
            int which = i % expected.size();
            results.add(threads.submit(() -> {
                assertEquals(true, isVirtual.invoke(Thread.currentThread()));
                Trace trace = Trace.values()[which % Trace.values().length];
                return rating.decide(customers.get(which / Trace.values().length), Repository.AS_OF, trace).toString();
            }));
        }
        for (int i = 0; i < results.size(); i++) {
            assertEquals(expected.get(i % expected.size()), results.get(i).get());
        }
        threads.shutdown();
        assertEquals(dropped, rating.pool().dropped());
        assertEquals(4, rating.pool().free(), "every instance came back");
        assertTrue(rating.pool().made() <= 4 + dropped, "no more instances than allowed");
    }

    @Test
    void memoryDoesNotGrow() {
        WasmInstance instance = EndiveRuntime.full().fresh();
        StringBuilder load = new StringBuilder("{\"files\":{");
        Repository.files("rulesets/retail-prescreening").forEach((path, text) -> load.append(load.length() > 10 ? "," : "")
                .append(org.trutina.internal.FactWriter.quoted(path))
                .append(':')
                .append(org.trutina.internal.FactWriter.quoted(text)));
        instance.call(1, load.append("}}").toString().getBytes(StandardCharsets.UTF_8));
        String facts = "{\"amount\":5000,\"duration_months\":24,\"age\":34,\"employed\":true,\"account_overdrawn\":false,"
                + "\"other_plans\":false,\"owns_property\":true,\"guarantor\":false,\"co_applicant\":false}";
        List<byte[]> requests = new ArrayList<>();
        for (String trace : List.of("none", "reasons", "full")) {
            requests.add(("{\"handle\":1,\"as_of\":\"2026-11-30\",\"facts\":" + facts + ",\"trace\":\"" + trace + "\"}").getBytes(StandardCharsets.UTF_8));
        }
        requests.add("{\"handle\":1,\"as_of\":\"2026-11-30\",\"facts\":{\"x\":".getBytes(StandardCharsets.UTF_8));
        requests.add(("{\"handle\":1,\"as_of\":\"2026-11-30\",\"rows\":2,\"format\":\"ndjson\"}\n" + facts + "\n{}").getBytes(StandardCharsets.UTF_8));
        int pages = 0;
        for (int i = 0; i < 50_000; i++) {
            int which = i % requests.size();
            instance.call(which == 4 ? 4 : 3, requests.get(which));
            if (i == 1000) {
                pages = instance.memoryPages();
            }
        }
        assertEquals(pages, instance.memoryPages());
    }

    @Test
    void aStoppedInstanceIsDroppedAndTheRulesetGoesOn() {
        try (Ruleset ruleset = Repository.everyType()) {
            byte[] before = ruleset.decide(Map.of("whole", 1), Repository.AS_OF).json();
            // The engine looks at the interruption; the caller's flag stays.
            WasmInstance[] lent = new WasmInstance[1];
            assertThrows(InstanceException.class, () -> Trutina.guarded(() -> ruleset.pool().lend(instance -> {
                lent[0] = instance;
                Thread.currentThread().interrupt();
                try {
                    return instance.call(3, new byte[] {'{'});
                } finally {
                    Thread.interrupted();
                }
            })));
            assertEquals(1, ruleset.pool().dropped());
            for (int i = 0; i < 20; i++) {
                assertArrayEquals(before, ruleset.decide(Map.of("whole", 1), Repository.AS_OF).json());
                Trutina.guarded(() -> ruleset.pool().lend(instance -> {
                    assertTrue(instance != lent[0], "a poisoned instance was lent");
                    return null;
                }));
            }
        }
    }

    @Test
    void anInterruptedThreadGetsNoDecision() throws Exception {
        Ruleset rating = Repository.rating();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            Thread.currentThread().interrupt();
            thrown.set(assertThrows(InstanceException.class, () -> rating.decide(Repository.applicant().build(), Repository.AS_OF)));
            flag.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        thread.join();
        assertTrue(thrown.get() instanceof InstanceException);
        assertTrue(flag.get(), "the flag stays");
        assertEquals("decline", rating.decide(Repository.applicant().build(), Repository.AS_OF).text("outcome"));
    }

    @Test
    void aStackAtItsEndIsAnErrorOrADecisionOnAnotherOne() throws Exception {
        Ruleset rating = Repository.rating();
        AtomicReference<Object> result = new AtomicReference<>();
        Thread thread = new Thread(null, () -> dig(() -> rating.decide(Repository.applicant().build(), Repository.AS_OF).text("outcome"), result), "deep", 256 * 1024);
        thread.start();
        thread.join();
        assertEquals("decline", result.get());
        assertEquals(4, rating.pool().free(), "every instance came back");
        assertEquals("decline", rating.decide(Repository.applicant().build(), Repository.AS_OF).text("outcome"));
    }

    /** Calls itself until the stack is used up, and works on each level on the way back, until it works. */
    private static boolean dig(Callable<?> work, AtomicReference<Object> result) {
        boolean worked = false;
        try {
            worked = dig(work, result);
        } catch (StackOverflowError bottom) {
            worked = false;
        }
        if (worked) {
            return true;
        }
        try {
            result.set(work.call());
            return true;
        } catch (Exception | StackOverflowError other) {
            return false;
        }
    }

    @Test
    void deepSourcesLoadOnASmallStackOrAreRefused() throws Exception {
        String manifest = "language = 1\nid = \"deep\"\nversion = \"1\"\n[facts.x]\ntype = \"integer\"\n[outputs]\ny = { type = \"integer\" }\n";
        StringBuilder chain = new StringBuilder("fn decide(f, hits) { let v = if f.x < 0 { 0 }");
        StringBuilder all = new StringBuilder("fn decide(f, hits) { #{ y: if f.x > 0");
        for (int i = 1; i < 100; i++) {
            chain.append(" else if f.x < ").append(i).append(" { ").append(i).append(" }");
            all.append(" && f.x != ").append(i);
        }
        List<String> load = List.of(chain + " else { 100 }; #{ y: v } }", all + " { 1 } else { 2 } } }");
        for (String rules : load) {
            assertEquals("loaded", onSmallStack(manifest, rules));
        }
        for (int depth : new int[] {40, 100, 128, 400, 5000}) {
            for (String[] pair : new String[][] {{"(", ")"}, {"(1 + ", ")"}, {"max(1, ", ")"}, {"if f.x > 1 { ", " } else { 2 }"}}) {
                String rules = "fn decide(f, hits) { #{ y: " + pair[0].repeat(depth) + "f.x" + pair[1].repeat(depth) + " } }";
                String said = onSmallStack(manifest, rules);
                assertTrue(said.equals("loaded") || said.startsWith("T"), said);
                assertTrue(depth == 40 || said.startsWith("T"), () -> depth + " " + said);
            }
        }
    }

    private static String onSmallStack(String manifest, String rules) throws Exception {
        AtomicReference<String> said = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try (Ruleset ruleset = Trutina.load(Map.of("ruleset.toml", manifest, "rules.rhai", rules), Options.defaults())) {
                        said.set(ruleset.describe().id().isEmpty() ? "nothing" : "loaded");
                    } catch (RulesetException refused) {
                        said.set(refused.error().code());
                    } catch (Throwable other) {
                        said.set(other.toString());
                    }
                },
                "small",
                512 * 1024);
        thread.start();
        thread.join();
        return said.get();
    }

    @Test
    void aSecondOpinionIsAskedAndDiffers() {
        Map<String, String> files = Map.of(
                "rules.rhai", "//! language = 1\n//! id = \"one\"\n//! version = \"1\"\n//! [outputs]\n//! one = { type = \"integer\" }\nfn decide(f, hits) { #{ one: 1 } }\n");
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger lie = new AtomicInteger();
        WasmRuntime real = EndiveRuntime.full();
        WasmRuntime watched = new WasmRuntime() {
            @Override
            public WasmInstance fresh() {
                return real.fresh();
            }

            @Override
            public WasmInstance copy(WasmInstance.Image image) {
                return real.copy(image);
            }

            @Override
            public WasmInstance interpreted(WasmInstance.Image image) {
                asked.incrementAndGet();
                WasmInstance honest = real.interpreted(image);
                return new WasmInstance() {
                    @Override
                    public byte[] call(int verb, byte[] request) {
                        byte[] answer = honest.call(verb, request);
                        answer[answer.length / 2] += (byte) lie.get();
                        return answer;
                    }

                    @Override
                    public int memoryPages() {
                        return honest.memoryPages();
                    }

                    @Override
                    public Image image() {
                        return honest.image();
                    }
                };
            }
        };
        WasmInstance loaded = watched.fresh();
        String payload = "{\"files\":{\"rules.rhai\":" + org.trutina.internal.FactWriter.quoted(files.get("rules.rhai")) + "}}";
        loaded.call(1, payload.getBytes(StandardCharsets.UTF_8));
        try (Ruleset ruleset = new Ruleset(watched, loaded, 1, Options.defaults(), 10)) {
            for (int i = 0; i < 30; i++) {
                assertEquals(1, ruleset.decide(Map.of(), Repository.AS_OF).integer("one"));
            }
            assertEquals(3, asked.get());
            assertEquals(20, ruleset.decideBatch(java.util.Collections.nCopies(20, Map.of()), Repository.AS_OF).size());
            assertEquals(5, asked.get());
            lie.set(1);
            assertThrows(MiscompilationException.class, () -> {
                for (int i = 0; i < 10; i++) {
                    ruleset.decide(Map.of(), Repository.AS_OF);
                }
            });
            assertThrows(MiscompilationException.class, () -> ruleset.decideBatch(java.util.Collections.nCopies(20, Map.of()), Repository.AS_OF));
        }
    }
}
