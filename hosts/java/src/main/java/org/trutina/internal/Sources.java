package org.trutina.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.trutina.TrutinaException;

/** Reads a ruleset's directory, as the command line does. */
public final class Sources {
    /** What else may lie beside the artefacts that {@code ruleset.toml} names. */
    private static final List<String> NAMES = List.of("ruleset.toml", "rules.rhai", "reasons.csv", "README.md");

    /** How the names of artefacts end. */
    private static final List<String> ENDINGS =
            List.of(".scorecard.csv", ".scale.csv", ".table.csv", ".matrix.csv", ".signals.csv");

    /** Directories within one another. */
    private static final int DEEPEST = 9;

    private Sources() {}

    /**
     * The files of a ruleset.
     *
     * @param directory with {@code ruleset.toml} or {@code rules.rhai} in it
     * @return their texts by path, with {@code /}
     * @throws IOException if a file cannot be read
     * @throws TrutinaException if it is no ruleset, or a file is no UTF-8
     */
    public static Map<String, String> directory(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        List<Path> found;
        try (Stream<Path> paths = Files.walk(directory, DEEPEST, java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
            found = paths.filter(Files::isRegularFile).collect(Collectors.toList());
        }
        for (Path file : found) {
            String path = directory.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
            if (belongs(path)) {
                files.put(path, text(file, Files.readAllBytes(file)));
            }
        }
        if (!files.containsKey("ruleset.toml") && !files.containsKey("rules.rhai")) {
            throw new TrutinaException(
                    "`" + directory + "` is no ruleset: it has neither `ruleset.toml` nor `rules.rhai`");
        }
        return files;
    }

    private static boolean belongs(String path) {
        boolean hidden = path.startsWith(".") || path.contains("/.");
        boolean isCase = path.startsWith("cases/") && path.endsWith(".json");
        return !hidden && (NAMES.contains(path) || isCase || ENDINGS.stream().anyMatch(path::endsWith));
    }

    /**
     * Bytes as text.
     *
     * @param file for the message
     * @param bytes its content
     * @return the text, a BOM included
     * @throws TrutinaException if they are no UTF-8
     */
    public static String text(Path file, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException error) {
            throw new TrutinaException("`" + file + "` is no UTF-8; save it as UTF-8 (it may be GB18030)", error);
        }
    }
}
