package org.trutina;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.trutina.internal.Tree;

/** The type of a fact, an output, an element or a field. */
public final class ValueType {
    /** The kinds of types. */
    public enum Kind {
        /** A whole number of 64 bits: {@code Long}. */
        INTEGER,
        /** An exact number with a fixed scale: {@code BigDecimal}. */
        DECIMAL,
        /** {@code Boolean}. */
        BOOLEAN,
        /** {@code String}. */
        TEXT,
        /** One of the declared {@link ValueType#values()}: {@code String}. */
        ENUM,
        /** A civil date: {@code LocalDate}. */
        DATE,
        /** A {@code List} of {@link ValueType#element()}. */
        LIST,
        /** A {@code Map} of {@link ValueType#fields()}. */
        RECORD,
        /** Dated values of {@link ValueType#element()}: a list of {@link Observation}. */
        SERIES
    }

    private final Kind kind;
    private final int scale;
    private final List<String> values;
    private final ValueType element;
    private final List<Field> fields;
    private final String period;

    private ValueType(
            Kind kind, int scale, List<String> values, ValueType element, List<Field> fields, String period) {
        this.kind = kind;
        this.scale = scale;
        this.values = values;
        this.element = element;
        this.fields = fields;
        this.period = period;
    }

    static ValueType of(Map<String, Object> tree) {
        Kind kind = Kind.valueOf(Tree.text(tree, "type").toUpperCase(Locale.ROOT));
        return new ValueType(
                kind,
                tree.containsKey("scale") ? Tree.count(tree, "scale") : 0,
                tree.containsKey("values") ? Tree.list(tree.get("values"), String.class::cast) : List.of(),
                tree.containsKey("of") ? of(Tree.object(tree.get("of"))) : null,
                tree.containsKey("fields") ? Tree.list(tree.get("fields"), Field::of) : List.of(),
                (String) tree.get("period"));
    }

    /** A value of this type as an answer has it, as the class that {@link Kind} names. */
    Object read(Object value) {
        if (value == null) {
            return null;
        }
        switch (kind) {
            case DECIMAL:
                return new BigDecimal((String) value);
            case DATE:
                return LocalDate.parse((String) value);
            case LIST:
                return Tree.list(value, element::read);
            case RECORD:
                Map<String, Object> given = Tree.object(value);
                Map<String, Object> read = new LinkedHashMap<>();
                fields.forEach(field -> read.put(field.name(), field.type().read(given.get(field.name()))));
                return Collections.unmodifiableMap(read);
            default:
                return value;
        }
    }

    /**
     * The kind.
     *
     * @return never null
     */
    public Kind kind() {
        return kind;
    }

    /**
     * The digits after the point of a decimal.
     *
     * @return 0 to 28; 0 for other kinds
     */
    public int scale() {
        return scale;
    }

    /**
     * The values of an enum.
     *
     * @return in declared order; empty for other kinds
     */
    public List<String> values() {
        return values;
    }

    /**
     * The type of the elements of a list, or of the values of a series.
     *
     * @return {@code null} for other kinds
     */
    public ValueType element() {
        return element;
    }

    /**
     * The fields of a record.
     *
     * @return in declared order; empty for other kinds
     */
    public List<Field> fields() {
        return fields;
    }

    /**
     * The period of a series.
     *
     * @return {@code day}, {@code week}, {@code month}, {@code quarter} or {@code year}; {@code null} for other kinds
     */
    public String period() {
        return period;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
