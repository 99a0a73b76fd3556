package org.trutina;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.trutina.internal.Json;
import org.trutina.internal.Tree;

/**
 * A decision record. Immutable.
 *
 * <p>First ask {@link #error()}: a decision that ended in an error has no outputs, unless its ruleset says that an error is
 * to be referred. The getters of outputs throw where there is nothing to get, so that nothing missing is taken for a value.
 */
public final class Decision {
    private final byte[] json;
    private final String rulesetId;
    private final String rulesetVersion;
    private final String rulesetDigest;
    private final String engine;
    private final LocalDate asOf;
    private final Map<String, Object> outputs;
    private final List<Reason> reasons;
    private final List<Hit> hits;
    private final List<Hit> signals;
    private final DecisionError error;
    private final Object trace;

    private Decision(byte[] json, Map<String, Object> record, Description description) {
        this.json = json;
        Map<String, Object> ruleset = Tree.object(record.get("ruleset"));
        rulesetId = Tree.text(ruleset, "id");
        rulesetVersion = Tree.text(ruleset, "version");
        rulesetDigest = Tree.text(ruleset, "digest");
        engine = Tree.text(record, "engine");
        asOf = LocalDate.parse(Tree.text(record, "as_of"));
        outputs = outputs(record.get("outputs"), description);
        reasons = Tree.list(record.get("reasons"), Reason::of);
        hits = Tree.list(record.get("hits"), Hit::of);
        signals = Tree.list(record.get("signals"), Hit::of);
        error = DecisionError.of(record.get("error"));
        trace = record.get("trace");
    }

    static Decision of(byte[] json, Description description) {
        Map<String, Object> record = Tree.object(Json.read(new String(json, StandardCharsets.UTF_8)));
        if (!record.containsKey("ruleset")) {
            throw Ruleset.refused(record);
        }
        return new Decision(json, record, description);
    }

    private static Map<String, Object> outputs(Object tree, Description description) {
        if (tree == null) {
            return null;
        }
        Map<String, Object> typed = new LinkedHashMap<>();
        Tree.object(tree).forEach((name, value) -> typed.put(name, description.outputType(name).read(value)));
        return Collections.unmodifiableMap(typed);
    }

    /**
     * The canonical bytes, the same on every host: to be stored, hashed, compared.
     *
     * @return JSON in UTF-8; a copy
     */
    public byte[] json() {
        return json.clone();
    }

    /**
     * The ruleset that decided.
     *
     * @return its id
     */
    public String rulesetId() {
        return rulesetId;
    }

    /**
     * The ruleset's version.
     *
     * @return as {@code 1.0.0}
     */
    public String rulesetVersion() {
        return rulesetVersion;
    }

    /**
     * The digest of all that decided.
     *
     * @return {@code sha256:...}
     */
    public String rulesetDigest() {
        return rulesetDigest;
    }

    /**
     * The engine's version.
     *
     * @return as {@code 0.1.0}
     */
    public String engine() {
        return engine;
    }

    /**
     * The date that the decision speaks for.
     *
     * @return as it was asked
     */
    public LocalDate asOf() {
        return asOf;
    }

    /**
     * Why there is no decision, or why it was referred.
     *
     * @return empty if all went well
     */
    public Optional<DecisionError> error() {
        return Optional.ofNullable(error);
    }

    /**
     * All outputs in declared order: {@code Long}, {@code BigDecimal} (with the declared scale), {@code Boolean}, {@code String},
     * {@code LocalDate}, {@code List}, {@code Map}; {@code null} for a missing one.
     *
     * @return immutable; empty if the decision ended in an error
     */
    public Map<String, Object> outputs() {
        return outputs == null ? Map.of() : outputs;
    }

    /**
     * Whether an output has a value.
     *
     * @param output its name
     * @return false if it is missing, or the decision ended in an error
     * @throws IllegalArgumentException if the ruleset has no such output
     */
    public boolean has(String output) {
        return outputs != null && find(output) != null;
    }

    /**
     * An integer output.
     *
     * @param output its name
     * @return its value
     * @throws NoSuchElementException if it is missing, or the decision ended in an error
     * @throws IllegalArgumentException if the ruleset has no such output, or of another type
     */
    public long integer(String output) {
        return get(output, Long.class);
    }

    /**
     * A decimal output.
     *
     * @param output its name
     * @return its value, with the declared scale
     * @throws NoSuchElementException if it is missing, or the decision ended in an error
     * @throws IllegalArgumentException if the ruleset has no such output, or of another type
     */
    public BigDecimal decimal(String output) {
        return get(output, BigDecimal.class);
    }

    /**
     * A text or enum output.
     *
     * @param output its name
     * @return its value
     * @throws NoSuchElementException if it is missing, or the decision ended in an error
     * @throws IllegalArgumentException if the ruleset has no such output, or of another type
     */
    public String text(String output) {
        return get(output, String.class);
    }

    /**
     * A date output.
     *
     * @param output its name
     * @return its value
     * @throws NoSuchElementException if it is missing, or the decision ended in an error
     * @throws IllegalArgumentException if the ruleset has no such output, or of another type
     */
    public LocalDate date(String output) {
        return get(output, LocalDate.class);
    }

    /**
     * A boolean output.
     *
     * @param output its name
     * @return its value
     * @throws NoSuchElementException if it is missing, or the decision ended in an error
     * @throws IllegalArgumentException if the ruleset has no such output, or of another type
     */
    public boolean bool(String output) {
        return get(output, Boolean.class);
    }

    private <T> T get(String output, Class<T> type) {
        if (outputs == null) {
            throw new NoSuchElementException("the decision ended in an error: " + error);
        }
        Object value = find(output);
        if (value == null) {
            throw new NoSuchElementException("the output `" + output + "` is missing; ask has(\"" + output + "\") first");
        }
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "the output `" + output + "` is a " + value.getClass().getSimpleName() + ", no " + type.getSimpleName());
        }
        return type.cast(value);
    }

    private Object find(String output) {
        if (!outputs.containsKey(output)) {
            throw new IllegalArgumentException(
                    "the ruleset has no output `" + output + "`; it has " + String.join(", ", outputs.keySet()));
        }
        return outputs.get(output);
    }

    /**
     * Why: first the weightiest.
     *
     * @return ranked
     */
    public List<Reason> reasons() {
        return reasons;
    }

    /**
     * The rules that held.
     *
     * @return in the order of the file
     */
    public List<Hit> hits() {
        return hits;
    }

    /**
     * Early-warning signals.
     *
     * @return in the order of the file
     */
    public List<Hit> signals() {
        return signals;
    }

    /**
     * The trace, if one was asked for.
     *
     * @return a tree of immutable {@code Map}, {@code List}, {@code String}, {@code Long}, {@code Boolean}; empty without a trace
     */
    public Optional<Map<String, Object>> trace() {
        return trace == null ? Optional.empty() : Optional.of(Tree.object(trace));
    }

    /** Decisions are equal if their bytes are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Decision && Arrays.equals(json, ((Decision) other).json);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }

    /** The canonical bytes as text. */
    @Override
    public String toString() {
        return new String(json, StandardCharsets.UTF_8);
    }
}
