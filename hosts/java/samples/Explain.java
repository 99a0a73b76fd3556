import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.trutina.Change;
import org.trutina.ChangedFact;
import org.trutina.Changes;
import org.trutina.Facts;
import org.trutina.Language;
import org.trutina.Ruleset;
import org.trutina.Trutina;

/** A decision in words, in English and in Chinese, and what would change it; then the same for a program to read. */
public final class Explain {
    private static final LocalDate AS_OF = LocalDate.of(2026, 11, 30);

    public static void main(String[] args) throws IOException {
        try (Ruleset rating = Trutina.load(Path.of("rulesets/retail-credit-rating"))) {
            Facts applicant = Facts.json(Files.readString(Path.of("hosts/cli/samples/applicant.json")));
            for (Language language : Language.values()) {
                System.out.println(rating.explain(applicant, AS_OF, language).text());
            }
        }
        try (Ruleset prescreening = Trutina.load(Path.of("rulesets/retail-prescreening"))) {
            Changes changes = prescreening.explain(visitor(), AS_OF, Language.EN).changes().orElseThrow();
            String status = changes.status().name().toLowerCase(Locale.ROOT);
            System.out.println("retail-prescreening: " + status + ", complete: " + changes.isComplete());
            Stream.concat(changes.single().stream(), changes.pairs().stream()).map(Explain::line).forEach(System.out::println);
        }
    }

    static String line(Change change) {
        return "  " + change.facts().stream().map(Explain::step).collect(Collectors.joining(", ")) + ": " + change.outcome();
    }

    /** The values of a sensitive fact are not told; no fact of this ruleset is one. */
    static String step(ChangedFact fact) {
        String unit = fact.unit().map(name -> " " + name).orElse("");
        return fact.fact() + " " + fact.from().orElseThrow() + " -> " + fact.to().orElseThrow() + unit;
    }

    static Facts visitor() {
        return Facts.builder()
                .set("amount", 12000)
                .set("duration_months", 10)
                .set("age", 34)
                .set("employed", true)
                .set("account_overdrawn", false)
                .set("other_plans", false)
                .set("owns_property", false)
                .set("guarantor", false)
                .set("co_applicant", false)
                .build();
    }
}
