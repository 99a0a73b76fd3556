package org.trutina;

import java.util.Map;
import java.util.Optional;
import org.trutina.internal.Tree;

/** A fact, an output, or a field of a record: what a ruleset takes or gives under one name. */
public final class Field {
    private final String name;
    private final String source;
    private final boolean optional;
    private final boolean sensitive;
    private final String unit;
    private final Map<String, String> label;
    private final ValueType type;

    private Field(Map<String, Object> tree) {
        name = Tree.text(tree, "name");
        source = tree.containsKey("source") ? Tree.text(tree, "source") : name;
        optional = Boolean.TRUE.equals(tree.get("optional"));
        sensitive = Boolean.TRUE.equals(tree.get("sensitive"));
        unit = (String) tree.get("unit");
        label = Tree.texts(tree.get("label"));
        type = ValueType.of(tree);
    }

    static Field of(Object tree) {
        return new Field(Tree.object(tree));
    }

    /**
     * The name in the ruleset.
     *
     * @return snake_case
     */
    public String name() {
        return name;
    }

    /**
     * The name under which facts carry it: the {@code source} that the ruleset names, else the name itself.
     *
     * @return the key for {@link Facts.Builder#set}
     */
    public String source() {
        return source;
    }

    /**
     * Whether it may be missing.
     *
     * @return false if it must be there
     */
    public boolean isOptional() {
        return optional;
    }

    /**
     * Whether it is masked in logs, traces and errors.
     *
     * @return true for a fact marked {@code sensitive}
     */
    public boolean isSensitive() {
        return sensitive;
    }

    /**
     * Its unit.
     *
     * @return as {@code CNY} or {@code month}
     */
    public Optional<String> unit() {
        return Optional.ofNullable(unit);
    }

    /**
     * How people call it.
     *
     * @return by language tag
     */
    public Map<String, String> label() {
        return label;
    }

    /**
     * Its type.
     *
     * @return never null
     */
    public ValueType type() {
        return type;
    }

    @Override
    public String toString() {
        return name + ": " + type;
    }
}
