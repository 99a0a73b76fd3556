package org.trutina;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trutina.internal.EndiveRuntime;
import org.trutina.internal.FactWriter;
import org.trutina.internal.Json;
import org.trutina.internal.Tree;
import org.trutina.internal.WasmRuntime;

/**
 * The conformance runner of this host: {@code Conformance CASES.ndjson ANSWERS.ndjson}. Each case is decided as bytes, and again
 * through the typed interface, with the facts as the Java types that a bank would use.
 */
public final class Conformance {
    private static final String REFUSED = "a value that the typed interface refuses";
    private static final int EXPLAIN = 7;

    /** A request of an explanation, as the cases write a sound one. */
    private static final Pattern EXPLANATION = Pattern.compile(
            "\\{\"handle\":(\\d+),\"as_of\":\"(\\d{4}-\\d{2}-\\d{2})\",\"facts\":(.*),\"lang\":\"(en|zh-CN)\""
                    + "(?:,\"changes\":(true|false))?\\}",
            Pattern.DOTALL);

    private final Map<String, Ruleset> rulesets = new HashMap<>();
    private final Map<String, String> refusals = new HashMap<>();

    private Conformance() {}

    /** Facts that the typed interface has no types for. */
    private static final class Untyped extends Exception {
        private static final long serialVersionUID = 1L;

        Untyped(String why) {
            super(why);
        }
    }

    /**
     * Runs.
     *
     * @param args the case file and the answer file
     * @throws IOException if one of them fails
     */
    public static void main(String[] args) throws IOException {
        Conformance runner = new Conformance();
        try (BufferedReader cases = Files.newBufferedReader(Path.of(args[0]));
                BufferedWriter answers = Files.newBufferedWriter(Path.of(args[1]))) {
            for (String line = cases.readLine(); line != null; line = cases.readLine()) {
                if (!line.isBlank()) {
                    String answer = runner.answer(Tree.object(Json.read(line)));
                    if (answer != null) {
                        answers.write(answer);
                        answers.write('\n');
                    }
                }
            }
        }
    }

    private String answer(Map<String, Object> line) {
        if (line.containsKey("case")) {
            return decide(line);
        }
        if (line.containsKey("call")) {
            return call(line);
        }
        if (line.containsKey("columns")) {
            return columns(line);
        }
        if (line.containsKey("batch")) {
            return batch(line);
        }
        if (line.containsKey("drop")) {
            drop(Tree.text(line, "drop"));
        } else if (line.containsKey("ruleset")) {
            load(line);
        } else {
            throw new IllegalArgumentException("no line of cases: " + line.keySet());
        }
        return null;
    }

    private void drop(String name) {
        Ruleset dropped = rulesets.remove(name);
        if (dropped != null) {
            dropped.close();
        }
        refusals.remove(name);
    }

    private void load(Map<String, Object> line) {
        String name = Tree.text(line, "ruleset");
        drop(name);
        try {
            rulesets.put(name, open(line));
        } catch (RulesetException refused) {
            refusals.put(name, envelope(line));
        }
    }

    /** What the door answers, as it is. */
    private static String envelope(Map<String, Object> line) {
        byte[] payload;
        WasmRuntime runtime = EndiveRuntime.full();
        if (line.get("files") != null) {
            StringBuilder files = new StringBuilder();
            Tree.texts(line.get("files")).forEach((path, text) -> files.append(files.length() == 0 ? "" : ",")
                    .append(FactWriter.quoted(path)).append(':').append(FactWriter.quoted(text)));
            payload = ("{\"files\":{" + files + "}}").getBytes(StandardCharsets.UTF_8);
        } else {
            payload = bytes(line, "bundle");
        }
        if (line.get("trust") != null) {
            runtime = EndiveRuntime.bundlesOnly();
            byte[] head = ("{\"trust\":" + Canonical.json(line.get("trust")) + "}\n").getBytes(StandardCharsets.UTF_8);
            byte[] bundle = payload;
            payload = Arrays.copyOf(head, head.length + bundle.length);
            System.arraycopy(bundle, 0, payload, head.length, bundle.length);
        }
        return utf8(runtime.fresh().call(1, payload));
    }

    private static Ruleset open(Map<String, Object> line) {
        Options options = Options.defaults().instances(1);
        if (line.get("files") != null) {
            return Trutina.load(Tree.texts(line.get("files")), options);
        }
        if (line.get("module") != null) {
            return Trutina.baked(bytes(line, "module"), options);
        }
        if (line.get("trust") != null) {
            Trust trust = null;
            for (String kind : List.of("digests", "keys")) {
                Object listed = Tree.object(line.get("trust")).get(kind);
                for (String one : listed == null ? List.<String>of() : Tree.list(listed, String.class::cast)) {
                    Trust more = kind.equals("digests") ? Trust.digest(one) : Trust.key(one);
                    trust = trust == null ? more : trust.or(more);
                }
            }
            options = options.trust(trust);
        }
        return Trutina.load(bytes(line, "bundle"), options);
    }

