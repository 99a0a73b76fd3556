package org.trutina;

/** This JDK is known to compile the engine wrongly at times (JDK-8376400), and nobody accepted the risk. */
public final class UnsupportedJdkException extends TrutinaException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message which JDK, and what to do
     */
    public UnsupportedJdkException(String message) {
        super(message);
    }
}
