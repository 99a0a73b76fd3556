package org.trutina;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.trutina.internal.EndiveRuntime;
import org.trutina.internal.FactWriter;
import org.trutina.internal.JdkPolicy;
import org.trutina.internal.Json;
import org.trutina.internal.OwnStack;
import org.trutina.internal.Sources;
import org.trutina.internal.Tree;
import org.trutina.internal.WasmInstance;
import org.trutina.internal.WasmRuntime;

/**
 * Loads rulesets: from a directory, a bundle ({@code .trutina}), a single {@code .rhai} file, or texts.
 *
 * <p>JDK 21 and newer are supported. JDK 11 to 20 may compile the engine wrongly without saying so (JDK-8376400): there,
 * everything here throws {@link UnsupportedJdkException} unless {@code -Dtrutina.acceptJdk8376400=true} accepts the risk; then
 * one decision of 1000 ({@code -Dtrutina.verifyEvery=N} for another share) is made again by an interpreter and compared.
 */
public final class Trutina {
    private static final int LOAD = 1;
    private static final int CHECK = 5;
    private static final byte[] MAGIC = "TRUTINA\0".getBytes(StandardCharsets.US_ASCII);

    private Trutina() {}

    /**
     * Loads a ruleset with {@link Options#defaults}.
     *
     * @param path of a directory, a bundle or a single {@code .rhai} file
     * @return the ruleset
     * @throws RulesetException if it does not load
     * @throws UncheckedIOException if it cannot be read
     * @throws UnsupportedJdkException if this JVM may not decide
     */
    public static Ruleset load(Path path) {
        return load(path, Options.defaults());
    }

    /**
     * Loads a ruleset.
     *
     * @param path of a directory, a bundle or a single {@code .rhai} file
     * @param options how
     * @return the ruleset
     * @throws RulesetException if it does not load
     * @throws UncheckedIOException if it cannot be read
     * @throws UnsupportedJdkException if this JVM may not decide
     */
    public static Ruleset load(Path path, Options options) {
        byte[] payload = payload(path);
        return isBundle(payload) ? loadBundle(payload, options) : loadSources(payload, options);
    }

    /**
     * Loads a ruleset from texts, as from a database.
     *
     * @param files the texts by path within the ruleset, {@code ruleset.toml} among them
     * @param options how
     * @return the ruleset
     * @throws RulesetException if it does not load
     * @throws UnsupportedJdkException if this JVM may not decide
     */
    public static Ruleset load(Map<String, String> files, Options options) {
        return loadSources(sources(files), options);
    }

    /**
     * Loads a bundle from bytes, as from the class path.
     *
     * @param bundle the bytes of a {@code .trutina} file
     * @param options how; with {@link Options#trust}, the parser is not needed
     * @return the ruleset
     * @throws RulesetException if it does not load, or is not trusted
     * @throws UnsupportedJdkException if this JVM may not decide
     */
    public static Ruleset load(byte[] bundle, Options options) {
        if (!isBundle(bundle)) {
            throw new IllegalArgumentException("these bytes are no bundle: a bundle begins with `TRUTINA`");
        }
        return loadBundle(bundle, options);
    }

    /**
     * Loads a module with a ruleset baked in ({@code trutina pack --wasm}). If its engine is the one of this library, it runs as
     * fast as any other; else it is interpreted: the same decisions, some hundred times slower. You vouch for these bytes: a
     * module has no digest of its own that could be compared.
     *
     * @param wasm the bytes of the module
     * @param options how
     * @return the ruleset
     * @throws RulesetException if there is no ruleset in it
     * @throws UnsupportedJdkException if this JVM may not decide
     */
    public static Ruleset baked(byte[] wasm, Options options) {
        int verifyEvery = JdkPolicy.verifyEvery();
        return roomy(() -> {
            WasmRuntime runtime = EndiveRuntime.of(wasm);
            return new Ruleset(runtime, runtime.fresh(), 1, options, verifyEvery);
        });
    }

    /**
     * Judges a ruleset without loading it.
     *
     * @param path of a directory, a bundle or a single {@code .rhai} file
     * @return all that was found
     * @throws UncheckedIOException if it cannot be read
     * @throws UnsupportedJdkException if this JVM may not decide
     */
    public static CheckResult check(Path path) {
        return check(payload(path));
    }

    /**
     * Judges texts without loading them.
     *
     * @param files the texts by path within the ruleset, {@code ruleset.toml} among them
     * @return all that was found
     * @throws UnsupportedJdkException if this JVM may not decide
     */
    public static CheckResult check(Map<String, String> files) {
        return check(sources(files));
    }

