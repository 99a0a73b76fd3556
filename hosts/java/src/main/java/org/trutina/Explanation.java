package org.trutina;

import java.util.List;

/** A decision in words. */
public final class Explanation {
    private final String text;
    private final Object changes;

    Explanation(String text, Object changes) {
        this.text = text;
        this.changes = changes;
    }

    /**
     * The whole explanation.
     *
     * @return lines ended by LF
     */
    public String text() {
        return text;
    }

    /**
     * What would change the decision, as the engine tells it: see ABI.md.
     *
     * @return a tree of immutable {@code Map}, {@link List}, {@code String}, {@code Long}, {@code Boolean}; {@code null}
     *     if it was not asked for
     */
    public Object changes() {
        return changes;
    }

    @Override
    public String toString() {
        return text;
    }
}
