package org.trutina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {
    @TempDir
    Path folder;

    private static Map<String, String> mistaken() {
        Map<String, String> files = Repository.files("rulesets/retail-credit-rating");
        files.computeIfPresent(
                "rules.rhai",
                (path, text) -> text.replace("f.monthly_principal > param(", "f.amount / f.duration_months > param("));
        return files;
    }

    @Test
    void aMistakeIsNamedWithItsPlace() {
        RulesetException refused =
                assertThrows(RulesetException.class, () -> Trutina.load(mistaken(), Options.defaults()));
        assertEquals("T2102", refused.error().code());
        assertEquals("rules.rhai:15:35", refused.error().at().orElseThrow().toString());
        assertTrue(refused.getMessage().contains("T2102"), refused.getMessage());
        Diagnostic first = refused.diagnostics().get(0);
        assertTrue(first.isError());
        assertEquals("T2102", first.code());
        assertEquals(15, first.at().orElseThrow().line().orElseThrow());
        assertTrue(first.help().orElseThrow().contains("div"), first::toString);
    }

    @Test
    void checkTellsTheSameWithoutThrowing() {
        CheckResult bad = Trutina.check(mistaken());
        assertFalse(bad.loads());
        assertEquals("T2102", bad.error().orElseThrow().code());
        assertTrue(bad.digest().isEmpty());
        CheckResult good = Trutina.check(Repository.path("rulesets/retail-credit-rating"));
        assertTrue(good.loads());
        assertEquals(Repository.rating().describe().digest(), good.digest().orElseThrow());
    }

    @Test
    void aSingleFileIsARuleset() throws IOException {
        Path file = folder.resolve("adult.rhai");
        Files.writeString(
                file,
                "//! language = 1\n//! id = \"adult\"\n//! version = \"1.0.0\"\n//! [facts.age]\n//! type = \"integer\"\n//! [outputs]\n"
                        + "//! outcome = { type = \"enum\", values = [\"approve\", \"decline\"] }\n"
                        + "rule(\"K01\", \"decline\", |f| f.age < 18);\n"
                        + "fn decide(f, hits) { #{ outcome: if hits.has(\"decline\") { \"decline\" } else { \"approve\" } } }\n");
        try (Ruleset ruleset = Trutina.load(file)) {
            assertEquals("decline", ruleset.decide(Map.of("age", 17), Repository.AS_OF).text("outcome"));
            assertEquals("adult 1.0.0 " + ruleset.describe().digest(), ruleset.toString());
        }
    }

    @Test
    void whatIsNoRulesetIsRefused() throws IOException {
        assertThrows(TrutinaException.class, () -> Trutina.load(folder));
        assertThrows(UncheckedIOException.class, () -> Trutina.load(folder.resolve("nothing")));
        assertThrows(IllegalArgumentException.class, () -> Trutina.load(new byte[] {1, 2}, Options.defaults()));
        Files.write(folder.resolve("rules.rhai"), "// 规则".getBytes(Charset.forName("GB18030")));
        String message = assertThrows(TrutinaException.class, () -> Trutina.load(folder)).getMessage();
        assertTrue(message.contains("no UTF-8"), message);
        RulesetException damaged = assertThrows(
                RulesetException.class,
                () -> Trutina.load("TRUTINA\0 and nothing else".getBytes(), Options.defaults()));
        assertTrue(damaged.error().code().startsWith("T6"), damaged.getMessage());
    }

    @Test
    void aClosedRulesetDecidesNoMore() {
        Ruleset ruleset = Repository.everyType();
        ruleset.close();
        assertThrows(InstanceException.class, () -> ruleset.decide(Map.of(), Repository.AS_OF));
    }

    @Test
    void optionsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> Options.defaults().instances(0));
        assertThrows(IllegalArgumentException.class, () -> Options.defaults().instances(2).ready(3));
        try (Ruleset ruleset = Trutina.load(
                Map.of("rules.rhai", "//! language = 1\n//! id = \"one\"\n//! version = \"1\"\n//! [outputs]\n//! one = { type = \"integer\" }\nfn decide(f, hits) { #{ one: 1 } }\n"),
                Options.defaults().instances(3).ready(3))) {
            assertEquals(3, ruleset.pool().made());
            assertEquals(1, ruleset.decide(Map.of(), Repository.AS_OF).integer("one"));
            assertEquals(3, ruleset.pool().made());
        }
    }
}
