import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.trutina.Decision;
import org.trutina.Facts;
import org.trutina.Field;
import org.trutina.Ruleset;
import org.trutina.Trutina;

/** A portfolio: the first 100 rows of a CSV file, each cell as the type of its fact, counted by outcome. */
public final class Batch {
    public static void main(String[] args) throws IOException {
        try (Ruleset ruleset = Trutina.load(Path.of("rulesets/retail-credit-rating"))) {
            List<Facts> customers = portfolio(ruleset, 100);
            List<Decision> decisions = ruleset.decideBatch(customers, LocalDate.of(2026, 11, 30));
            Map<String, Integer> counts = new TreeMap<>();
            for (Decision decision : decisions) {
                String counted = decision.error().map(error -> error.code()).orElseGet(() -> decision.text("outcome"));
                counts.merge(counted, 1, Integer::sum);
            }
            System.out.println(decisions.size() + " decisions");
            for (String outcome : outcomes(ruleset)) {
                Integer count = counts.remove(outcome);
                System.out.println(outcome + ": " + (count == null ? 0 : count));
            }
            counts.forEach((code, count) -> System.out.println(code + ": " + count));
        }
    }

    /** The declared values of the output `outcome`. */
    static List<String> outcomes(Ruleset ruleset) {
        for (Field output : ruleset.describe().outputs()) {
            if (output.name().equals("outcome")) {
                return output.type().values();
            }
        }
        throw new IllegalStateException("the ruleset has no outcome");
    }

    static List<Facts> portfolio(Ruleset ruleset, int most) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("rulesets/retail-credit-rating/portfolio.csv"));
        List<String> header = cells(lines.get(0));
        List<Facts> customers = new ArrayList<>();
        for (String line : lines.subList(1, Math.min(most + 1, lines.size()))) {
            customers.add(customer(ruleset, header, cells(line)));
        }
        return customers;
    }

    /** The cells that are facts; the customer's number and what became of the loan are none. An empty cell is missing. */
    static Facts customer(Ruleset ruleset, List<String> header, List<String> cells) {
        Facts.Builder facts = Facts.builder();
        for (Field fact : ruleset.describe().facts()) {
            String cell = cells.get(header.indexOf(fact.source()));
            if (!cell.isEmpty()) {
                facts.set(fact.source(), value(fact, cell));
            }
        }
        return facts.build();
    }

    static Object value(Field fact, String cell) {
        switch (fact.type().kind()) {
            case INTEGER:
                return Long.valueOf(cell);
            case DECIMAL:
                return new BigDecimal(cell);
            case BOOLEAN:
                return cell.equals("true");
            case DATE:
                return LocalDate.parse(cell);
            default:
                return cell;
        }
    }

    /** One record of RFC 4180 without line ends in its cells. */
    static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
