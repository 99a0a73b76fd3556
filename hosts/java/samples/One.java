import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.trutina.Decision;
import org.trutina.Facts;
import org.trutina.Language;
import org.trutina.Reason;
import org.trutina.Ruleset;
import org.trutina.Trutina;

/** One applicant: load a ruleset, decide, print the outputs and the reasons. */
public final class One {
    public static void main(String[] args) {
        try (Ruleset ruleset = Trutina.load(Path.of("rulesets/retail-credit-rating"))) {
            Facts applicant = Facts.builder()
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
                    .set("other_installment_plans", "none")
                    .build();
            Decision decision = ruleset.decide(applicant, LocalDate.of(2026, 11, 30));
            decision.error().ifPresent(error -> {
                throw new IllegalStateException(error.toString());
            });
            for (Map.Entry<String, Object> output : decision.outputs().entrySet()) {
                if (java.util.List.of("outcome", "score", "grade", "limit").contains(output.getKey())) {
                    System.out.println(output.getKey() + ": " + output.getValue());
                }
            }
            for (Reason reason : decision.reasons()) {
                String points = reason.points().map(BigDecimal::toPlainString).orElse("-");
                System.out.println(reason.code() + " " + points + " " + reason.text(Language.EN).orElse(""));
            }
        }
    }
}
