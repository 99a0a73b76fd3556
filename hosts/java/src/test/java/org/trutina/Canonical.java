package org.trutina;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Values of Java as the engine writes them: no blanks, integers as numbers, decimals and dates as text. */
final class Canonical {
    private static final String SHORT = "\b\t\n\f\r\"\\";
    private static final String SHORT_LETTERS = "btnfr\"\\";

    private Canonical() {}

    /** A tree of maps, lists and values; each value's class says what it is. */
    static String json(Object tree) {
        StringBuilder out = new StringBuilder();
        write(out, tree);
        return out.toString();
    }

    static void write(StringBuilder out, Object tree) {
        if (tree == null || tree instanceof Boolean || tree instanceof Long || tree instanceof Integer) {
            out.append(tree);
        } else if (tree instanceof BigDecimal) {
            string(out, ((BigDecimal) tree).toPlainString());
        } else if (tree instanceof LocalDate || tree instanceof String) {
            string(out, tree.toString());
        } else if (tree instanceof List) {
            char before = '[';
            for (Object element : (List<?>) tree) {
                out.append(before);
                write(out, element);
                before = ',';
            }
            out.append(before == '[' ? "[]" : "]");
        } else if (tree instanceof Map) {
            char before = '{';
            for (Map.Entry<?, ?> field : ((Map<?, ?>) tree).entrySet()) {
                out.append(before);
                string(out, (String) field.getKey());
                out.append(':');
                write(out, field.getValue());
                before = ',';
            }
            out.append(before == '{' ? "{}" : "}");
        } else {
            throw new IllegalArgumentException("nothing in a record is a " + tree.getClass());
        }
    }

    /** Only what must be escaped is (RFC 8785). */
    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int letter = SHORT.indexOf(c);
            if (letter >= 0) {
                out.append('\\').append(SHORT_LETTERS.charAt(letter));
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
