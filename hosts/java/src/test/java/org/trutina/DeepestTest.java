package org.trutina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * The deepest sources that load, of each form that nests: they load, decide, trace and explain on a thread with a small stack, and
 * one level more is refused there. What the README says of stacks is this.
 */
class DeepestTest {
    /** Half of what the threads of most JVMs have. */
    private static final int SMALL = 512 * 1024;

    private static final String MANIFEST = String.join(
            "\n",
            "language = 1",
            "id = \"deep\"",
            "version = \"1\"",
            "[facts.x]",
            "type = \"integer\"",
            "min = 0",
            "max = 1000",
            "actionable = \"any\"",
            "[facts.z]",
            "type = \"integer\"",
            "min = 0",
            "max = 1000",
            "actionable = \"any\"",
            "[outputs]",
            "y = { type = \"integer\" }",
            "outcome = { type = \"enum\", values = [\"approve\", \"decline\"] }",
            "");

    private static String decides(String value) {
        return "fn decide(f, hits) { let v = " + value
                + "; #{ y: v, outcome: if v + f.z > 1500 { \"approve\" } else { \"decline\" } } }\n";
    }

    private static String nested(int depth, String open, String close) {
        return decides(open.repeat(depth) + "f.x" + close.repeat(depth));
    }

    private static String joined(int depth, String first, String each, String last) {
        StringBuilder text = new StringBuilder(first);
        for (int i = 0; i < depth; i++) {
            text.append(each.replace("#", Integer.toString(2000 + i)));
        }
        return decides(text + last);
    }