    private static CheckResult check(byte[] payload) {
        JdkPolicy.verifyEvery();
        byte[] answer = roomy(() -> EndiveRuntime.full().fresh().call(CHECK, payload));
        Map<String, Object> envelope = Tree.object(Json.read(new String(answer, StandardCharsets.UTF_8)));
        Map<String, Object> fields = envelope.containsKey("ok") ? Tree.object(envelope.get("ok")) : envelope;
        return new CheckResult(
                DecisionError.of(fields.get("error")),
                (String) fields.get("digest"),
                Tree.list(fields.get("diagnostics"), Diagnostic::of));
    }

    private static Ruleset loadSources(byte[] payload, Options options) {
        return load(EndiveRuntime::full, payload, options);
    }

    private static Ruleset loadBundle(byte[] bundle, Options options) {
        if (options.trust().isEmpty()) {
            return load(EndiveRuntime::full, bundle, options);
        }
        byte[] head = trust(options.trust().get()).getBytes(StandardCharsets.UTF_8);
        byte[] payload = Arrays.copyOf(head, head.length + bundle.length);
        System.arraycopy(bundle, 0, payload, head.length, bundle.length);
        return load(EndiveRuntime::bundlesOnly, payload, options);
    }

    private static Ruleset load(Callable<WasmRuntime> which, byte[] payload, Options options) {
        int verifyEvery = JdkPolicy.verifyEvery();
        // What the JVM fails to link, as on a stack that is at its end, fails for ever: on this one nothing does.
        return roomy(() -> {
            WasmRuntime runtime = which.call();
            WasmInstance instance = runtime.fresh();
            Map<String, Object> loaded = Tree.object(ok(instance.call(LOAD, payload)));
            return new Ruleset(runtime, instance, (Long) loaded.get("handle"), options, verifyEvery);
        });
    }

    private static byte[] payload(Path path) {
        try {
            if (Files.isDirectory(path)) {
                return sources(Sources.directory(path));
            }
            byte[] bytes = Files.readAllBytes(path);
            if (isBundle(bytes)) {
                return bytes;
            }
            return sources(Map.of(Objects.toString(path.getFileName()), Sources.text(path, bytes)));
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static boolean isBundle(byte[] bytes) {
        return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    private static byte[] sources(Map<String, String> files) {
        StringBuilder json = new StringBuilder("{\"files\":{");
        files.forEach((path, text) -> {
            json.append(json.charAt(json.length() - 1) == '{' ? "" : ",");
            json.append(FactWriter.quoted(path)).append(':').append(FactWriter.quoted(text));
        });
        return json.append("}}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String trust(Trust trust) {
        StringBuilder line = new StringBuilder("{\"trust\":{\"digests\":[");
        line.append(trust.digests().stream().map(FactWriter::quoted).reduce((a, b) -> a + "," + b).orElse(""));
        line.append("],\"keys\":[");
        line.append(trust.keys().stream().map(FactWriter::quoted).reduce((a, b) -> a + "," + b).orElse(""));
        return line.append("]}}\n").toString();
    }

    /** What stands under {@code "ok"}. */
    static Object ok(byte[] answer) {
        Map<String, Object> envelope = Tree.object(Json.read(new String(answer, StandardCharsets.UTF_8)));
        if (!envelope.containsKey("ok")) {
            throw Ruleset.refused(envelope);
        }
        return envelope.get("ok");
    }

    /**
     * Runs what calls into the engine. Where this thread's stack is too small for it, nothing was decided, and it is done once more
     * on a larger one. Whatever else stops the engine becomes an {@link InstanceException}.
     */
    static <T> T guarded(Callable<T> work) {
        try {
            return work.call();
        } catch (StackOverflowError overflow) {
            return onALargerStack(work, overflow);
        } catch (Exception | OutOfMemoryError stopped) {
            if (stopped.getCause() instanceof StackOverflowError) {
                return onALargerStack(work, stopped);
            }
            throw stopped(stopped);
        }
    }

    private static <T> T onALargerStack(Callable<T> work, Throwable overflow) {
        if (OwnStack.isHere()) {
            throw stackTooSmall(overflow);
        }
        return roomy(work);
    }

    /** Does the work on a stack that is large enough for every ruleset. */
    private static <T> T roomy(Callable<T> work) {
        try {
            return OwnStack.run(() -> guarded(work));
        } catch (StackOverflowError overflow) {
            throw stackTooSmall(overflow);
        } catch (Exception | OutOfMemoryError stopped) {
            throw stopped(stopped);
        }
    }

    private static TrutinaException stopped(Throwable why) {
        if (why instanceof TrutinaException) {
            return (TrutinaException) why;
        }
        if (why instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new InstanceException("the thread was interrupted; nothing was decided", why);
        }
        if (why instanceof OutOfMemoryError) {
            return new InstanceException("no memory for the engine; nothing was decided", why);
        }
        return new InstanceException("the engine was stopped; nothing was decided: " + why.getMessage(), why);
    }

    private static InstanceException stackTooSmall(Throwable overflow) {
        return new InstanceException(
                "the stack of this thread is at its end; nothing was decided", overflow);
    }
}
