package org.trutina;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.trutina.internal.Json;
import org.trutina.internal.Tree;

class DecideTest {
    private final Ruleset rating = Repository.rating();

    @Test
    void aDecisionIsTyped() {
        Decision decision = rating.decide(Repository.applicant().build(), Repository.AS_OF);
        assertTrue(decision.error().isEmpty(), decision::toString);
        assertEquals("decline", decision.text("outcome"));
        assertEquals(533, decision.integer("score"));
        assertEquals(new BigDecimal("0.117572"), decision.decimal("pd"));
        assertFalse(decision.has("limit"));
        assertEquals("retail-credit-rating", decision.rulesetId());
        assertEquals("1.0.0", decision.rulesetVersion());
        assertEquals(rating.describe().digest(), decision.rulesetDigest());
        assertEquals(Repository.AS_OF, decision.asOf());
        assertEquals(List.of("outcome", "score", "grade", "pd", "grade_pd", "limit"), List.copyOf(decision.outputs().keySet()));
        assertEquals("[K03, P04, R06 99, R01 75, R12 48, R07 45]", decision.reasons().toString());
        assertEquals("活期账户状况", decision.reasons().get(2).text(Language.ZH_CN).orElseThrow());
        assertEquals(List.of("en", "zh-CN"), List.copyOf(decision.reasons().get(2).text().keySet()));
        assertEquals("[K03 (decline), P04 (refer)]", decision.hits().toString());
        assertEquals(List.of(), decision.signals());
        assertTrue(decision.trace().isEmpty());
        assertEquals(new String(decision.json(), StandardCharsets.UTF_8), decision.toString());
    }

    @Test
    void gettersSayWhatIsWrong() {
        Decision decision = rating.decide(Repository.applicant().build(), Repository.AS_OF);
        assertMessage(NoSuchElementException.class, "has(\"limit\")", () -> decision.decimal("limit"));
        assertMessage(IllegalArgumentException.class, "is a Long", () -> decision.text("score"));
        assertMessage(IllegalArgumentException.class, "it has outcome, score", () -> decision.text("otcome"));
        assertMessage(IllegalArgumentException.class, "no output `x`", () -> decision.has("x"));
        Decision failed = rating.decide(Map.of("age_in_years", 23), Repository.AS_OF);
        assertMessage(NoSuchElementException.class, "T3005", () -> failed.text("outcome"));
        assertEquals(Map.of(), failed.outputs());
    }

    @Test
    void badFactsAreErrorsOfTheDecision() {
        Decision decision = rating.decide(Repository.applicant().set("shoe_size", 43).build(), Repository.AS_OF);
        DecisionError error = decision.error().orElseThrow();
        assertEquals("T3004", error.code());
        assertEquals("/shoe_size", error.at().orElseThrow().pointer().orElseThrow());
        assertTrue(error.at().orElseThrow().line().isEmpty());
        assertFalse(decision.has("outcome"));
    }

    @Test
    void jsonGivesTheSameBytes() {
        byte[] typed = rating.decide(Repository.applicant().build(), Repository.AS_OF).json();
        assertArrayEquals(typed, rating.decide(Facts.json(Repository.applicantJson()), Repository.AS_OF).json());
        String line = Repository.applicantJson().replace("\n", "");
        assertArrayEquals(typed, rating.decide(Facts.json(line), Repository.AS_OF).json());
    }

    @Test
    void malformedJsonIsAnErrorOfTheDecision() {
        for (String text : List.of("", "{", "[]", "{}}", "{} , \"trace\":\"full\"", "{\"age_in_years\":\"a\nb\"}", "{\"a\":1,\"a\":2}", "nul")) {
            Decision decision = rating.decide(Facts.json(text), Repository.AS_OF);
            assertTrue(decision.error().orElseThrow().code().startsWith("T3"), () -> text + " " + decision);
            assertTrue(decision.trace().isEmpty());
        }
    }

    @Test
    void aTraceChangesNothingElse() {
        String plain = rating.decide(Repository.applicant().build(), Repository.AS_OF).toString();
        for (Trace trace : List.of(Trace.REASONS, Trace.FULL)) {
            Decision traced = rating.decide(Repository.applicant().build(), Repository.AS_OF, trace);
            String text = traced.toString();
            assertEquals(plain, text.substring(0, text.indexOf(",\"trace\":")) + ",\"trace\":null}");
            assertTrue(((String) traced.trace().orElseThrow().get("facts_digest")).startsWith("sha256:"));
        }
    }