    /** Declarations of which each uses the next one: {@code #} is its number, {@code @} the next. */
    private static String chain(int depth, String each, String last, String value) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            text.append(each.replace("#", Integer.toString(i)).replace("@", Integer.toString(i + 1))).append('\n');
        }
        return text + last.replace("#", Integer.toString(depth)) + '\n' + decides(value);
    }

    private static String derived(int depth, String each) {
        return chain(depth, "derive(\"d#\", |f| " + each + ");", "derive(\"d#\", |f| f.x);", "f.d0");
    }

    private static String functions(int depth, String each) {
        return chain(depth, "fn g#(x) { " + each + " }", "fn g#(x) { x }", "g0(f.x)");
    }

    /** What nests within an expression: 128 levels, of them 48 of brackets. */
    private static Map<String, IntFunction<String>> expressions() {
        Map<String, IntFunction<String>> forms = new LinkedHashMap<>();
        forms.put("brackets", n -> nested(n, "(", ")"));
        forms.put("sums in brackets", n -> nested(n, "(1 + ", ")"));
        forms.put("calls", n -> nested(n, "max(1, ", ")"));
        forms.put("branches", n -> nested(n, "if f.x > 1 { ", " } else { 2 }"));
        forms.put("conditions", n -> decides("if ".repeat(n) + "f.x > 1" + " { true } else { false }".repeat(n - 1) + " { f.x } else { 2 }"));
        forms.put("switches", n -> nested(n, "switch f.x { 1 => 2, _ => ", " }"));
        forms.put("lists", n -> nested(n, "[", "].len()"));
        forms.put("methods", n -> joined(n, "f.x", ".abs()", ""));
        forms.put("a sum", n -> joined(n, "f.x", " + 1", ""));
        forms.put("powers", n -> joined(n, "f.x", " ** 1", ""));
        forms.put("else if", n -> joined(n, "", "if f.x == # { # } else ", "{ f.x }"));
        forms.put("and", n -> joined(n, "if f.x != 1", " && f.x != #", " { f.x } else { 2 }"));
        forms.put("or", n -> joined(n, "if f.x == 1", " || f.x == #", " { 2 } else { f.x }"));
        forms.put("not", n -> decides("if " + "!".repeat(n) + "(f.x > 1) { f.x } else { f.x }"));
        return forms;
    }

    /** What builds on each other: functions 200 levels deep, compiled nodes 600, whichever comes first. */
    private static Map<String, IntFunction<String>> chains() {
        Map<String, IntFunction<String>> forms = new LinkedHashMap<>();
        forms.put("derived facts", n -> derived(n, "f.d@"));
        forms.put("derived sums", n -> derived(n, "f.d@ + 1"));
        forms.put("derived branches", n -> derived(n, "if f.x > 2000 { 0 } else { f.d@ }"));
        forms.put("derived lists", n -> derived(n, "[1, 2].map(|a| a + f.d@).min() ?? 0"));
        forms.put("derived quantifiers", n -> derived(n, "if [1, 2].all(|a| a < f.d@) { f.d@ } else { f.x }"));
        forms.put("functions", n -> functions(n, "g@(x)"));
        forms.put("sums of functions", n -> functions(n, "1 + g@(x)"));
        forms.put("branches of functions", n -> functions(n, "if x > 2000 { 0 } else { g@(x) }"));
        forms.put("variables of functions", n -> functions(n, "let y = g@(x); y"));
        return forms;
    }

    private interface Work {
        String run();
    }

    /** What work says on a thread with such a stack; an exception by its name. */
    private static String onStack(int stack, Work work) throws InterruptedException {
        AtomicReference<String> said = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        said.set(work.run());
                    } catch (Throwable other) {
                        said.set(other.toString());
                    }
                },
                "small",
                stack);
        thread.start();
        thread.join();
        return said.get();
    }

    private static Map<String, String> files(String rules) {
        return Map.of("ruleset.toml", MANIFEST, "rules.rhai", rules);
    }

    /** Whether it loads; what is neither loaded nor refused by a code of the engine fails. */
    private static boolean loads(int stack, String name, String rules) throws InterruptedException {
        String said = onStack(stack, () -> Trutina.check(files(rules)).error().map(DecisionError::code).orElse("loads"));
        assertTrue(said.equals("loads") || said.equals("T1407") || said.equals("T5004"), () -> name + ": " + said);
        return said.equals("loads");
    }

    private static int deepest(int stack, String name, IntFunction<String> form) throws InterruptedException {
        int loads = 8;
        assertTrue(loads(stack, name, form.apply(loads)), name);
        int refused = 2 * loads;
        while (loads(stack, name, form.apply(refused))) {
            loads = refused;
            refused *= 2;
        }
        while (refused - loads > 1) {
            int half = (loads + refused) / 2;
            if (loads(stack, name, form.apply(half))) {
                loads = half;
            } else {
                refused = half;
            }
        }
        return loads;
    }

    /** Loads, describes, decides without and with a trace, and explains in both languages. */
    private static String everything(Map<String, String> files, Facts facts) {
        try (Ruleset ruleset = Trutina.load(files, Options.defaults().instances(1))) {
            StringBuilder said = new StringBuilder(ruleset.describe().id());
            for (Trace trace : Trace.values()) {
                Decision decision = ruleset.decide(facts, Repository.AS_OF, trace);
                said.append(' ').append(decision.text("outcome"));
                assertEquals(trace != Trace.NONE, decision.trace().isPresent());
            }
            for (Language language : Language.values()) {
                Explanation explanation = ruleset.explain(facts, Repository.AS_OF, language);
                assertTrue(explanation.text().contains(language == Language.EN ? "Declined." : "审批拒绝。"), explanation::text);
                Changes.Status status = explanation.changes().orElseThrow().status();
                assertTrue(status != Changes.Status.NOT_DECIDED && status != Changes.Status.BEST_ALREADY, status::name);
            }
            return said.toString();
        }
    }

    private static void deepest(int stack, Map<String, IntFunction<String>> forms) throws InterruptedException {
        Facts facts = Facts.builder().set("x", 7).set("z", 3).build();
        StringBuilder depths = new StringBuilder();
        for (Map.Entry<String, IntFunction<String>> form : forms.entrySet()) {
            int depth = deepest(stack, form.getKey(), form.getValue());
            depths.append(form.getKey()).append(' ').append(depth).append(", ");
            Map<String, String> files = files(form.getValue().apply(depth));
            String said = onStack(stack, () -> everything(files, facts));
            assertEquals("deep decline decline decline", said, () -> form.getKey() + ' ' + depth);
        }
        System.out.println("the deepest that load: " + depths);
    }

    @Test
    void theDeepestExpressionsDoEverything() throws InterruptedException {
        deepest(SMALL, expressions());
    }

    @Test
    void theLongestChainsDoEverything() throws InterruptedException {
        deepest(SMALL, chains());
    }

    @Test
    void aShippedRulesetDoesEverything() throws InterruptedException {
        Map<String, String> files = Repository.files("rulesets/retail-credit-rating");
        String said = onStack(SMALL, () -> everything(files, Repository.applicant().build()));
        assertEquals("retail-credit-rating decline decline decline", said);
    }
}
