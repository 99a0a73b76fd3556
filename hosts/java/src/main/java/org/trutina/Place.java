package org.trutina;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.trutina.internal.Tree;

/** Where an error is: in the facts, or in a file of the ruleset. */
public final class Place {
    private final String pointer;
    private final String file;
    private final int line;
    private final int column;

    private Place(String pointer, String file, int line, int column) {
        this.pointer = pointer;
        this.file = file;
        this.line = line;
        this.column = column;
    }

    static Place of(Object tree) {
        if (tree == null) {
            return null;
        }
        Map<String, Object> fields = Tree.object(tree);
        if (fields.containsKey("pointer")) {
            return new Place(Tree.text(fields, "pointer"), null, 0, 0);
        }
        if (fields.get("file") == null) {
            return null;
        }
        return new Place(null, Tree.text(fields, "file"), Tree.count(fields, "line"), Tree.count(fields, "column"));
    }

    /**
     * The place among the facts.
     *
     * @return a JSON pointer (RFC 6901), empty if the place is in a file
     */
    public Optional<String> pointer() {
        return Optional.ofNullable(pointer);
    }

    /**
     * The file of the ruleset.
     *
     * @return its path within the ruleset, empty if the place is among the facts
     */
    public Optional<String> file() {
        return Optional.ofNullable(file);
    }

    /**
     * The line in the file.
     *
     * @return from 1
     */
    public OptionalInt line() {
        return file == null ? OptionalInt.empty() : OptionalInt.of(line);
    }

    /**
     * The column in the file.
     *
     * @return from 1, in Unicode scalars
     */
    public OptionalInt column() {
        return file == null ? OptionalInt.empty() : OptionalInt.of(column);
    }

    /** {@code /age}, or {@code rules.rhai:15:35}. */
    @Override
    public String toString() {
        return file == null ? pointer : file + ":" + line + ":" + column;
    }
}
