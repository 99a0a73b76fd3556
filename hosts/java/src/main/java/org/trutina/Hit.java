package org.trutina;

import java.util.Map;
import org.trutina.internal.Tree;

/** A rule that held. */
public final class Hit {
    private final String rule;
    private final String effect;

    private Hit(String rule, String effect) {
        this.rule = rule;
        this.effect = effect;
    }

    static Hit of(Object tree) {
        Map<String, Object> fields = Tree.object(tree);
        return new Hit(Tree.text(fields, "rule"), Tree.text(fields, "effect"));
    }

    /**
     * The rule's id.
     *
     * @return as {@code K01}
     */
    public String rule() {
        return rule;
    }

    /**
     * What the rule says.
     *
     * @return a value of {@code outcome}, or one of the ruleset's further effects
     */
    public String effect() {
        return effect;
    }

    @Override
    public String toString() {
        return rule + " (" + effect + ")";
    }
}
