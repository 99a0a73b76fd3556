package org.trutina;

/** A Java value that is no exact fact, such as a {@code double} (T6021); the message names the type to use instead. */
public final class UnsupportedFactException extends TrutinaException {
    private static final long serialVersionUID = 1L;

    /** Where the value stood. */
    private final String path;

    /**
     * An exception.
     *
     * @param path where the value stood, as {@code loans[2].balance}
     * @param message what it is, and what to give instead
     */
    public UnsupportedFactException(String path, String message) {
        super("fact `" + path + "`: " + message, "T6021");
        this.path = path;
    }

    /**
     * Where the value stood.
     *
     * @return as {@code loans[2].balance}
     */
    public String path() {
        return path;
    }
}
