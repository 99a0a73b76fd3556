package org.trutina;

import java.util.Map;
import java.util.Optional;
import org.trutina.internal.Tree;

/** A decision in words. Immutable. */
public final class Explanation {
    private final String text;
    private final Changes changes;

    private Explanation(String text, Changes changes) {
        this.text = text;
        this.changes = changes;
    }

    static Explanation of(Object tree, Description description) {
        Map<String, Object> fields = Tree.object(tree);
        Object changes = fields.get("changes");
        return new Explanation(Tree.text(fields, "text"), changes == null ? null : Changes.of(changes, description));
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
     * What would give a better outcome; where one could be better, {@link #text()} ends with the same in words.
     *
     * @return empty if it was not asked for ({@link Ruleset#explainOnly})
     */
    public Optional<Changes> changes() {
        return Optional.ofNullable(changes);
    }

    @Override
    public String toString() {
        return text;
    }
}