    private static byte[] bytes(Map<String, Object> line, String key) {
        return Base64.getDecoder().decode(Tree.text(line, key));
    }

    private String decide(Map<String, Object> line) {
        String id = Tree.text(line, "case");
        Ruleset ruleset = rulesets.get(Tree.text(line, "ruleset"));
        if (ruleset == null) {
            return written(id, refusals.get(Tree.text(line, "ruleset")), null, "the ruleset does not load");
        }
        String facts = Tree.text(line, "facts");
        String trace = (String) line.get("trace");
        String request = "{\"handle\":" + ruleset.handle() + ",\"as_of\":" + FactWriter.quoted(Tree.text(line, "as_of"))
                + ",\"facts\":" + facts + ",\"trace\":\"" + (trace == null ? "none" : trace) + "\"}";
        String bytes = utf8(ruleset.call(3, request.getBytes(StandardCharsets.UTF_8)));
        try {
            LocalDate asOf = date(Tree.text(line, "as_of"));
            Decision decision = ruleset.decide(typed(ruleset, facts), asOf, level(trace));
            return written(id, bytes, Rebuilt.record(decision, ruleset.describe()), null);
        } catch (Untyped why) {
            return written(id, bytes, null, why.getMessage());
        } catch (UnsupportedFactException refused) {
            return written(id, bytes, null, REFUSED);
        }
    }

    private String batch(Map<String, Object> line) {
        String id = Tree.text(line, "batch");
        Ruleset ruleset = rulesets.get(Tree.text(line, "ruleset"));
        if (ruleset == null) {
            return written(id, refusals.get(Tree.text(line, "ruleset")), null, "the ruleset does not load");
        }
        List<String> rows = Tree.list(line.get("lines"), String.class::cast);
        Trace trace = level((String) line.get("trace"));
        try {
            LocalDate asOf = date(Tree.text(line, "as_of"));
            byte[] joined = String.join("\n", rows).getBytes(StandardCharsets.UTF_8);
            String bytes = utf8(ruleset.decideNdjson(joined, asOf, trace));
            List<Facts> customers = new ArrayList<>();
            try {
                for (String row : rows) {
                    customers.add(typed(ruleset, row));
                }
            } catch (Untyped why) {
                return written(id, bytes, null, why.getMessage());
            }
            StringBuilder typed = new StringBuilder();
            try {
                for (Decision decision : ruleset.decideBatch(customers, asOf, trace)) {
                    typed.append(Rebuilt.record(decision, ruleset.describe())).append('\n');
                }
            } catch (UnsupportedFactException refused) {
                return written(id, bytes, null, REFUSED);
            }
            return written(id, bytes, typed.toString(), null);
        } catch (Untyped why) {
            return written(id, "", null, why.getMessage());
        }
    }

    /** A header, blanks so that what follows begins at a multiple of 8, a line end, and columns of values. */
    private String columns(Map<String, Object> line) {
        String name = Tree.text(line, "ruleset");
        Ruleset ruleset = rulesets.get(name);
        String header = Tree.text(line, "header").replace("\"@" + name + "\"", Long.toString(ruleset.handle()));
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        byte[] body = bytes(line, "body");
        int start = head.length / 8 * 8 + 8;
        byte[] request = Arrays.copyOf(head, start + body.length);
        Arrays.fill(request, head.length, start - 1, (byte) ' ');
        request[start - 1] = '\n';
        System.arraycopy(body, 0, request, start, body.length);
        return written(Tree.text(line, "columns"), utf8(ruleset.call(4, request)), null, "columns");
    }

    private String call(Map<String, Object> line) {
        String request = Tree.text(line, "request");
        Ruleset at = line.containsKey("ruleset") ? rulesets.get(Tree.text(line, "ruleset")) : null;
        for (Map.Entry<String, Ruleset> loaded : rulesets.entrySet()) {
            String reference = "\"@" + loaded.getKey() + "\"";
            if (request.contains(reference)) {
                at = loaded.getValue();
                request = request.replace(reference, Long.toString(at.handle()));
            }
        }
        byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
        int verb = Tree.count(line, "verb");
        byte[] answer = at == null ? EndiveRuntime.full().fresh().call(verb, bytes) : at.call(verb, bytes);
        String explained = verb == EXPLAIN && at != null ? explained(at, request) : null;
        return written(Tree.text(line, "call"), utf8(answer), explained, explained == null ? "a call of the door" : null);
    }

