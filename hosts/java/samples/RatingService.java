import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Objects;
import org.trutina.Decision;
import org.trutina.NotAFact;
import org.trutina.Options;
import org.trutina.Ruleset;
import org.trutina.Trutina;

/**
 * A service as it stands in a Spring application. The class itself needs no Spring: its ruleset and its clock come in by the
 * constructor. The configuration beside it would be
 *
 * <pre>{@code
 * @Configuration
 * class TrutinaConfiguration {
 *     @Bean(destroyMethod = "close")
 *     Ruleset retailCreditRating(@Value("${trutina.ruleset}") Path path, @Value("${trutina.instances:8}") int instances) {
 *         return Trutina.load(path, Options.defaults().instances(instances).ready(instances));
 *     }
 *
 *     @Bean
 *     RatingService ratingService(Ruleset retailCreditRating) {
 *         return new RatingService(retailCreditRating, Clock.systemUTC());
 *     }
 * }
 * }</pre>
 *
 * <p>One {@link Ruleset} is shared by all requests and closed with the application. Which day it is in the bank is said
 * here and nowhere else: the engine has no clock.
 */
public final class RatingService {
    private static final ZoneId BANK = ZoneId.of("Asia/Shanghai");

    private final Ruleset ruleset;
    private final Clock clock;

    public RatingService(Ruleset ruleset, Clock clock) {
        this.ruleset = Objects.requireNonNull(ruleset);
        this.clock = Objects.requireNonNull(clock);
    }

    /** What the caller is told. An error is never an approval. */
    public enum Advice {
        APPROVE,
        REFER,
        DECLINE,
        CHECK_THE_DATA
    }

    public Advice rate(Application application) {
        Decision decision = ruleset.decide(application, LocalDate.now(clock.withZone(BANK)));
        if (decision.error().isPresent()) {
            return Advice.CHECK_THE_DATA;
        }
        return Advice.valueOf(decision.text("outcome").toUpperCase(java.util.Locale.ROOT));
    }

    /** The bank's own bean: each getter is a fact, by its name or by that of its source column. */
    public static class Application {
        private final String number;
        private final int age;
        private final int amount;

        public Application(String number, int age, int amount) {
            this.number = number;
            this.age = age;
            this.amount = amount;
        }

        @NotAFact
        public String getNumber() {
            return number;
        }

        public int getAgeInYears() {
            return age;
        }

        public int getCreditAmount() {
            return amount;
        }

        public String getCreditHistory() {
            return "existing credits paid back duly till now";
        }

        public String getHousing() {
            return "own";
        }

        public int getDurationInMonth() {
            return 12;
        }

        public String getSavings() {
            return "... >= 1000 DM";
        }

        public String getCheckingAccount() {
            return "no checking account";
        }

        public int getInstallmentRate() {
            return 2;
        }

        public String getEmployment() {
            return "... >= 7 years";
        }

        public String getProperty() {
            return "real estate";
        }

        public String getPurpose() {
            return "car (used)";
        }

        public String getOtherDebtors() {
            return "none";
        }

        public String getOtherPlans() {
            return "none";
        }
    }

    public static void main(String[] args) {
        Options options = Options.defaults().instances(2).ready(2);
        try (Ruleset ruleset = Trutina.load(Path.of("rulesets/retail-credit-rating"), options)) {
            Clock clock = Clock.fixed(java.time.Instant.parse("2026-11-30T01:00:00Z"), BANK);
            RatingService service = new RatingService(ruleset, clock);
            System.out.println("A1: " + service.rate(new Application("A1", 40, 3000)));
            System.out.println("A2: " + service.rate(new Application("A2", 17, 3000)));
            System.out.println("A3: " + service.rate(new Application("A3", 130, 3000)));
        }
    }
}
