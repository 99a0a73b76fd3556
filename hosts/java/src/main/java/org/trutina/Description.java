package org.trutina;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.trutina.internal.Json;
import org.trutina.internal.Tree;

/** What a ruleset takes and gives. */
public final class Description {
    private final byte[] json;
    private final String id;
    private final String version;
    private final String digest;
    private final List<Field> facts;
    private final List<Field> outputs;
    private final Map<String, ValueType> factTypes = new LinkedHashMap<>();
    private final Map<String, ValueType> outputTypes = new LinkedHashMap<>();

    Description(byte[] answer, Object tree) {
        Map<String, Object> fields = Tree.object(tree);
        json = answer;
        id = Tree.text(fields, "id");
        version = Tree.text(fields, "version");
        digest = Tree.text(fields, "digest");
        facts = Tree.list(fields.get("facts"), Field::of);
        outputs = Tree.list(fields.get("outputs"), Field::of);
        facts.forEach(fact -> factTypes.put(fact.name(), fact.type()));
        outputs.forEach(output -> outputTypes.put(output.name(), output.type()));
    }

    /**
     * The ruleset's id.
     *
     * @return as {@code retail-credit-rating}
     */
    public String id() {
        return id;
    }

    /**
     * The ruleset's version.
     *
     * @return as {@code 1.0.0}
     */
    public String version() {
        return version;
    }

    /**
     * The digest of all that decides.
     *
     * @return {@code sha256:...}
     */
    public String digest() {
        return digest;
    }

    /**
     * The facts that it takes.
     *
     * @return in declared order
     */
    public List<Field> facts() {
        return facts;
    }

    /**
     * The outputs that it gives.
     *
     * @return in declared order
     */
    public List<Field> outputs() {
        return outputs;
    }

    /**
     * Everything: also parameters, rules, artefacts, reasons, dependencies and the JSON Schema of the facts.
     *
     * @return a tree of immutable {@code Map}, {@code List}, {@code String}, {@code Long}, {@code Boolean}
     */
    public Map<String, Object> everything() {
        return Tree.object(Tree.object(Json.read(new String(json, StandardCharsets.UTF_8))).get("ok"));
    }

    ValueType factType(String name) {
        return Objects.requireNonNull(factTypes.get(name), name);
    }

    ValueType outputType(String name) {
        return outputTypes.get(name);
    }
}
