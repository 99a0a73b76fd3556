package org.trutina;

import java.util.Map;
import java.util.Optional;
import org.trutina.internal.Tree;

/** An error: of a decision (its facts, its evaluation, a limit), of a ruleset, or of a request. */
public final class DecisionError {
    private final String code;
    private final String name;
    private final String message;
    private final Place at;

    private DecisionError(String code, String name, String message, Place at) {
        this.code = code;
        this.name = name;
        this.message = message;
        this.at = at;
    }

    static DecisionError of(Object tree) {
        if (tree == null) {
            return null;
        }
        Map<String, Object> fields = Tree.object(tree);
        return new DecisionError(
                Tree.text(fields, "code"),
                Tree.text(fields, "name"),
                Tree.text(fields, "message"),
                Place.of(fields.get("at")));
    }

    /**
     * The code, which keeps its meaning for ever.
     *
     * @return as {@code T3005}: T1 and T2 a ruleset, T3 facts, T4 evaluation, T5 limits, T6 requests
     */
    public String code() {
        return code;
    }

    /**
     * The name of the code.
     *
     * @return as {@code input-missing}
     */
    public String name() {
        return name;
    }

    /**
     * What is wrong.
     *
     * @return English; never quotes a sensitive fact
     */
    public String message() {
        return message;
    }

    /**
     * Where.
     *
     * @return empty if the error has no place
     */
    public Optional<Place> at() {
        return Optional.ofNullable(at);
    }

    @Override
    public String toString() {
        return code + " " + name + ": " + message + (at == null ? "" : " at " + at);
    }
}
