package org.trutina;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.trutina.internal.FactWriter;
import org.trutina.internal.Json;
import org.trutina.internal.Pool;
import org.trutina.internal.Sample;
import org.trutina.internal.Tree;
import org.trutina.internal.WasmInstance;
import org.trutina.internal.WasmRuntime;

/**
 * A loaded ruleset. Safe for threads of every kind: each decision is lent an instance of the engine for as long as it takes.
 * Load a ruleset once and keep it; close it when another version has taken its place.
 */
public final class Ruleset implements AutoCloseable {
    private static final int DECIDE = 3;
    private static final int DECIDE_BATCH = 4;
    private static final int DESCRIBE = 6;
    private static final int EXPLAIN = 7;

    /** One call takes at most so many rows, or so many bytes of rows; the answers are the same for any size. */
    private static final int MOST_ROWS = 1000;

    private static final int MOST_ROWS_TRACED = 50;
    private static final int MOST_BYTES = 1 << 20;

    private final WasmRuntime runtime;
    private final WasmInstance.Image image;
    private final Pool pool;
    private final Sample sample;
    private final long handle;
    private final Description description;

    Ruleset(WasmRuntime runtime, WasmInstance loaded, long handle, Options options, int verifyEvery) {
        this.runtime = runtime;
        this.handle = handle;
        byte[] answer = Trutina.guarded(() -> loaded.call(DESCRIBE, utf8("{\"handle\":" + handle + "}")));
        description = new Description(answer, Trutina.ok(answer));
        image = loaded.image();
        pool = new Pool(loaded, () -> runtime.copy(image), options.instances());
        sample = new Sample(verifyEvery);
        Trutina.guarded(() -> {
            pool.fill(options.ready());
            return null;
        });
        link();
    }

    /**
     * Decides once by each way. The JVM links code when it first runs, and what fails to be linked, as on a thread whose stack
     * is at its end, fails for ever: so it is done here.
     */
    private void link() {
        LocalDate asOf = LocalDate.of(2000, 1, 1);
        decide(Facts.builder().build(), asOf, Trace.NONE);
        decide(Facts.json("{}"), asOf, Trace.NONE);
    }

    /**
     * What the ruleset takes and gives.
     *
     * @return identity, facts and outputs
     */
    public Description describe() {
        return description;
    }

    /**
     * Decides about one customer.
     *
     * @param facts the customer's facts
     * @param asOf the date that the decision speaks for
     * @return the decision; look at its {@link Decision#error()} first
     * @throws InstanceException if the engine was stopped; there is no decision
     */
    public Decision decide(Facts facts, LocalDate asOf) {
        return decide(facts, asOf, Trace.NONE);
    }

    /**
     * Decides about one customer, and tells how.
     *
     * @param facts the customer's facts
     * @param asOf the date that the decision speaks for
     * @param trace how much is told
     * @return the decision; look at its {@link Decision#error()} first
     * @throws InstanceException if the engine was stopped; there is no decision
     */
    public Decision decide(Facts facts, LocalDate asOf, Trace trace) {
        if (facts.isJson()) {
            Lines lines = new Lines();
            lines.add(FactWriter.oneLine(facts.json()));
            byte[] answer = batch(lines, asOf, trace);
            return Decision.of(Arrays.copyOf(answer, answer.length - 1), description);
        }
        byte[] request = request(facts, asOf, ",\"trace\":\"" + trace.word() + "\"");
        return Decision.of(call(DECIDE, request), description);
    }

    /**
     * Decides about one customer whose facts are a bean, a record or a map.
     *
     * @param facts see {@link Facts#from} and {@link Facts#of}
     * @param asOf the date that the decision speaks for
     * @return the decision; look at its {@link Decision#error()} first
     * @throws UnsupportedFactException if a value is of a type that is not taken
     * @throws InstanceException if the engine was stopped; there is no decision
     */
    public Decision decide(Object facts, LocalDate asOf) {
        return decide(facts(facts), asOf, Trace.NONE);
    }

    /**
     * Decides about one customer whose facts are a bean, a record or a map, and tells how.
     *
     * @param facts see {@link Facts#from} and {@link Facts#of}
     * @param asOf the date that the decision speaks for
     * @param trace how much is told
     * @return the decision; look at its {@link Decision#error()} first
     * @throws UnsupportedFactException if a value is of a type that is not taken
     * @throws InstanceException if the engine was stopped; there is no decision
     */
    public Decision decide(Object facts, LocalDate asOf, Trace trace) {
        return decide(facts(facts), asOf, trace);
    }