    /** The answer to a sound request of an explanation, by the typed interface and its getters; nothing if the request is another. */
    private static String explained(Ruleset ruleset, String request) {
        Matcher asked = EXPLANATION.matcher(request);
        if (!asked.matches() || !Long.toString(ruleset.handle()).equals(asked.group(1))) {
            return null;
        }
        try {
            Json.read(asked.group(3));
        } catch (Json.Malformed another) {
            return null;
        }
        Facts facts = Facts.json(asked.group(3));
        LocalDate asOf = LocalDate.parse(asked.group(2));
        Language language = asked.group(4).equals("en") ? Language.EN : Language.ZH_CN;
        Explanation explanation = "false".equals(asked.group(5))
                ? ruleset.explainOnly(facts, asOf, language)
                : ruleset.explain(facts, asOf, language);
        return Rebuilt.answer(explanation, ruleset.describe());
    }

    private static Facts typed(Ruleset ruleset, String facts) throws Untyped {
        Object tree;
        try {
            tree = Json.read(facts);
        } catch (Json.Malformed malformed) {
            throw new Untyped("no JSON, or a key stands twice");
        }
        if (!(tree instanceof Map)) {
            throw new Untyped("the facts are no object");
        }
        try {
            return Facts.of(fields(Tree.object(tree), ruleset.describe().facts()));
        } catch (UnsupportedFactException refused) {
            throw new Untyped(REFUSED);
        }
    }

    private static Map<String, Object> fields(Map<String, Object> given, List<Field> declared) throws Untyped {
        Map<String, ValueType> types = new HashMap<>();
        declared.forEach(field -> types.put(field.source(), field.type()));
        Map<String, Object> typed = new LinkedHashMap<>();
        for (Map.Entry<String, Object> field : given.entrySet()) {
            typed.put(field.getKey(), value(field.getValue(), types.get(field.getKey())));
        }
        return typed;
    }

    /** A JSON value as the Java type of the fact. What is of another type stays as it is: the engine refuses it. */
    private static Object value(Object given, ValueType type) throws Untyped {
        if (given == null || type == null) {
            return given;
        }
        switch (type.kind()) {
            case DECIMAL:
                return decimal(given);
            case DATE:
                return given instanceof String ? date((String) given) : given;
            case LIST:
                return given instanceof List ? elements((List<?>) given, type.element()) : given;
            case RECORD:
                return given instanceof Map ? fields(Tree.object(given), type.fields()) : given;
            case SERIES:
                return given instanceof List ? observations((List<?>) given, type.element()) : given;
            default:
                return given;
        }
    }

    private static Object decimal(Object given) {
        if (given instanceof Long) {
            return BigDecimal.valueOf((Long) given);
        }
        if (given instanceof BigInteger) {
            return new BigDecimal((BigInteger) given);
        }
        return given;
    }

    private static LocalDate date(String text) throws Untyped {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException none) {
            throw new Untyped("no civil date");
        }
    }

    private static List<Object> elements(List<?> given, ValueType type) throws Untyped {
        List<Object> typed = new ArrayList<>();
        for (Object element : given) {
            typed.add(value(element, type));
        }
        return typed;
    }

    private static List<Object> observations(List<?> given, ValueType type) throws Untyped {
        List<Object> typed = new ArrayList<>();
        for (Object element : given) {
            if (!(element instanceof Map)
                    || !Tree.object(element).keySet().equals(java.util.Set.of("date", "value"))
                    || !(Tree.object(element).get("date") instanceof String)) {
                throw new Untyped("an observation that is none");
            }
            Map<String, Object> fields = Tree.object(element);
            typed.add(Observation.of(date(Tree.text(fields, "date")), value(fields.get("value"), type)));
        }
        return typed;
    }

    private static Trace level(String word) {
        return word == null ? Trace.NONE : Trace.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static String written(String id, String bytes, String typed, String why) {
        Map<String, String> fields = new TreeMap<>();
        StringBuilder out = new StringBuilder("{\"id\":").append(FactWriter.quoted(id));
        out.append(",\"bytes\":").append(FactWriter.quoted(bytes));
        fields.put("typed", typed);
        fields.put("why", why);
        fields.forEach((key, text) -> out.append(",\"").append(key).append("\":")
                .append(text == null ? "null" : FactWriter.quoted(text)));
        return out.append('}').toString();
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
