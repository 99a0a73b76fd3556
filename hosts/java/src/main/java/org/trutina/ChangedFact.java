package org.trutina;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.trutina.internal.Tree;

/** A fact's value now, and the one that it would have. Immutable. */
public final class ChangedFact {
    private static final Map<String, Object> MASKED = Map.of("masked", true);

    private final String fact;
    private final Object from;
    private final Object to;
    private final String unit;

    private ChangedFact(String fact, Object from, Object to, String unit) {
        this.fact = fact;
        this.from = from;
        this.to = to;
        this.unit = unit;
    }

    static ChangedFact of(Map<String, Object> fields, Description description) {
        String fact = Tree.text(fields, "fact");
        ValueType type = description.factType(fact);
        return new ChangedFact(
                fact, value(fields.get("from"), type), value(fields.get("to"), type), (String) fields.get("unit"));
    }

    private static Object value(Object tree, ValueType type) {
        return MASKED.equals(Objects.requireNonNull(tree)) ? null : type.read(tree);
    }

    /**
     * Which fact.
     *
     * @return its name in the ruleset, the {@link Field#name()} of one of {@link Description#facts()}
     */
    public String fact() {
        return fact;
    }

    /**
     * The value now: {@code Long}, {@code BigDecimal} (with the declared scale), {@code Boolean}, {@code String}, {@code LocalDate}.
     *
     * @return in the fact's unit; empty if the fact is sensitive, for its values are not told
     */
    public Optional<Object> from() {
        return Optional.ofNullable(from);
    }

    /**
     * The value that it would have, of the same class.
     *
     * @return in the fact's unit; empty if the fact is sensitive, for its values are not told
     */
    public Optional<Object> to() {
        return Optional.ofNullable(to);
    }

    /**
     * The unit of both values, as the ruleset declares it.
     *
     * @return as {@code CNY} or {@code month}; empty if the fact has none
     */
    public Optional<String> unit() {
        return Optional.ofNullable(unit);
    }

    @Override
    public String toString() {
        String values = from == null && to == null ? "masked" : from + " -> " + to;
        return fact + ": " + values + (unit == null ? "" : " " + unit);
    }
}