    /**
     * Decides about many customers, faster than one by one.
     *
     * @param customers {@link Facts}, beans, records or maps
     * @param asOf the date that the decisions speak for
     * @return one decision per customer, in order; a bad one does not stop the others
     * @throws UnsupportedFactException if a value is of a type that is not taken
     * @throws InstanceException if the engine was stopped; there are no decisions
     */
    public List<Decision> decideBatch(Iterable<?> customers, LocalDate asOf) {
        return decideBatch(customers, asOf, Trace.NONE);
    }

    /**
     * Decides about many customers, faster than one by one, and tells how.
     *
     * @param customers {@link Facts}, beans, records or maps
     * @param asOf the date that the decisions speak for
     * @param trace how much is told
     * @return one decision per customer, in order; a bad one does not stop the others
     * @throws UnsupportedFactException if a value is of a type that is not taken
     * @throws InstanceException if the engine was stopped; there are no decisions
     */
    public List<Decision> decideBatch(Iterable<?> customers, LocalDate asOf, Trace trace) {
        List<Decision> decisions = new ArrayList<>();
        Lines lines = new Lines();
        for (Object customer : customers) {
            Facts facts = facts(customer);
            byte[] line =
                    facts.isJson() ? FactWriter.oneLine(facts.json()) : FactWriter.write(facts.fields(), description.facts());
            if (lines.full(trace, line.length)) {
                read(batch(lines, asOf, trace), decisions);
                lines = new Lines();
            }
            lines.add(line);
        }
        read(batch(lines, asOf, trace), decisions);
        return decisions;
    }

    /**
     * Decides about many customers, from bytes to bytes: nothing is turned into Java values, so this is the fastest way.
     *
     * @param ndjson the facts of one customer per line, parted by LF
     * @param asOf the date that the decisions speak for
     * @param trace how much is told
     * @return one decision record per line, in order, each ended by LF
     * @throws InstanceException if the engine was stopped; there are no decisions
     */
    public byte[] decideNdjson(byte[] ndjson, LocalDate asOf, Trace trace) {
        ByteArrayOutputStream decisions = new ByteArrayOutputStream(ndjson.length + 256);
        Lines lines = new Lines();
        for (int start = 0; start < ndjson.length; ) {
            int end = start;
            while (end < ndjson.length && ndjson[end] != '\n') {
                end++;
            }
            if (lines.full(trace, end - start)) {
                decisions.writeBytes(batch(lines, asOf, trace));
                lines = new Lines();
            }
            lines.add(Arrays.copyOfRange(ndjson, start, end));
            start = end + 1;
        }
        decisions.writeBytes(batch(lines, asOf, trace));
        return decisions.toByteArray();
    }

    /**
     * Says in words why a decision is as it is, and what would change it. The search for that decides many times: it may take
     * a hundred times as long as the decision itself.
     *
     * @param facts the customer's facts
     * @param asOf the date that the decision speaks for
     * @param language of the words
     * @return the explanation
     * @throws RulesetException if facts given as JSON are none
     * @throws InstanceException if the engine was stopped; there is no explanation
     */
    public Explanation explain(Facts facts, LocalDate asOf, Language language) {
        return explain(facts, asOf, language, "");
    }

    /**
     * Says in words why a decision is as it is, and what would change it.
     *
     * @param facts a bean, a record or a map
     * @param asOf the date that the decision speaks for
     * @param language of the words
     * @return the explanation
     * @throws UnsupportedFactException if a value is of a type that is not taken
     * @throws InstanceException if the engine was stopped; there is no explanation
     */
    public Explanation explain(Object facts, LocalDate asOf, Language language) {
        return explain(facts(facts), asOf, language);
    }

    /**
     * Says in words why a decision is as it is, and nothing about what would change it.
     *
     * @param facts {@link Facts}, a bean, a record or a map
     * @param asOf the date that the decision speaks for
     * @param language of the words
     * @return the explanation, without {@link Explanation#changes}
     * @throws RulesetException if facts given as JSON are none
     * @throws UnsupportedFactException if a value is of a type that is not taken
     * @throws InstanceException if the engine was stopped; there is no explanation
     */
    public Explanation explainOnly(Object facts, LocalDate asOf, Language language) {
        return explain(facts(facts), asOf, language, ",\"changes\":false");
    }

    private Explanation explain(Facts facts, LocalDate asOf, Language language, String more) {
        byte[] request = request(facts, asOf, ",\"lang\":\"" + language.tag() + "\"" + more);
        return Explanation.of(Trutina.ok(call(EXPLAIN, request)), description);
    }

    /**
     * Lets the JVM compile the engine before the first customer comes, by deciding about one again and again.
     *
     * @param facts of a typical customer
     * @param asOf the date to decide for
     * @param most for how long
     * @return how many decisions were made
     * @throws InstanceException if the engine was stopped
     */
    public long warmUp(Facts facts, LocalDate asOf, Duration most) {
        long until = System.nanoTime() + most.toNanos();
        long decisions = 0;
        do {
            decide(facts, asOf, Trace.NONE);
            decisions++;
        } while (System.nanoTime() - until < 0);
        return decisions;
    }

