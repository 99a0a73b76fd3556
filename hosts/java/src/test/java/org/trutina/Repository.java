package org.trutina;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.trutina.internal.Sources;

/** What the tests take from the repository. */
final class Repository {
    static final Path ROOT = Path.of(System.getProperty("trutina.repository", "../.."));
    static final LocalDate AS_OF = LocalDate.of(2026, 11, 30);

    private static Ruleset rating;

    private Repository() {}

    static Path path(String path) {
        return ROOT.resolve(path);
    }

    static String text(String path) {
        try {
            return Files.readString(path(path));
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** The shipped rating, loaded once for all tests. */
    static synchronized Ruleset rating() {
        if (rating == null) {
            rating = Trutina.load(path("rulesets/retail-credit-rating"), Options.defaults().instances(4));
        }
        return rating;
    }

    static Map<String, String> files(String ruleset) {
        try {
            return new TreeMap<>(Sources.directory(path(ruleset)));
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    static String applicantJson() {
        return text("hosts/cli/samples/applicant.json");
    }

    static Facts.Builder applicant() {
        return Facts.builder()
                .set("age_in_years", 23)
                .set("credit_history", "existing credits paid back duly till now")
                .set("housing", "rent")
                .set("duration_in_month", 6)
                .set("savings_account_and_bonds", "500 <= ... < 1000 DM")
                .set("status_of_existing_checking_account", "... < 0 DM")
                .set("credit_amount", 1352)
                .set("installment_rate_in_percentage_of_disposable_income", 1)
                .set("present_employment_since", "unemployed")
                .set("property", "building society savings agreement/ life insurance")
                .set("purpose", "car (used)")
                .set("other_debtors_or_guarantors", "none")
                .set("other_installment_plans", "none");
    }

    /** A ruleset of one output that names every type of fact. */
    static Ruleset everyType() {
        String manifest = String.join(
                "\n",
                "language = 1",
                "id = \"every-type\"",
                "version = \"1.0.0\"",
                "[facts.whole]",
                "type = \"integer\"",
                "optional = true",
                "[facts.money_due]",
                "type = \"decimal\"",
                "scale = 2",
                "optional = true",
                "[facts.flag]",
                "type = \"boolean\"",
                "optional = true",
                "[facts.name]",
                "type = \"text\"",
                "optional = true",
                "[facts.segment]",
                "type = \"enum\"",
                "values = [\"retail\", \"small_business\"]",
                "optional = true",
                "[facts.born]",
                "type = \"date\"",
                "source = \"生日\"",
                "optional = true",
                "[facts.loans]",
                "type = \"list\"",
                "of = \"record\"",
                "fields = { balance = { type = \"decimal\", scale = 2 }, due_date = { type = \"date\", optional = true } }",
                "optional = true",
                "[facts.balance_eom]",
                "type = \"series\"",
                "of = \"decimal\"",
                "scale = 2",
                "period = \"month\"",
                "optional = true",
                "[outputs]",
                "whole = { type = \"integer\", optional = true }",
                "money = { type = \"decimal\", scale = 2, optional = true }",
                "flag = { type = \"boolean\", optional = true }",
                "segment = { type = \"enum\", values = [\"retail\", \"small_business\"], optional = true }",
                "born = { type = \"date\", optional = true }",
                "owed = { type = \"decimal\", scale = 2, optional = true }",
                "months = { type = \"integer\", optional = true }",
                "");
        String rules = String.join(
                "\n",
                "fn decide(f, hits) {",
                "  #{ whole: f.whole, money: f.money_due, flag: f.flag, segment: f.segment, born: f.born,",
                "     owed: if is_missing(f.loans) { () } else { f.loans.map(|l| l.balance).sum() },",
                "     months: if is_missing(f.balance_eom) { () } else { f.balance_eom.len() } }",
                "}",
                "");
        return Trutina.load(Map.of("ruleset.toml", manifest, "rules.rhai", rules), Options.defaults());
    }
}
