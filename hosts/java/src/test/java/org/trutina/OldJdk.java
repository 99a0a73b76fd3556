package org.trutina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built jar on a JDK that may have JDK-8376400, in a JVM of its own. {@code cargo xtask java} finds such a JDK; where there
 * is none, this is skipped.
 */
class OldJdk {
    private static final String ACCEPT = "-Dtrutina.acceptJdk8376400=";

    @TempDir
    Path folder;

    private static final class Ran {
        int status;
        String out;
        String complaint;
    }

    /** Runs a sample from its source. */
    private Ran sample(String... options) throws IOException, InterruptedException {
        String java = System.getProperty("trutina.old.java", "");
        assumeFalse(java.isEmpty(), "no JDK from 11 to 20 is on this machine; cargo xtask java looks for one");
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(List.of(options));
        String jar = System.getProperty("trutina.jar").replace(".jar", "-all.jar");
        command.addAll(List.of("-cp", jar, "hosts/java/samples/One.java"));
        Path out = folder.resolve("out");
        Path complaint = folder.resolve("complaint");
        ProcessBuilder builder = new ProcessBuilder(command).directory(Repository.ROOT.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.redirectOutput(out.toFile()).redirectError(complaint.toFile()).start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the sample does not end");
        }
        Ran ran = new Ran();
        ran.status = process.exitValue();
        ran.out = Files.readString(out);
        ran.complaint = Files.readString(complaint);
        return ran;
    }

    @Test
    void itRefusesToLoadAndNamesWhatToDo() throws Exception {
        for (String[] options : new String[][] {{}, {ACCEPT + "false"}, {ACCEPT + "yes"}, {ACCEPT}}) {
            Ran ran = sample(options);
            assertNotEquals(0, ran.status);
            assertEquals("", ran.out);
            for (String said : new String[] {"UnsupportedJdkException", "JDK-8376400", "use JDK 21 or newer", ACCEPT + "true"}) {
                assertTrue(ran.complaint.contains(said), () -> said + " is not in: " + ran.complaint);
            }
        }
    }

    @Test
    void itDecidesWhereTheRiskIsAccepted() throws Exception {
        for (String[] options : new String[][] {{ACCEPT + "true"}, {ACCEPT + "true", "-Dtrutina.verifyEvery=1"}}) {
            Ran ran = sample(options);
            assertEquals("", ran.complaint);
            assertEquals(Repository.text("tests/samples/one.txt"), ran.out);
            assertEquals(0, ran.status);
        }
    }

    @Test
    void aShareThatIsNoneIsRefused() throws Exception {
        Ran ran = sample(ACCEPT + "true", "-Dtrutina.verifyEvery=0");
        assertNotEquals(0, ran.status);
        assertTrue(ran.complaint.contains("trutina.verifyEvery") && ran.complaint.contains("UnsupportedJdkException"), ran.complaint);
    }
}
