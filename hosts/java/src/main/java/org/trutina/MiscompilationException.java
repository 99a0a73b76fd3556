package org.trutina;

/**
 * A decision was made twice, by the compiled engine and by the interpreted one, and the bytes differed: this JVM computes
 * wrongly. Stop deciding on it, and change the JDK; decisions made before are in doubt.
 */
public final class MiscompilationException extends TrutinaException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message where the bytes differ
     */
    public MiscompilationException(String message) {
        super(message);
    }
}
