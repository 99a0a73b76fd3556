package org.trutina;

import java.util.Optional;

/** What this library throws: a mistake of the program, of a ruleset, or of the machine; never a bad customer record. */
public class TrutinaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of mistake, if it has a code. */
    private final String code;

    /**
     * An exception.
     *
     * @param message what went wrong, and what to do
     */
    public TrutinaException(String message) {
        this(message, (String) null);
    }

    /**
     * An exception with a cause.
     *
     * @param message what went wrong, and what to do
     * @param cause why
     */
    public TrutinaException(String message, Throwable cause) {
        super(message, cause);
        code = null;
    }

    TrutinaException(String message, String code) {
        super(message);
        this.code = code;
    }

    TrutinaException(String message, String code, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * What kind of mistake it is, in one of the codes of {@code engine/errors}.
     *
     * @return as {@code T6021}; empty if it has none
     */
    public final Optional<String> code() {
        return Optional.ofNullable(code);
    }
}
