package org.trutina;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.trutina.internal.FactValues;
import org.trutina.internal.FactValues.Fields;
import org.trutina.internal.FactWriter;

/**
 * One customer's inputs. Immutable.
 *
 * <p>Every value is exact. These types are taken:
 *
 * <table>
 * <caption>Java types and the facts they are for</caption>
 * <tr><th>Java</th><th>fact</th></tr>
 * <tr><td>{@code byte}, {@code short}, {@code int}, {@code long}, {@code BigInteger}</td><td>integer, decimal</td></tr>
 * <tr><td>{@code BigDecimal}</td><td>decimal; integer, if there is no fraction</td></tr>
 * <tr><td>{@code String}</td><td>text, enum; a decimal in JSON's spelling</td></tr>
 * <tr><td>an enum constant</td><td>enum: the value that equals its {@code toString()}, its {@code name()}, or its name in
 * small letters</td></tr>
 * <tr><td>{@code boolean}</td><td>boolean</td></tr>
 * <tr><td>{@code LocalDate}</td><td>date</td></tr>
 * <tr><td>{@code List}, an array</td><td>list</td></tr>
 * <tr><td>{@code List} of {@link Observation}, {@code Map} with {@code LocalDate} keys</td><td>series</td></tr>
 * <tr><td>{@code Map} with {@code String} keys, a bean, a record</td><td>record</td></tr>
 * <tr><td>{@code null}, an empty {@code Optional}</td><td>missing</td></tr>
 * </table>
 *
 * <p>{@code double} and {@code float} are refused, for they hold no decimal exactly; instants and timestamps, for they are no
 * civil dates; sets, for they have no order; text with half a surrogate pair, for it has no UTF-8. The exception says what
 * to give instead.
 */
public final class Facts {
    private final Fields fields;
    private final byte[] json;

    private Facts(Fields fields, byte[] json) {
        this.fields = fields;
        this.json = json;
    }

    /**
     * Begins a customer's facts.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The facts of a map.
     *
     * @param facts by key ({@link Field#source()}); copied
     * @return the facts
     * @throws UnsupportedFactException if a value is of a type that is not taken
     */
    public static Facts of(Map<String, ?> facts) {
        Builder builder = builder();
        facts.forEach(builder::set);
        return builder.build();
    }

    /**
     * The facts of a bean or a record: every public getter ({@code getX()}, or {@code isX()} of a boolean), or every
     * component. {@code getMonthlyIncome()} and {@code monthlyIncome()} are {@code monthly_income}: a property belongs to the
     * fact whose {@link Field#source()}, else whose {@link Field#name()}, is the same without underscores and case. A property
     * that is no fact is refused by the engine as an unknown fact, for it may be a misspelt one; mark it {@link NotAFact},
     * or name its fact with {@link FactName}. The values are read now.
     *
     * @param bean a bean or record of an accessible (public) class
     * @return the facts
     * @throws UnsupportedFactException if it is no bean, or a value is of a type that is not taken
     */
    public static Facts from(Object bean) {
        return new Facts(FactValues.ofBean("", Objects.requireNonNull(bean, "bean")), null);
    }

    /**
     * Facts that are JSON already. Numbers are read from their text, exactly.
     *
     * @param text an object; whatever is wrong with it is an error of the decision
     * @return the facts
     */
    public static Facts json(String text) {
        FactWriter.refuseHalfSurrogates("", text);
        return json(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Facts that are JSON already, in UTF-8.
     *
     * @param utf8 an object; whatever is wrong with it is an error of the decision; copied
     * @return the facts
     */
    public static Facts json(byte[] utf8) {
        return new Facts(null, utf8.clone());
    }

    boolean isJson() {
        return json != null;
    }

    byte[] json() {
        return json;
    }

    Fields fields() {
        return fields;
    }

    /** Collects facts. For one thread. */
    public static final class Builder {
        private final Map<String, Object> values = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets a fact.
         *
         * @param key its {@link Field#source()}
         * @param value of a type that {@link Facts} takes; {@code null} is missing; lists and maps are copied
         * @return this builder
         * @throws UnsupportedFactException if the value is of a type that is not taken
         * @throws IllegalArgumentException if the fact was set already
         */
        public Builder set(String key, Object value) {
            Objects.requireNonNull(key, "key");
            if (values.containsKey(key)) {
                throw new IllegalArgumentException("the fact `" + key + "` was set already");
            }
            values.put(key, FactValues.of(key, value));
            return this;
        }

        /**
         * Ends the building.
         *
         * @return the facts; the builder may go on
         */
        public Facts build() {
            return new Facts(new Fields(new LinkedHashMap<>(values), false), null);
        }
    }
}
