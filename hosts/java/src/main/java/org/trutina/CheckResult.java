package org.trutina;

import java.util.List;
import java.util.Optional;

/** What {@link Trutina#check} found. */
public final class CheckResult {
    private final DecisionError error;
    private final String digest;
    private final List<Diagnostic> diagnostics;

    CheckResult(DecisionError error, String digest, List<Diagnostic> diagnostics) {
        this.error = error;
        this.digest = digest;
        this.diagnostics = List.copyOf(diagnostics);
    }

    /**
     * Whether the ruleset loads.
     *
     * @return false if there is an error
     */
    public boolean loads() {
        return error == null;
    }

    /**
     * The digest of the ruleset.
     *
     * @return {@code sha256:...}; empty if it does not load
     */
    public Optional<String> digest() {
        return Optional.ofNullable(digest);
    }

    /**
     * The first error.
     *
     * @return empty if the ruleset loads
     */
    public Optional<DecisionError> error() {
        return Optional.ofNullable(error);
    }

    /**
     * Errors and warnings in the order of files, lines and columns.
     *
     * @return all that was found
     */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
