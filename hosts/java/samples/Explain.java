import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.trutina.Facts;
import org.trutina.Language;
import org.trutina.Ruleset;
import org.trutina.Trutina;

/** A decision in words, in English and in Chinese; explain(...) would also search for what would change it. */
public final class Explain {
    public static void main(String[] args) throws IOException {
        try (Ruleset ruleset = Trutina.load(Path.of("rulesets/retail-credit-rating"))) {
            Facts applicant = Facts.json(Files.readString(Path.of("hosts/cli/samples/applicant.json")));
            LocalDate asOf = LocalDate.of(2026, 11, 30);
            System.out.print(ruleset.explainOnly(applicant, asOf, Language.EN).text());
            System.out.println();
            System.out.print(ruleset.explainOnly(applicant, asOf, Language.ZH_CN).text());
        }
    }
}
