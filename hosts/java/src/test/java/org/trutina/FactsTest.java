package org.trutina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FactsTest {
    private static final Ruleset EVERY = Repository.everyType();

    /** Constants with and without words of their own. */
    public enum Segment {
        RETAIL,
        SMALL_BUSINESS
    }

    /** Words of its own. */
    public enum Worded {
        ONE("retail");

        private final String word;

        Worded(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** A caller's record. */
    public record Loan(BigDecimal balance, LocalDate dueDate) {}

    /** A caller's record as facts. */
    public record Customer(
            Integer whole, BigDecimal moneyDue, Segment segment, @FactName("生日") LocalDate birth, List<Loan> loans, @NotAFact String note) {}

    /** A caller's bean. */
    public static class Bean {
        public long getWhole() {
            return 7;
        }

        public BigDecimal getMoneyDue() {
            return new BigDecimal("12.5");
        }

        public boolean isFlag() {
            return true;
        }

        public Optional<LocalDate> getBorn() {
            return Optional.of(LocalDate.of(1990, 2, 28));
        }

        @NotAFact
        public String getInternal() {
            return "x";
        }

        public static String getStatic() {
            return "x";
        }

        public String toWords() {
            return "x";
        }
    }

    /** A bean with a property that is no fact. */
    public static class Misspelt extends Bean {
        public String getMonyDue() {
            return "1";
        }
    }

    /** A bean with two names for one fact. */
    public static class Twice extends Bean {
        public String getMoneydue() {
            return "1";
        }
    }

    private static Decision decide(Object facts) {
        return EVERY.decide(facts, Repository.AS_OF);
    }

    private static Map<String, Object> outputs(Object facts) {
        Decision decision = decide(facts);
        assertTrue(decision.error().isEmpty(), decision::toString);
        Map<String, Object> outputs = new LinkedHashMap<>(decision.outputs());
        outputs.values().removeIf(value -> value == null);
        return outputs;
    }

    @Test
    void everyTypeIsTaken() {
        Object[][] table = {
            {"whole", (byte) 5, 5L},
            {"whole", (short) 5, 5L},
            {"whole", 5, 5L},
            {"whole", Long.MAX_VALUE, Long.MAX_VALUE},
            {"whole", BigInteger.valueOf(Long.MIN_VALUE), Long.MIN_VALUE},
            {"whole", new BigDecimal("5.00"), 5L},
            {"whole", new BigDecimal("5E+2"), 500L},
            {"whole", Optional.of(5), 5L},
            {"money_due", new BigDecimal("0.1"), new BigDecimal("0.10")},
            {"money_due", "0.1", new BigDecimal("0.10")},
            {"money_due", 7, new BigDecimal("7.00")},
            {"money_due", new BigDecimal("1.500"), new BigDecimal("1.50")},
            {"flag", true, true},
            {"segment", "small_business", "small_business"},
            {"segment", Segment.SMALL_BUSINESS, "small_business"},
            {"segment", Worded.ONE, "retail"},
            {"生日", LocalDate.of(2000, 2, 29), LocalDate.of(2000, 2, 29)},
            {"loans", List.of(Map.of("balance", new BigDecimal("1.25")), new Loan(BigDecimal.ONE, null)), new BigDecimal("2.25")},
            {"loans", new Loan[] {new Loan(BigDecimal.TEN, Repository.AS_OF)}, new BigDecimal("10.00")},
            {"balance_eom", Map.of(LocalDate.of(2026, 1, 31), BigDecimal.ONE), 1L},
            {"balance_eom", List.of(Observation.of(LocalDate.of(2026, 1, 31), 1), Observation.of(LocalDate.of(2026, 2, 28), 2)), 2L},
        };
        for (Object[] row : table) {
            Map<String, Object> outputs = outputs(Facts.builder().set((String) row[0], row[1]).build());
            assertEquals(List.of(row[2]), List.copyOf(outputs.values()), () -> Arrays.toString(row));
        }
    }

    @Test
    void missingIsMissing() {
        Map<String, Object> facts = new HashMap<>();
        facts.put("whole", null);
        facts.put("money_due", Optional.empty());
        assertEquals(Map.of(), outputs(facts));
    }

    @Test
    void whatIsNotExactIsRefused() {
        Object[][] table = {
            {0.1, "new BigDecimal(\"0.1\")"},
            {1.0f, "a Float"},
            {List.of(0.5), "`x[0]`"},
            {new double[] {1}, "`x[0]`"},
            {Map.of("y", 0.5), "`x.y`"},
            {new AtomicLong(1), "give a long"},
            {new Date(0), "give the LocalDate"},
            {Instant.EPOCH, "give the LocalDate"},
            {LocalDateTime.MIN, "give the LocalDate"},
            {LocalDate.of(12026, 1, 1), "four digits"},
            {Set.of(1), "give a List"},
            {'c', "a Character"},
            {new Object(), "a Object is not taken"},
            {Map.of(1, 2), "String (a record) or LocalDate"},
        };
        for (Object[] row : table) {
            UnsupportedFactException refused =
                    assertThrows(UnsupportedFactException.class, () -> Facts.builder().set("x", row[0]));
            assertEquals("T6021", refused.code().orElseThrow());
            String message = refused.getMessage();
            assertTrue(message.contains((String) row[1]), message);
            assertTrue(message.startsWith("fact `x"), message);
        }
        assertThrows(UnsupportedFactException.class, () -> decide("{}"));
        assertThrows(UnsupportedFactException.class, () -> decide(Facts.builder().set("name", "\ud800").build()));
        assertThrows(UnsupportedFactException.class, () -> Facts.json("{\"name\":\"\ud800\"}"));
        assertThrows(IllegalArgumentException.class, () -> Facts.builder().set("x", 1).set("x", 2));
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThrows(UnsupportedFactException.class, () -> Facts.builder().set("x", itself));
    }

    @Test
    void numbersAreNeverBentToFit() {
        Object[][] table = {
            {"whole", new BigInteger("9223372036854775808"), "T3012"},
            {"whole", new BigDecimal("5.5"), "T30"},
            {"money_due", new BigDecimal("0.001"), "T3007"},
            {"money_due", new BigDecimal("1E+1000000000"), "T30"},
            {"money_due", "1,5", "T30"},
            {"segment", Segment.class.getEnumConstants()[0].name(), "T3009"},
        };
        for (Object[] row : table) {
            Decision decision = decide(Facts.builder().set((String) row[0], row[1]).build());
            String code = decision.error().orElseThrow().code();
            assertTrue(code.startsWith((String) row[2]), () -> Arrays.toString(row) + " " + decision);
        }
    }

    @Test
    void aRecordIsFacts() {
        Customer customer = new Customer(
                null, new BigDecimal("3.10"), Segment.RETAIL, LocalDate.of(1980, 5, 17), List.of(new Loan(new BigDecimal("9.99"), null)), "no fact");
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("money", new BigDecimal("3.10"));
        expected.put("segment", "retail");
        expected.put("born", LocalDate.of(1980, 5, 17));
        expected.put("owed", new BigDecimal("9.99"));
        assertEquals(expected, outputs(customer));
    }

    @Test
    void aBeanIsFacts() {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("whole", 7L);
        expected.put("money", new BigDecimal("12.50"));
        expected.put("flag", true);
        expected.put("born", LocalDate.of(1990, 2, 28));
        assertEquals(expected, outputs(new Bean()));
    }

    @Test
    void aPropertyThatIsNoFactIsRefused() {
        DecisionError error = decide(new Misspelt()).error().orElseThrow();
        assertEquals("T3004", error.code());
        assertEquals("/mony_due", error.at().orElseThrow().pointer().orElseThrow());
        assertThrows(UnsupportedFactException.class, () -> decide(new Twice()));
        assertThrows(UnsupportedFactException.class, () -> Facts.from(new Object()));
        assertThrows(UnsupportedFactException.class, () -> Facts.from(List.of(1)));
    }

    @Test
    void factsAreCopied() {
        List<BigDecimal> amounts = new ArrayList<>(List.of(BigDecimal.ONE));
        Map<String, Object> loan = new HashMap<>(Map.of("balance", BigDecimal.ONE));
        Facts.Builder builder = Facts.builder().set("loans", List.of(loan));
        Facts facts = builder.build();
        loan.put("balance", BigDecimal.TEN);
        builder.set("whole", 1);
        amounts.add(BigDecimal.TEN);
        assertEquals(Map.of("owed", new BigDecimal("1.00")), outputs(facts));
    }

    @Test
    void textTravelsWhole() {
        for (String name : List.of("", "\"\\/\b\f\n\r\t\u0000\u001f", "客户 😀 \u2028", "é")) {
            assertTrue(decide(Map.of("name", name)).error().isEmpty(), name);
        }
    }
}
