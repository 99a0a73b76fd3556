import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.trutina.Options;
import org.trutina.Ruleset;
import org.trutina.RulesetException;
import org.trutina.Trutina;

/** What is refused, and by which code: nothing that is wrong becomes a decision. */
public final class Limits {
    private static final LocalDate ON = LocalDate.of(2026, 11, 30);

    public static void main(String[] args) throws IOException {
        try (Ruleset rating = Trutina.load(Path.of("rulesets/retail-credit-rating"));
                Ruleset prescreening = Trutina.load(Path.of("rulesets/retail-prescreening"))) {
            BigInteger wide = BigInteger.TWO.pow(63);
            BigDecimal income = new BigDecimal("3200.005");
            System.out.println("unknown fact: " + refused(rating, with(applicant(), "shoe_size", 43), ON));
            System.out.println("missing fact: " + refused(rating, with(applicant(), "housing", null), ON));
            System.out.println("wrong type: " + refused(rating, with(applicant(), "age_in_years", "23"), ON));
            System.out.println("integer beyond 64 bits: " + refused(rating, with(applicant(), "credit_amount", wide), ON));
            System.out.println("unknown value: " + refused(rating, with(applicant(), "housing", "castle"), ON));
            System.out.println("out of range: " + refused(rating, with(applicant(), "age_in_years", 121), ON));
            System.out.println("too many digits: " + refused(prescreening, with(visitor(), "monthly_income", income), ON));
            System.out.println("not in force: " + refused(rating, applicant(), LocalDate.of(2025, 12, 31)));
        }
        System.out.println("mistake in the ruleset: " + mistaken());
    }

    /** The code of the error in which the decision ends. */
    static String refused(Ruleset ruleset, Map<String, Object> facts, LocalDate asOf) {
        return ruleset.decide(facts, asOf).error().orElseThrow().code();
    }

    /** A quotient that would truncate: the code and the place at which the ruleset is refused. */
    static String mistaken() throws IOException {
        Path ruleset = Path.of("rulesets/retail-credit-rating");
        Map<String, String> files = new HashMap<>();
        for (String file : new String[] {
            "ruleset.toml", "rules.rhai", "reasons.csv", "application.scorecard.csv", "master.scale.csv", "limit.table.csv"
        }) {
            files.put(file, Files.readString(ruleset.resolve(file)));
        }
        files.computeIfPresent(
                "rules.rhai",
                (file, rules) -> rules.replace("f.monthly_principal > param(", "f.amount / f.duration_months > param("));
        try (Ruleset loaded = Trutina.load(files, Options.defaults())) {
            throw new IllegalStateException("the mistake was not found in " + loaded);
        } catch (RulesetException refused) {
            return refused.error().code() + " " + refused.error().at().orElseThrow();
        }
    }

    static Map<String, Object> with(Map<String, Object> facts, String key, Object value) {
        facts.put(key, value);
        return facts;
    }

    static Map<String, Object> applicant() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("age_in_years", 23);
        facts.put("credit_history", "existing credits paid back duly till now");
        facts.put("housing", "rent");
        facts.put("duration_in_month", 6);
        facts.put("savings_account_and_bonds", "500 <= ... < 1000 DM");
        facts.put("status_of_existing_checking_account", "... < 0 DM");
        facts.put("credit_amount", 1352);
        facts.put("installment_rate_in_percentage_of_disposable_income", 1);
        facts.put("present_employment_since", "unemployed");
        facts.put("property", "building society savings agreement/ life insurance");
        facts.put("purpose", "car (used)");
        facts.put("other_debtors_or_guarantors", "none");
        facts.put("other_installment_plans", "none");
        return facts;
    }

    static Map<String, Object> visitor() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("amount", 5000);
        facts.put("duration_months", 24);
        facts.put("age", 34);
        facts.put("employed", true);
        facts.put("account_overdrawn", false);
        facts.put("other_plans", false);
        facts.put("owns_property", true);
        facts.put("guarantor", false);
        facts.put("co_applicant", false);
        return facts;
    }
}
