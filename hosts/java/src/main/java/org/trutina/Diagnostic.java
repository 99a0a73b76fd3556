package org.trutina;

import java.util.Map;
import java.util.Optional;
import org.trutina.internal.Tree;

/** Something that was found in a ruleset. */
public final class Diagnostic {
    private final DecisionError error;
    private final boolean severe;
    private final String help;

    private Diagnostic(DecisionError error, boolean severe, String help) {
        this.error = error;
        this.severe = severe;
        this.help = help;
    }

    static Diagnostic of(Object tree) {
        Map<String, Object> fields = Tree.object(tree);
        Map<String, Object> as = Map.of(
                "code", Tree.text(fields, "code"),
                "name", Tree.text(fields, "name"),
                "message", Tree.text(fields, "message"),
                "at", fields);
        return new Diagnostic(
                DecisionError.of(as), Tree.text(fields, "severity").equals("error"), (String) fields.get("help"));
    }

    /**
     * The code, which keeps its meaning for ever.
     *
     * @return as {@code T2102}
     */
    public String code() {
        return error.code();
    }

    /**
     * The name of the code.
     *
     * @return as {@code division}
     */
    public String name() {
        return error.name();
    }

    /**
     * Whether the ruleset cannot be loaded because of it.
     *
     * @return false for a warning
     */
    public boolean isError() {
        return severe;
    }

    /**
     * What is wrong.
     *
     * @return English
     */
    public String message() {
        return error.message();
    }

    /**
     * What to do about it.
     *
     * @return English; empty if there is nothing to add
     */
    public Optional<String> help() {
        return Optional.ofNullable(help);
    }

    /**
     * Where it begins.
     *
     * @return file, line and column
     */
    public Optional<Place> at() {
        return error.at();
    }

    @Override
    public String toString() {
        return (severe ? "error " : "warning ") + error;
    }
}