    /** Gives up the instances. Decisions that are being made end; further ones are refused. */
    @Override
    public void close() {
        pool.close();
    }

    /** Id, version and digest. */
    @Override
    public String toString() {
        return description.id() + " " + description.version() + " " + description.digest();
    }

    Pool pool() {
        return pool;
    }

    long handle() {
        return handle;
    }

    /** A call of the door as it is, see ABI.md. */
    byte[] call(int verb, byte[] request) {
        byte[] answer = Trutina.guarded(() -> pool.lend(instance -> instance.call(verb, request)));
        if (verb == DECIDE && sample.picks()) {
            verify(verb, request, answer);
        }
        return answer;
    }

    private byte[] batch(Lines lines, LocalDate asOf, Trace trace) {
        if (lines.rows() == 0) {
            return new byte[0];
        }
        byte[] body = lines.bytes();
        byte[] answer = call(DECIDE_BATCH, batchRequest(lines.rows(), body, asOf, trace));
        int at = 0;
        int answered = 0;
        for (int row = 0; row < lines.rows(); row++) {
            int end = lineEnd(body, at);
            int answeredEnd = lineEnd(answer, answered);
            if (sample.picks()) {
                byte[] one = batchRequest(1, Arrays.copyOfRange(body, at, end + 1), asOf, trace);
                verify(DECIDE_BATCH, one, Arrays.copyOfRange(answer, answered, answeredEnd + 1));
            }
            at = end + 1;
            answered = answeredEnd + 1;
        }
        if (answered != answer.length) {
            throw new TrutinaException("the engine answered another number of rows than it was asked");
        }
        return answer;
    }

    private static int lineEnd(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        throw refused(Tree.object(Json.read(new String(bytes, StandardCharsets.UTF_8))));
    }

    private byte[] batchRequest(int rows, byte[] body, LocalDate asOf, Trace trace) {
        byte[] header = utf8("{\"handle\":" + handle + ",\"as_of\":\"" + date(asOf) + "\",\"rows\":" + rows
                + ",\"format\":\"ndjson\",\"trace\":\"" + trace.word() + "\"}\n");
        byte[] request = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, request, header.length, body.length);
        return request;
    }

    private byte[] request(Facts facts, LocalDate asOf, String more) {
        byte[] json = facts.isJson() ? facts.json() : FactWriter.write(facts.fields(), description.facts());
        byte[] head = utf8("{\"handle\":" + handle + ",\"as_of\":\"" + date(asOf) + "\"" + more + ",\"facts\":");
        byte[] request = Arrays.copyOf(head, head.length + json.length + 1);
        System.arraycopy(json, 0, request, head.length, json.length);
        request[request.length - 1] = '}';
        return request;
    }

    /** Answers again, by a fresh instance that is interpreted, and compares. */
    private void verify(int verb, byte[] request, byte[] answer) {
        byte[] again = Trutina.guarded(() -> runtime.interpreted(image).call(verb, request));
        if (!Arrays.equals(answer, again)) {
            throw new MiscompilationException("this JVM computes wrongly, do not decide on it (JDK-8376400): the compiled engine "
                    + "and the interpreted one differ from byte " + Arrays.mismatch(answer, again));
        }
    }

    private void read(byte[] lines, List<Decision> decisions) {
        int start = 0;
        while (start < lines.length) {
            int end = lineEnd(lines, start);
            decisions.add(Decision.of(Arrays.copyOfRange(lines, start, end), description));
            start = end + 1;
        }
    }

    private static Facts facts(Object facts) {
        Objects.requireNonNull(facts, "facts");
        if (facts instanceof Facts) {
            return (Facts) facts;
        }
        if (facts instanceof Map) {
            Facts.Builder builder = Facts.builder();
            ((Map<?, ?>) facts).forEach((key, value) -> builder.set((String) key, value));
            return builder.build();
        }
        return Facts.from(facts);
    }

    private static String date(LocalDate date) {
        if (date.getYear() < 0 || date.getYear() > 9999) {
            throw new IllegalArgumentException("the year " + date.getYear() + " has no four digits");
        }
        return date.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static RulesetException refused(Map<String, Object> envelope) {
        return new RulesetException(
                DecisionError.of(Objects.requireNonNull(envelope.get("error"), "error")),
                Tree.list(envelope.get("diagnostics"), Diagnostic::of));
    }

    /** Rows of one call. */
    private static final class Lines extends FactWriter.Lines {
        boolean full(Trace trace, int more) {
            int most = trace == Trace.NONE ? MOST_ROWS : MOST_ROWS_TRACED;
            return rows() > 0 && (rows() >= most || size() + more > MOST_BYTES);
        }
    }
}
