package org.trutina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the conformance runner writes of a decision: the record, and another text as soon as a getter gives something else. */
class RebuiltTest {
    private static Decision decided() {
        return Repository.rating().decide(Repository.applicant().build(), Repository.AS_OF, Trace.FULL);
    }

    @Test
    void theGettersGiveTheBytes() {
        Description description = Repository.rating().describe();
        for (Trace trace : Trace.values()) {
            Decision decision = Repository.rating().decide(Repository.applicant().build(), Repository.AS_OF, trace);
            assertEquals(decision.toString(), Rebuilt.record(decision, description));
            Decision failed = Repository.rating().decide(Facts.builder().build(), Repository.AS_OF, trace);
            assertEquals(failed.toString(), Rebuilt.record(failed, description));
        }
    }

    /** The getters of a record that is written otherwise do not give its bytes: what they read in it is what is written. */
    @Test
    void whatTheGettersDoNotGiveIsFound() {
        Description description = Repository.rating().describe();
        String record = decided().toString();
        String[][] changes = {
            {"\"outputs\":{", "\"outputs\":{ "},
            {"\"actions\":[]", "\"actions\":[1]"},
            {"\"hits\":[", "\"hits\":[{\"rule\":\"K\",\"effect\":\"e\",\"more\":1},"},
            {"\"as_of\":\"2026-11-30\"", "\"as_of\":\"2026-11-30\",\"more\":null"},
        };
        for (String[] change : changes) {
            String other = record.replace(change[0], change[1]);
            assertNotEquals(record, other, change[0]);
            Decision decision = Decision.of(other.getBytes(StandardCharsets.UTF_8), description);
            assertNotEquals(other, Rebuilt.record(decision, description), change[0]);
        }
    }

    /** A decision whose outputs were converted wrongly. */
    @Test
    void aWrongConversionIsFound() throws ReflectiveOperationException {
        Description description = Repository.everyType().describe();
        Facts facts = Facts.builder()
                .set("whole", Long.MAX_VALUE)
                .set("money_due", new BigDecimal("12.50"))
                .set("flag", true)
                .set("segment", "retail")
                .set("生日", LocalDate.of(2000, 2, 29))
                .build();
        Map<String, Object> wrong = new LinkedHashMap<>();
        wrong.put("whole", Long.MAX_VALUE - 1);
        wrong.put("money", new BigDecimal("12.5"));
        wrong.put("flag", false);
        wrong.put("segment", "small_business");
        wrong.put("born", LocalDate.of(2000, 3, 1));
        wrong.put("owed", BigDecimal.ZERO);
        for (Map.Entry<String, Object> change : wrong.entrySet()) {
            Decision decision = Repository.everyType().decide(facts, Repository.AS_OF, Trace.NONE);
            assertEquals(decision.toString(), Rebuilt.record(decision, description));
            Map<String, Object> outputs = new LinkedHashMap<>(decision.outputs());
            outputs.put(change.getKey(), change.getValue());
            Field field = Decision.class.getDeclaredField("outputs");
            field.setAccessible(true);
            field.set(decision, outputs);
            assertNotEquals(decision.toString(), Rebuilt.record(decision, description), change.getKey());
        }
    }

    /** A getter of another type is not taken for the right one. */
    @Test
    void anotherTypeIsFound() {
        Decision decision = decided();
        Description other = Repository.everyType().describe();
        String written;
        try {
            written = Rebuilt.record(decision, other);
        } catch (IllegalArgumentException none) {
            written = none.getMessage();
        }
        assertNotEquals(decision.toString(), written);
    }
}
