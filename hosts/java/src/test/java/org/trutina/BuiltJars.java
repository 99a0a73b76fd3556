package org.trutina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import run.endive.runtime.Instance;
import run.endive.wasm.Parser;

/** What the jars hold, once they are packed: Maven runs this behind all that makes them. */
class BuiltJars {
    /** The class file version of Java 11 (JVMS 4.1). */
    private static final int JAVA_11 = 55;

    private static final int CLASS_FILE = 0xCAFEBABE;

    /** The jar for Maven; the other one lies beside it. */
    private static final Path LIBRARY = Path.of(System.getProperty("trutina.jar"));

    private static final Path ALL = LIBRARY.resolveSibling(LIBRARY.getFileName().toString().replace(".jar", "-all.jar"));

    private interface Look {
        void at(JarFile jar, JarEntry entry) throws IOException;
    }

    private static int each(Path path, Look look) throws IOException {
        int looked = 0;
        try (JarFile jar = new JarFile(path.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (!entry.isDirectory()) {
                    look.at(jar, entry);
                    looked++;
                }
            }
        }
        return looked;
    }

    @Test
    void everyClassIsOfJava11() throws IOException {
        for (Path path : List.of(LIBRARY, ALL)) {
            List<String> classes = new ArrayList<>();
            each(path, (jar, entry) -> {
                if (entry.getName().endsWith(".class")) {
                    try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
                        assertEquals(CLASS_FILE, in.readInt(), entry::getName);
                        in.readUnsignedShort();
                        assertEquals(JAVA_11, in.readUnsignedShort(), entry::getName);
                    }
                    classes.add(entry.getName());
                }
            });
            assertTrue(classes.contains("org/trutina/Trutina.class"), path::toString);
            assertTrue(classes.contains("org/trutina/wasm/FullMachineFuncGroup_0.class"), path::toString);
            assertEquals(path.equals(ALL), classes.contains("org/trutina/shaded/endive/runtime/Instance.class"));
        }
    }

    /** Nothing of anybody else, and nothing native. */
    @Test
    void theJarsHoldNothingElse() throws IOException {
        for (Path path : List.of(LIBRARY, ALL)) {
            int entries = each(path, (jar, entry) -> {
                String name = entry.getName();
                boolean endive = name.startsWith("org/trutina/shaded/endive/");
                boolean own = name.startsWith("org/trutina/") && !name.startsWith("org/trutina/shaded/");
                boolean about = name.equals("META-INF/MANIFEST.MF") || name.startsWith("META-INF/maven/org.trutina/trutina/");
                assertTrue(own || about || endive && path.equals(ALL), name);
                String kind = name.substring(name.lastIndexOf('.') + 1);
                assertTrue(List.of("class", "wasm", "meta", "MF", "xml", "properties").contains(kind), name);
            });
            assertTrue(entries > 50, path::toString);
        }
    }

    /** {@code group:artifact} of what a jar's own pom.xml demands beyond its tests. */
    private static List<String> demands(Path path, String artifact) throws Exception {
        try (JarFile jar = new JarFile(path.toFile());
                InputStream in = jar.getInputStream(jar.getJarEntry("META-INF/maven/" + artifact + "/pom.xml"))) {
            Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
            List<String> demands = new ArrayList<>();
            NodeList dependencies = pom.getElementsByTagName("dependency");
            for (int i = 0; i < dependencies.getLength(); i++) {
                Element dependency = (Element) dependencies.item(i);
                // Those of plugins and those that are only managed would be none.
                boolean own = dependency.getParentNode().getParentNode() == pom.getDocumentElement();
                if (own && !"test".equals(text(dependency, "scope"))) {
                    demands.add(text(dependency, "groupId") + ":" + text(dependency, "artifactId"));
                }
            }
            return demands;
        }
    }

    private static String text(Element dependency, String name) {
        NodeList found = dependency.getElementsByTagName(name);
        return found.getLength() == 0 ? null : found.item(0).getTextContent().strip();
    }

    private static Path jarOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void theWebAssemblyRuntimeIsTheOnlyDependency() throws Exception {
        assertEquals(List.of("run.endive:runtime"), demands(LIBRARY, "org.trutina/trutina"));
        assertEquals(List.of("run.endive:wasm"), demands(jarOf(Instance.class), "run.endive/runtime"));
        assertEquals(List.of(), demands(jarOf(Parser.class), "run.endive/wasm"));
    }

    /** With nothing but these jars and the JDK, the shipped rating loads and says which it is. */
    @Test
    void theseJarsAreEnough() throws Exception {
        for (List<Path> path : List.of(List.of(ALL), List.of(LIBRARY, jarOf(Instance.class), jarOf(Parser.class)))) {
            List<URL> urls = new ArrayList<>();
            for (Path jar : path) {
                urls.add(new File(jar.toString()).toURI().toURL());
            }
            try (URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
                Class<?> trutina = loader.loadClass("org.trutina.Trutina");
                Object ruleset = trutina.getMethod("load", Path.class).invoke(null, Repository.path("rulesets/retail-credit-rating"));
                assertEquals(loader, ruleset.getClass().getClassLoader());
                assertEquals(Repository.rating().toString(), ruleset.toString());
                ((AutoCloseable) ruleset).close();
            }
        }
    }
}
