package org.trutina;

import java.util.List;

/** A ruleset did not load, or the engine refused a request about it. */
public final class RulesetException extends TrutinaException {
    private static final long serialVersionUID = 1L;

    /** The first error. */
    private final transient DecisionError error;

    /** All that was found. */
    private final transient List<Diagnostic> diagnostics;

    RulesetException(DecisionError error, List<Diagnostic> diagnostics) {
        super(error.toString(), error.code());
        this.error = error;
        this.diagnostics = List.copyOf(diagnostics);
    }

    /**
     * The first error.
     *
     * @return its code, name, message and place
     */
    public DecisionError error() {
        return error;
    }

    /**
     * Everything that was found, errors and warnings.
     *
     * @return empty if the request was at fault and not the ruleset
     */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
