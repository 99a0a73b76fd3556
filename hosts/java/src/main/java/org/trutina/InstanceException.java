package org.trutina;

/**
 * The engine was stopped in the middle of a request: the thread was interrupted, the stack or the memory ran out. There
 * is no decision (T6022). The instance is dropped and never used again; the ruleset goes on with others.
 */
public final class InstanceException extends TrutinaException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message what happened
     * @param cause what the WebAssembly runtime threw
     */
    public InstanceException(String message, Throwable cause) {
        super(message, "T6022", cause);
    }
}
