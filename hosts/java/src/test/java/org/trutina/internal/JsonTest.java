package org.trutina.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void reads() {
        Object[][] table = {
            {"1", 1L},
            {"-0", 0L},
            {" 9223372036854775807 ", Long.MAX_VALUE},
            {"-9223372036854775808", Long.MIN_VALUE},
            {"9223372036854775808", new BigInteger("9223372036854775808")},
            {"0.10", new BigDecimal("0.10")},
            {"1e2", new BigDecimal("1E+2")},
            {"1.5E-3", new BigDecimal("0.0015")},
            {"true", true},
            {"null", null},
            {"\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é\"", "a\"\\/\b\f\n\r\té😀é"},
            {"[]", List.of()},
            {"[1, [2],\n{}]", List.of(1L, List.of(2L), Map.of())},
            {"{\"a\":{\"b\":false}}", Map.of("a", Map.of("b", false))},
        };
        for (Object[] row : table) {
            assertEquals(row[1], Json.read((String) row[0]), () -> Arrays.toString(row));
        }
    }

    @Test
    void refuses() {
        List<String> malformed = List.of(
                "", " ", "01", "+1", ".5", "1.", "1e", "-", "tru", "nulll", "[1,]", "[1", "[,]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
                "{a:1}", "{\"a\":1,\"a\":1}", "\"", "\"\n\"", "\"\\x\"", "\"\\u00g0\"", "\"\\u1\"", "1 2", "NaN", "Infinity", "'a'", "\u00a01",
                "1e99999999999", "[".repeat(300) + "]".repeat(300));
        for (String text : malformed) {
            assertThrows(Json.Malformed.class, () -> Json.read(text), text);
        }
    }

    @Test
    void writtenTextIsReadAgain() {
        StringBuilder every = new StringBuilder();
        for (int c = 0; c < 0x3000; c++) {
            every.append((char) c);
        }
        assertEquals(every.toString(), Json.read(FactWriter.quoted(every.toString())));
    }
}
