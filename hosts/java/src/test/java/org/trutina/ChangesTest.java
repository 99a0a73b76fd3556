package org.trutina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trutina.internal.Json;
import org.trutina.internal.Tree;

/** What would change a decision, by its getters. */
class ChangesTest {
    @TempDir
    Path folder;

    /** Somebody of whom the pre-screening is uncertain, as Java holds the values of an answer. */
    private static Map<String, Object> visitor() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("amount", 12000L);
        facts.put("duration_months", 40L);
        facts.put("age", 34L);
        facts.put("employed", true);
        facts.put("account_overdrawn", false);
        facts.put("other_plans", false);
        facts.put("owns_property", false);
        facts.put("guarantor", false);
        facts.put("co_applicant", false);
        facts.put("monthly_income", new BigDecimal("600.00"));
        facts.put("other_payments", new BigDecimal("20.00"));
        return facts;
    }

    /** The engine's own bytes, and the same made again from the getters. */
    private static void assertGetters(Ruleset ruleset, Map<String, Object> facts, String lang) {
        String request = "{\"handle\":" + ruleset.handle() + ",\"as_of\":\"" + Repository.AS_OF + "\",\"facts\":" + Canonical.json(facts)
                + ",\"lang\":\"" + lang + "\"}";
        String bytes = new String(ruleset.call(7, request.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        Language language = lang.equals("en") ? Language.EN : Language.ZH_CN;
        assertEquals(bytes, Rebuilt.answer(ruleset.explain(facts, Repository.AS_OF, language), ruleset.describe()));
    }

    @Test
    void aShippedRulesetTellsWhatWouldChangeIt() {
        try (Ruleset ruleset = Trutina.load(Repository.path("rulesets/retail-prescreening"))) {
            Map<String, Object> facts = visitor();
            assertGetters(ruleset, facts, "en");
            assertGetters(ruleset, facts, "zh-CN");
            Explanation explanation = ruleset.explain(facts, Repository.AS_OF, Language.EN);
            Changes changes = explanation.changes().orElseThrow();
            assertEquals(Changes.Status.FOUND, changes.status());
            assertFalse(changes.single().isEmpty() || changes.pairs().isEmpty(), changes::toString);
            String outcome = ruleset.decide(facts, Repository.AS_OF).text("outcome");
            Set<Class<?>> classes = new HashSet<>();
            for (Change change : both(changes)) {
                Map<String, Object> other = visitor();
                change.facts().forEach(fact -> {
                    assertEquals(facts.get(fact.fact()), fact.from().orElseThrow());
                    other.put(fact.fact(), fact.to().orElseThrow());
                    classes.add(fact.to().orElseThrow().getClass());
                });
                assertEquals(change.outcome(), ruleset.decide(other, Repository.AS_OF).text("outcome"), change::toString);
                assertNotEquals(outcome, change.outcome());
            }
            assertEquals(Set.of(Long.class, BigDecimal.class, Boolean.class), classes);
            for (Change pair : changes.pairs()) {
                assertEquals(2, pair.facts().size());
            }
        }
    }

    private static List<Change> both(Changes changes) {
        List<Change> both = new ArrayList<>(changes.single());
        both.addAll(changes.pairs());
        return both;
    }

    /** The corpus has every status, every type of a fact that can be acted on, and a sensitive one. */
    @Test
    void everyFieldOfTheCorpusComesBack() {
        Map<String, Object> corpus = Tree.object(Json.read(Repository.text("tests/corpus/explain/changes.json")));
        LocalDate asOf = LocalDate.parse(Tree.text(corpus, "as_of"));
        Set<Changes.Status> statuses = EnumSet.noneOf(Changes.Status.class);
        Set<Object> seen = new HashSet<>();
        try (Ruleset ruleset = Trutina.load(files(corpus), Options.defaults())) {
            Map<String, ValueType> types = new LinkedHashMap<>();
            ruleset.describe().facts().forEach(fact -> types.put(fact.name(), fact.type()));
            for (Object one : (List<?>) corpus.get("cases")) {
                Map<String, Object> fields = Tree.object(one);
                Facts facts = Facts.json(Canonical.json(fields.get("facts")));
                Changes changes = ruleset.explain(facts, asOf, Language.EN).changes().orElseThrow();
                String written = Canonical.json(Rebuilt.changes(changes, ruleset.describe()));
                assertEquals(Canonical.json(fields.get("expect")), written, Tree.text(fields, "name"));
                statuses.add(changes.status());
                seen.add(changes.isComplete());
                for (Change change : both(changes)) {
                    for (ChangedFact fact : change.facts()) {
                        seen.add(fact.to().isPresent() ? types.get(fact.fact()).kind() : "masked");
                        seen.add(fact.unit().isPresent() ? "unit" : "no unit");
                    }
                }
            }
        }
        assertEquals(EnumSet.allOf(Changes.Status.class), statuses);
        assertEquals(
                Set.of(
                        true,
                        false,
                        "masked",
                        "unit",
                        "no unit",
                        ValueType.Kind.INTEGER,
                        ValueType.Kind.DECIMAL,
                        ValueType.Kind.BOOLEAN,
                        ValueType.Kind.ENUM,
                        ValueType.Kind.DATE),
                seen);
    }

    private static Map<String, String> files(Map<String, Object> corpus) {
        Map<String, String> files = new LinkedHashMap<>();
        Tree.object(corpus.get("files")).forEach((path, text) ->
                files.put(path, text instanceof List ? String.join("\n", Tree.list(text, String.class::cast)) + "\n" : (String) text));
        return files;
    }

    /** An answer written otherwise: what the getters give is what stands in it, and nothing else. */
    @Test
    void theGettersReadTheAnswer() {
        try (Ruleset ruleset = Repository.everyType()) {
            String answer = "{\"text\":\"a\\n\",\"changes\":{\"status\":\"found\",\"complete\":false,\"single\":["
                    + "{\"fact\":\"born\",\"from\":\"2000-02-29\",\"to\":\"2000-03-01\",\"unit\":null,\"outcome\":\"x\"},"
                    + "{\"fact\":\"money_due\",\"from\":{\"masked\":true},\"to\":{\"masked\":true},\"unit\":\"CNY\",\"outcome\":\"y\"}],"
                    + "\"pairs\":[{\"facts\":[{\"fact\":\"money_due\",\"from\":\"1.10\",\"to\":\"1.20\",\"unit\":\"CNY\"},"
                    + "{\"fact\":\"flag\",\"from\":false,\"to\":true,\"unit\":null}],\"outcome\":\"z\"}]}}";
            Changes changes = Explanation.of(Json.read(answer), ruleset.describe()).changes().orElseThrow();
            ChangedFact born = changes.single().get(0).facts().get(0);
            assertEquals(Optional.of(LocalDate.of(2000, 2, 29)), born.from());
            assertEquals(Optional.of(LocalDate.of(2000, 3, 1)), born.to());
            assertEquals(Optional.empty(), born.unit());
            assertEquals("x", changes.single().get(0).outcome());
            ChangedFact masked = changes.single().get(1).facts().get(0);
            assertTrue(masked.from().isEmpty() && masked.to().isEmpty());
            assertEquals(Optional.of("CNY"), masked.unit());
            assertEquals("money_due: masked CNY", masked.toString());
            Change pair = changes.pairs().get(0);
            assertEquals(Optional.of(new BigDecimal("1.20")), pair.facts().get(0).to());
            assertEquals("[money_due: 1.10 -> 1.20 CNY, flag: false -> true] => z", pair.toString());
            assertFalse(changes.isComplete());
            assertThrows(UnsupportedOperationException.class, () -> changes.single().clear());
            assertThrows(UnsupportedOperationException.class, () -> pair.facts().clear());
            String other = answer.replace("found", "lost");
            assertThrows(IllegalArgumentException.class, () -> Explanation.of(Json.read(other), ruleset.describe()));
        }
    }

    @Test
    void whoDoesNotAskIsToldNothing() {
        Ruleset rating = Repository.rating();
        Explanation only = rating.explainOnly(Repository.applicant().build(), Repository.AS_OF, Language.EN);
        assertEquals(Optional.empty(), only.changes());
        Explanation all = rating.explain(Repository.applicant().build(), Repository.AS_OF, Language.EN);
        assertTrue(all.text().startsWith(only.text()), only::text);
        assertTrue(all.changes().isPresent());
    }

    /** The conformance runner enters sound requests of explanations through the typed interface, too. */
    @Test
    void theRunnerRebuildsExplanations() throws Exception {
        String one = "{\"ruleset\":\"a\",\"files\":" + Canonical.json(Repository.files("rulesets/retail-prescreening")) + "}\n";
        String facts = Canonical.json(visitor());
        StringBuilder cases = new StringBuilder(one);
        String[] tails = {"\"lang\":\"en\"}", "\"lang\":\"zh-CN\",\"changes\":true}", "\"lang\":\"en\",\"changes\":false}", "\"lang\":\"de\"}"};
        for (String tail : tails) {
            String request = "{\"handle\":\"@a\",\"as_of\":\"2026-11-30\",\"facts\":" + facts + "," + tail;
            cases.append("{\"call\":").append(Canonical.json(tail)).append(",\"verb\":7,\"request\":")
                    .append(Canonical.json(request)).append("}\n");
        }
        Path in = folder.resolve("cases.ndjson");
        Path out = folder.resolve("answers.ndjson");
        Files.writeString(in, cases);
        Conformance.main(new String[] {in.toString(), out.toString()});
        List<String> answers = Files.readAllLines(out);
        assertEquals(tails.length, answers.size());
        for (int i = 0; i < tails.length; i++) {
            Map<String, Object> answer = Tree.object(Json.read(answers.get(i)));
            assertEquals(i < 3 ? answer.get("bytes") : null, answer.get("typed"), tails[i]);
        }
    }
}