    @Test
    void aBatchIsTheDecisionsOneByOne() {
        List<Object> customers = new ArrayList<>();
        List<Decision> expected = new ArrayList<>();
        for (int i = 0; i < 2100; i++) {
            Facts facts = facts(i);
            customers.add(i % 2 == 0 ? facts : Facts.json(json(i)));
            if (i < 40 || i > 2060) {
                expected.add(rating.decide(facts, Repository.AS_OF));
            }
        }
        List<Decision> decisions = rating.decideBatch(customers, Repository.AS_OF);
        assertEquals(2100, decisions.size());
        List<Decision> ends = new ArrayList<>(decisions.subList(0, 40));
        ends.addAll(decisions.subList(2061, 2100));
        assertEquals(expected, ends);
        assertTrue(decisions.stream().anyMatch(decision -> decision.error().isPresent()), "a bad row is among them");
        assertEquals(List.of(), rating.decideBatch(List.of(), Repository.AS_OF));
    }

    @Test
    void ndjsonGivesTheSameBytes() {
        StringBuilder rows = new StringBuilder();
        List<Facts> customers = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            rows.append(json(i)).append('\n');
            customers.add(facts(i));
        }
        for (Trace trace : Trace.values()) {
            StringBuilder expected = new StringBuilder();
            rating.decideBatch(customers, Repository.AS_OF, trace).forEach(decision -> expected.append(decision).append('\n'));
            byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
            assertEquals(expected.toString(), new String(rating.decideNdjson(bytes, Repository.AS_OF, trace), StandardCharsets.UTF_8));
        }
        assertEquals(0, rating.decideNdjson(new byte[0], Repository.AS_OF, Trace.NONE).length);
    }

    @Test
    void theShippedCasesHold() {
        int cases = 0;
        for (String pack : List.of("retail-credit-rating", "retail-prescreening")) {
            try (Ruleset ruleset = Trutina.load(Repository.path("rulesets/" + pack))) {
                for (Map.Entry<String, String> file : Repository.files("rulesets/" + pack).entrySet()) {
                    if (file.getKey().startsWith("cases/")) {
                        cases += hold(ruleset, file.getValue());
                    }
                }
            }
        }
        assertTrue(cases > 40, cases + " cases");
    }

    private static int hold(Ruleset ruleset, String file) {
        List<Map<String, Object>> cases = Tree.list(Tree.object(Json.read(file)).get("cases"), Tree::object);
        for (Map<String, Object> one : cases) {
            LocalDate asOf = LocalDate.parse(Tree.text(one, "as_of"));
            Decision decision = ruleset.decide(one.get("facts"), asOf);
            Map<String, Object> expect = Tree.object(one.get("expect"));
            if (expect.get("outputs") != null) {
                Tree.object(expect.get("outputs")).forEach((name, value) -> {
                    Object got = decision.outputs().get(name);
                    assertEquals(String.valueOf(value), String.valueOf(got), () -> one.get("name") + " " + name);
                });
            }
            if (expect.get("error") != null) {
                assertTrue(expect.get("error").toString().contains(decision.error().orElseThrow().code()));
            }
        }
        return cases.size();
    }

    @Test
    void explanationsAreWords() {
        String samples = Repository.text("tests/samples/explain.txt");
        String en = rating.explain(Repository.applicant().build(), Repository.AS_OF, Language.EN).text();
        String zh = rating.explain(Repository.applicant().build(), Repository.AS_OF, Language.ZH_CN).toString();
        assertEquals(samples.lines().findFirst(), en.lines().findFirst());
        assertTrue(zh.contains("审批拒绝。"));
        Explanation only = rating.explainOnly(Repository.applicant().build(), Repository.AS_OF, Language.EN);
        assertTrue(samples.startsWith(only.text()), only::text);
    }

    @Test
    void describeNamesFactsAndOutputs() {
        Description description = rating.describe();
        assertEquals(13, description.facts().size());
        Field age = description.facts().get(0);
        assertEquals("age", age.name());
        assertEquals("age_in_years", age.source());
        assertEquals("year", age.unit().orElseThrow());
        assertEquals("年龄", age.label().get("zh-CN"));
        assertEquals(ValueType.Kind.INTEGER, age.type().kind());
        assertFalse(age.isOptional() || age.isSensitive());
        assertEquals(List.of("own", "rent", "for free"), description.facts().get(2).type().values());
        assertEquals(6, description.outputs().get(3).type().scale());
        assertTrue(description.everything().containsKey("schema"));
    }

    @Test
    void warmingUpDecides() {
        assertTrue(rating.warmUp(Repository.applicant().build(), Repository.AS_OF, Duration.ofMillis(50)) > 0);
    }

    private static Facts facts(int i) {
        Facts.Builder facts = Facts.builder();
        Tree.object(Json.read(json(i))).forEach(facts::set);
        return facts.build();
    }

    private static String json(int i) {
        return Repository.applicantJson()
                .replace("\n", "")
                .replace("\"age_in_years\": 23", "\"age_in_years\": " + (18 + i % 110))
                .replace("1352", Integer.toString(500 + i * 7));
    }

    private static void assertMessage(Class<? extends Throwable> type, String part, org.junit.jupiter.api.function.Executable work) {
        String message = assertThrows(type, work).getMessage();
        assertTrue(message.contains(part), message);
    }
}
