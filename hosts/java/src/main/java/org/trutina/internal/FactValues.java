package org.trutina.internal;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trutina.Observation;
import org.trutina.UnsupportedFactException;

/**
 * Turns callers' values into the few that are written: {@code null}, {@code Boolean}, {@code Long}, {@code BigInteger},
 * {@code BigDecimal}, {@code String}, {@code LocalDate}, enum constants, {@link Fields} and lists of these.
 */
public final class FactValues {
    private static final int DEEPEST = 64;

    private FactValues() {}

    /** Named values; of a bean, the names are Java's and still to be matched. */
    public static final class Fields {
        final Map<String, Object> values;
        final boolean ofBean;

        /**
         * Named values.
         *
         * @param values by name; not copied
         * @param ofBean whether the names are those of a bean's properties
         */
        public Fields(Map<String, Object> values, boolean ofBean) {
            this.values = Collections.unmodifiableMap(values);
            this.ofBean = ofBean;
        }
    }

    /**
     * Turns one value.
     *
     * @param path where it stands
     * @param value what the caller gave
     * @return what is written
     * @throws UnsupportedFactException if it is of a type that is not taken
     */
    public static Object of(String path, Object value) {
        return of(path, value, 0);
    }

    /**
     * Turns a bean or record.
     *
     * @param path where it stands; empty for the facts themselves
     * @param bean what the caller gave
     * @return its properties
     * @throws UnsupportedFactException if it is none, or has a value of a type that is not taken
     */
    public static Fields ofBean(String path, Object bean) {
        return bean(path, bean, 0);
    }

    private static Object of(String path, Object value, int depth) {
        if (depth > DEEPEST) {
            throw new UnsupportedFactException(path, "nested deeper than " + DEEPEST + ", or within itself");
        }
        if (value == null || value instanceof Boolean || value instanceof String || value instanceof Enum) {
            return value;
        }
        if (value instanceof Number) {
            return number(path, (Number) value);
        }
        if (value instanceof LocalDate) {
            return date(path, (LocalDate) value);
        }
        if (value instanceof Optional) {
            return of(path, ((Optional<?>) value).orElse(null), depth + 1);
        }
        if (value instanceof Observation) {
            Observation observation = (Observation) value;
            return observed(path, observation.date(), observation.value(), depth);
        }
        if (value instanceof Map) {
            return map(path, (Map<?, ?>) value, depth);
        }
        if (value instanceof List) {
            return list(path, (List<?>) value, depth);
        }
        if (value.getClass().isArray()) {
            return array(path, value, depth);
        }
        refuse(path, value);
        return bean(path, value, depth);
    }

    private static Object number(String path, Number value) {
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return value.longValue();
        }
        if (value.getClass() == BigInteger.class || value.getClass() == BigDecimal.class) {
            return value;
        }
        String type = value.getClass().getSimpleName();
        if (value instanceof Double || value instanceof Float) {
            throw new UnsupportedFactException(
                    path,
                    "a " + type + " is a binary fraction and holds no decimal exactly (0.1 is none); give a BigDecimal made "
                            + "of text, as new BigDecimal(\"0.1\"), or a long");
        }
        throw new UnsupportedFactException(path, "a " + type + " is not taken; give a long, BigInteger or BigDecimal");
    }

    private static LocalDate date(String path, LocalDate date) {
        if (date.getYear() < 0 || date.getYear() > 9999) {
            throw new UnsupportedFactException(path, "the year " + date.getYear() + " has no four digits");
        }
        return date;
    }

    private static Fields observed(String path, LocalDate date, Object value, int depth) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("date", date(path + ".date", date));
        fields.put("value", of(path + ".value", value, depth + 1));
        return new Fields(fields, false);
    }

    private static Object map(String path, Map<?, ?> map, int depth) {
        if (!map.isEmpty() && map.keySet().iterator().next() instanceof LocalDate) {
            List<Object> series = new ArrayList<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof LocalDate)) {
                    throw new UnsupportedFactException(path, "a map with keys of several types");
                }
                series.add(observed(path + "[" + entry.getKey() + "]", (LocalDate) entry.getKey(), entry.getValue(), depth));
            }
            return series;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String)) {
                throw new UnsupportedFactException(path, "the keys of a map are String (a record) or LocalDate (a series)");
            }
            String key = (String) entry.getKey();
            fields.put(key, of(path + "." + key, entry.getValue(), depth + 1));
        }
        return new Fields(fields, false);
    }

    private static List<Object> list(String path, List<?> list, int depth) {
        List<Object> elements = new ArrayList<>(list.size());
        for (Object element : list) {
            elements.add(of(path + "[" + elements.size() + "]", element, depth + 1));
        }
        return elements;
    }

    private static List<Object> array(String path, Object array, int depth) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(of(path + "[" + i + "]", Array.get(array, i), depth + 1));
        }
        return elements;
    }

    private static void refuse(String path, Object value) {
        String type = value.getClass().getSimpleName();
        if (value instanceof Date || value instanceof Calendar || value instanceof TemporalAccessor) {
            throw new UnsupportedFactException(
                    path,
                    "a " + type + " is no civil date: which day it is depends on the time zone; give the LocalDate");
        }
        if (value instanceof Collection) {
            throw new UnsupportedFactException(path, "a " + type + " has no order of its own; give a List");
        }
        if (value.getClass().getName().startsWith("java.")) {
            throw new UnsupportedFactException(path, "a " + type + " is not taken; the types are listed at Facts");
        }
    }

    private static Fields bean(String path, Object bean, int depth) {
        if (bean.getClass().getName().startsWith("java.")) {
            throw new UnsupportedFactException(
                    path, "a " + bean.getClass().getSimpleName() + " is no bean; see Facts.of, Facts.json, Facts.builder");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Beans.Property property : Beans.of(path, bean.getClass())) {
            String inner = path.isEmpty() ? property.name : path + "." + property.name;
            fields.put(property.key, of(inner, property.read(inner, bean), depth + 1));
        }
        return new Fields(fields, true);
    }
}
