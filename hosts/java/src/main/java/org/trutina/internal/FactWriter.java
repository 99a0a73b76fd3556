package org.trutina.internal;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.trutina.Field;
import org.trutina.UnsupportedFactException;
import org.trutina.ValueType;

/** Writes facts as JSON. */
public final class FactWriter {
    private static final int LONGEST_ZEROS = 64;

    private final StringBuilder out = new StringBuilder(512);

    private FactWriter() {}

    /**
     * Writes the facts of one customer.
     *
     * @param fields the facts
     * @param declared the facts that the ruleset takes
     * @return one line of JSON
     */
    public static byte[] write(FactValues.Fields fields, List<Field> declared) {
        FactWriter writer = new FactWriter();
        writer.object("", fields, declared);
        return writer.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * JSON on one line. A line end between values becomes a blank; one within a string, where it is malformed, becomes
     * another control character, so that it stays malformed.
     *
     * @param json a text
     * @return its bytes without line ends
     */
    public static byte[] oneLine(byte[] json) {
        byte[] line = json.clone();
        boolean inString = false;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n') {
                line[i] = (byte) (inString ? 1 : ' ');
            } else if (line[i] == '"') {
                inString = !inString;
            } else if (line[i] == '\\' && inString) {
                i++;
                if (i < line.length && line[i] == '\n') {
                    line[i] = 1;
                }
            }
        }
        return line;
    }

    /**
     * A string as JSON.
     *
     * @param text any text
     * @return with quotes
     */
    public static String quoted(String text) {
        FactWriter writer = new FactWriter();
        writer.string("", text);
        return writer.out.toString();
    }

    /**
     * Text that has no UTF-8 would be changed silently.
     *
     * @param path where it stands
     * @param text any text
     * @throws UnsupportedFactException if half a surrogate pair stands in it
     */
    public static void refuseHalfSurrogates(String path, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair) {
                throw new UnsupportedFactException(path, "half a surrogate pair at character " + (i + 1) + " is no text");
            }
            i++;
        }
    }

    /** Joins lines for a batch. */
    public static class Lines {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        private int rows;

        /** Nothing yet. */
        public Lines() {}

        /**
         * Adds a row.
         *
         * @param line without line end
         */
        public void add(byte[] line) {
            bytes.write(line, 0, line.length);
            if (line.length == 0) {
                // A body of one empty line would be no row.
                bytes.write(' ');
            }
            bytes.write('\n');
            rows++;
        }

        /**
         * The rows so far.
         *
         * @return how many
         */
        public int rows() {
            return rows;
        }

        /**
         * The bytes so far.
         *
         * @return how many
         */
        public int size() {
            return bytes.size();
        }

        /**
         * All rows.
         *
         * @return each ended by LF
         */
        public byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    private void object(String path, FactValues.Fields fields, List<Field> declared) {
        Names names = new Names(declared);
        Map<String, String> taken = new HashMap<>();
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, Object> entry : fields.values.entrySet()) {
            String given = entry.getKey();
            String key = fields.ofBean ? names.key(given) : given;
            String before = taken.put(key, given);
            if (before != null) {
                throw new UnsupportedFactException(join(path, key), "both `" + before + "` and `" + given + "` are this fact");
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            string(join(path, key), key);
            out.append(':');
            value(join(path, key), entry.getValue(), names.type(key));
        }
        out.append('}');
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private void value(String path, Object value, ValueType type) {
        if (value == null || value instanceof Boolean || value instanceof Long || value instanceof java.math.BigInteger) {
            out.append(value);
        } else if (value instanceof BigDecimal) {
            BigDecimal decimal = (BigDecimal) value;
            // 1E+1000000000 has a plain form, too; the engine refuses either, but one of them fits.
            boolean plain = Math.abs((long) decimal.scale()) <= LONGEST_ZEROS;
            out.append(plain ? decimal.toPlainString() : decimal.toString());
        } else if (value instanceof String) {
            string(path, (String) value);
        } else if (value instanceof LocalDate) {
            out.append('"').append(value).append('"');
        } else if (value instanceof Enum) {
            string(path, constant((Enum<?>) value, type));
        } else if (value instanceof FactValues.Fields) {
            object(path, (FactValues.Fields) value, type == null ? List.of() : type.fields());
        } else {
            list(path, (List<?>) value, type);
        }
    }

    private void list(String path, List<?> list, ValueType type) {
        ValueType element = type != null && type.kind() == ValueType.Kind.LIST ? type.element() : null;
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            value(path + "[" + i + "]", list.get(i), element);
        }
        out.append(']');
    }

    private static String constant(Enum<?> constant, ValueType type) {
        List<String> values = type == null ? List.of() : type.values();
        for (String spelling :
                List.of(constant.toString(), constant.name(), constant.name().toLowerCase(Locale.ROOT))) {
            if (values.contains(spelling)) {
                return spelling;
            }
        }
        return constant.toString();
    }

    private void string(String path, String text) {
        refuseHalfSurrogates(path, text);
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Finds the keys of a bean's properties among declared facts or fields. */
    private static final class Names {
        private final Map<String, Field> bySource = new HashMap<>();
        private final List<Field> declared;

        Names(List<Field> declared) {
            this.declared = declared;
            declared.forEach(field -> bySource.put(field.source(), field));
        }

        ValueType type(String key) {
            Field field = bySource.get(key);
            return field == null ? null : field.type();
        }

        String key(String property) {
            if (property.charAt(0) == Beans.EXACT) {
                return property.substring(1);
            }
            String snake = snake(property);
            Field found = only(property, field -> field.source().equals(property) || field.source().equals(snake));
            if (found == null) {
                found = only(property, field -> field.name().equals(snake));
            }
            if (found == null) {
                String wanted = bare(property);
                found = only(property, field -> bare(field.source()).equals(wanted) || bare(field.name()).equals(wanted));
            }
            return found == null ? snake : found.source();
        }

        private Field only(String property, Predicate<Field> fits) {
            Field found = null;
            for (Field field : declared) {
                if (!fits.test(field)) {
                    continue;
                }
                if (found != null) {
                    throw new UnsupportedFactException(
                            property,
                            "may be `" + found.source() + "` or `" + field.source() + "`; say which with @FactName");
                }
                found = field;
            }
            return found;
        }

        private static String snake(String property) {
            return property.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
        }

        private static String bare(String name) {
            return name.replace("_", "").toLowerCase(Locale.ROOT);
        }
    }
}
