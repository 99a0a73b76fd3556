package org.trutina;

import java.time.LocalDate;
import java.util.Objects;

/** One dated value of a series. */
public final class Observation {
    private final LocalDate date;
    private final Object value;

    private Observation(LocalDate date, Object value) {
        this.date = date;
        this.value = value;
    }

    /**
     * A dated value.
     *
     * @param date in the period that the value speaks for
     * @param value of the types that {@link Facts} takes
     * @return the observation
     */
    public static Observation of(LocalDate date, Object value) {
        return new Observation(Objects.requireNonNull(date, "date"), value);
    }

    /**
     * The date.
     *
     * @return never null
     */
    public LocalDate date() {
        return date;
    }

    /**
     * The value.
     *
     * @return as it was given
     */
    public Object value() {
        return value;
    }

    @Override
    public String toString() {
        return date + "=" + value;
    }
}
