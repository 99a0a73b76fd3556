package org.trutina;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.trutina.internal.Tree;

/**
 * The bytes of a record or of an explanation, made again of what a program gets from them: a value that was converted wrongly is
 * seen in them.
 */
final class Rebuilt {
    private Rebuilt() {}

    /** The record of a decision; if what was made again is something else, both, which is no record that could be right. */
    static String record(Decision decision, Description description) {
        String bytes = decision.toString();
        String again = again(decision, description);
        return again.equals(bytes) ? bytes : again + '\n' + bytes;
    }

    /** The answer that an explanation was read from; it has no bytes of its own to be compared with. */
    static String answer(Explanation explanation, Description description) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("text", explanation.text());
        explanation.changes().ifPresent(changes -> fields.put("changes", changes(changes, description)));
        return Canonical.json(Map.of("ok", fields));
    }

    static Map<String, Object> changes(Changes changes, Description description) {
        Map<String, ValueType> types = new HashMap<>();
        description.facts().forEach(fact -> types.put(fact.name(), fact.type()));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", changes.status().name().toLowerCase(Locale.ROOT));
        fields.put("complete", changes.isComplete());
        fields.put("single", each(changes.single(), change -> {
            Map<String, Object> one = changed(change.facts().get(0), types);
            one.put("outcome", change.facts().size() == 1 ? change.outcome() : "<facts: " + change.facts().size() + ">");
            return one;
        }));
        fields.put("pairs", each(changes.pairs(), change -> {
            Map<String, Object> pair = new LinkedHashMap<>();
            pair.put("facts", each(change.facts(), fact -> changed(fact, types)));
            pair.put("outcome", change.outcome());
            return pair;
        }));
        return fields;
    }

    private static Map<String, Object> changed(ChangedFact changed, Map<String, ValueType> types) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("fact", changed.fact());
        fields.put("from", valueOrMask(changed.from(), types.get(changed.fact())));
        fields.put("to", valueOrMask(changed.to(), types.get(changed.fact())));
        fields.put("unit", changed.unit().orElse(null));
        return fields;
    }

    private static Object valueOrMask(Optional<Object> value, ValueType type) {
        return value.isPresent() ? nested(value.get(), type) : Map.of("masked", true);
    }

    private static String again(Decision decision, Description description) {
        Map<String, Object> ruleset = new LinkedHashMap<>();
        ruleset.put("id", decision.rulesetId());
        ruleset.put("version", decision.rulesetVersion());
        ruleset.put("digest", decision.rulesetDigest());
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("ruleset", ruleset);
        record.put("engine", decision.engine());
        record.put("as_of", decision.asOf());
        boolean none = decision.error().isPresent() && decision.outputs().isEmpty();
        record.put("outputs", none ? null : outputs(decision, description));
        record.put("reasons", each(decision.reasons(), Rebuilt::reason));
        record.put("hits", each(decision.hits(), Rebuilt::hit));
        record.put("signals", each(decision.signals(), Rebuilt::hit));
        record.put("actions", List.of()); // there are none yet, and no getter
        record.put("error", decision.error().map(Rebuilt::error).orElse(null));
        record.put("trace", decision.trace().orElse(null));
        return Canonical.json(record);
    }

    /** Each output by the getter of its type. */
    private static Map<String, Object> outputs(Decision decision, Description description) {
        Map<String, Object> outputs = new LinkedHashMap<>();
        for (Field output : description.outputs()) {
            String name = output.name();
            outputs.put(name, decision.has(name) ? output(decision, name, output.type()) : null);
        }
        if (!List.copyOf(outputs.keySet()).equals(List.copyOf(decision.outputs().keySet()))) {
            outputs.put("<other outputs>", String.join(" ", decision.outputs().keySet()));
        }
        return outputs;
    }

    private static Object output(Decision decision, String name, ValueType type) {
        switch (type.kind()) {
            case INTEGER:
                return decision.integer(name);
            case DECIMAL:
                return decision.decimal(name);
            case BOOLEAN:
                return decision.bool(name);
            case DATE:
                return decision.date(name);
            case TEXT:
            case ENUM:
                return decision.text(name);
            default:
                return nested(decision.outputs().get(name), type);
        }
    }

    /** A value within a list or a record: of the class of its type, or a text that no record holds. */
    private static Object nested(Object value, ValueType type) {
        if (value == null) {
            return null;
        }
        switch (type.kind()) {
            case INTEGER:
                return of(Long.class, value);
            case DECIMAL:
                return of(BigDecimal.class, value);
            case BOOLEAN:
                return of(Boolean.class, value);
            case DATE:
                return of(LocalDate.class, value);
            case LIST:
                return each((List<?>) value, element -> nested(element, type.element()));
            case RECORD:
                Map<String, Object> fields = new LinkedHashMap<>(Tree.object(value));
                type.fields().forEach(field -> fields.computeIfPresent(field.name(), (name, given) -> nested(given, field.type())));
                return fields;
            default:
                return of(String.class, value);
        }
    }

    private static Object of(Class<?> type, Object value) {
        return type.isInstance(value) ? value : "<a " + value.getClass() + ", no " + type + ">";
    }

    private static Object reason(Reason reason) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("code", reason.code());
        Optional<BigDecimal> points = reason.points();
        // Points are integers or decimals with digits after the point.
        points.ifPresent(value -> fields.put("points", value.scale() == 0 ? (Object) value.longValueExact() : value));
        fields.put("text", reason.text());
        return fields;
    }

    private static Object hit(Hit hit) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("rule", hit.rule());
        fields.put("effect", hit.effect());
        return fields;
    }

    private static Object error(DecisionError error) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("code", error.code());
        fields.put("name", error.name());
        fields.put("message", error.message());
        fields.put("at", error.at().map(Rebuilt::place).orElse(null));
        return fields;
    }

    private static Object place(Place place) {
        Map<String, Object> fields = new LinkedHashMap<>();
        place.pointer().ifPresent(pointer -> fields.put("pointer", pointer));
        place.file().ifPresent(file -> {
            fields.put("file", file);
            fields.put("line", place.line().getAsInt());
            fields.put("column", place.column().getAsInt());
        });
        return fields;
    }

    private static <T> List<Object> each(List<T> elements, java.util.function.Function<T, Object> write) {
        List<Object> written = new ArrayList<>();
        elements.forEach(element -> written.add(write.apply(element)));
        return written;
    }
}
