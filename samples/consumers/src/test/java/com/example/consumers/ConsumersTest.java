package com.example.consumers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small program that trains, saves, scores, draws and shows a model, taken into use in all the
 * ways that there are: by Maven and Gradle, as one file, in one jar, as a module, by two class
 * loaders.
 */
class ConsumersTest {

  private static final String CLASSIFIER = System.getProperty("tensorflow.classifier");
  private static final String SAYS = "trained, saved, scored, drawn: 1 image, a diagram";

  @TempDir private static Path place;

  private static Path repository;
  private static Path classes;

  /** What Maven found for the program. */
  private static List<Path> jars;

  @BeforeAll
  static void mavenBuildsTheProgram() throws Exception {
    repository = Repository.layOut();
    Path project = place.resolve("maven");
    Repository.copy("Program.java", project.resolve("src/main/java/com/example/Program.java"));
    Repository.copy(
        "pom.xml",
        project.resolve("pom.xml"),
        "version",
        Repository.VERSION,
        "classifier",
        CLASSIFIER);
    Tool.run(
        project,
        List.of(
            Path.of(System.getProperty("weft.maven"), "bin", "mvn").toString(),
            "-o",
            "-q",
            "-B",
            "-Dmaven.repo.local=" + repository,
            "compile",
            "dependency:build-classpath",
            "-Dmdep.outputFile=class-path.txt"));
    classes = project.resolve("target/classes");
    jars =
        Stream.of(Files.readString(project.resolve("class-path.txt")).split(File.pathSeparator, -1))
            .map(Path::of)
            .toList();
  }

  @Test
  void aProgramThatMavenBuilt() throws Exception {
    works(Tool.java("-cp", classes + File.pathSeparator + path(jars), "com.example.Program"));
    assertEquals(
        List.of(), jars.stream().filter(jar -> jar.toString().contains("eclipse")).toList());
  }

  @Test
  void gradleFindsEveryPlatform() throws Exception {
    assumeTrue(Tool.has("gradle"), "there is no gradle on the path: its builds are not tried");
    Path project = place.resolve("gradle");
    Repository.copy("settings.gradle", project.resolve("settings.gradle"));
    Repository.copy("Program.java", project.resolve("src/main/java/com/example/Program.java"));
    Repository.copy(
        "build.gradle",
        project.resolve("build.gradle"),
        "version",
        Repository.VERSION,
        "classifier",
        CLASSIFIER,
        "tensorflow",
        System.getProperty("tensorflow.version"),
        "repository",
        repository.toString());
    String said =
        Tool.run(
            project,
            List.of(
                "gradle",
                "--offline",
                "--no-daemon",
                "--gradle-user-home",
                place.resolve("gradle-home").toString(),
                "everyPlatform",
                "run"));
    for (String platform :
        List.of("linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64")) {
      assertTrue(said.contains("for " + platform), said);
    }
    assertTrue(said.contains(SAYS), said);
  }

  @Test
  void oneFileOfSource() throws Exception {
    Path file = place.resolve("Program.java");
    Repository.copy("Program.java", file);
    works(Tool.java("-cp", path(jars), file.toString()));
  }

  /** Merged entry by entry, the first of a name wins, as plain tools do it. */
  @Test
  void oneJarOfAllJars() throws Exception {
    Path one = place.resolve("all.jar");
    Set<String> names = new HashSet<>();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(one))) {
      out.setLevel(0);
      for (Path jar : jars) {
        if (!isNative(jar)) {
          merge(jar, names, out);
        }
      }
    }
    String natives = path(jars.stream().filter(ConsumersTest::isNative).toList());
    String all = String.join(File.pathSeparator, classes.toString(), one.toString(), natives);
    works(Tool.java("-cp", all, "com.example.Program"));
  }

  private static void merge(Path jar, Set<String> names, JarOutputStream out) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
        if (names.add(entry.getName())) {
          out.putNextEntry(new ZipEntry(entry.getName()));
          try (InputStream in = zip.getInputStream(entry)) {
            in.transferTo(out);
          }
        }
      }
    }
  }

  @Test
  void aModuleThatRequiresWeft() throws Exception {
    Path sources = place.resolve("module");
    Repository.copy("Program.java", sources.resolve("com/example/Program.java"));
    Repository.copy("module-info.java", sources.resolve("module-info.java"));
    Path compiled = place.resolve("module-classes");
    Tool.run(
        place,
        Tool.tool(
            "javac",
            "-Xlint:all",
            "-Werror",
            "-p",
            path(jars),
            "-d",
            compiled.toString(),
            sources.resolve("module-info.java").toString(),
            sources.resolve("com/example/Program.java").toString()));
    works(
        Tool.java(
            "--add-modules",
            "jdk.incubator.vector",
            "-p",
            compiled + File.pathSeparator + path(jars),
            "-m",
            "com.example.program/com.example.Program"));
  }

  @Test
  void twoClassLoadersInOneProcess() throws Exception {
    Path file = place.resolve("Twice.java");
    Repository.copy("Twice.java", file);
    String said =
        Tool.run(place, Tool.java(file.toString(), classes + File.pathSeparator + path(jars)));
    assertEquals(2, said.split(SAYS, -1).length - 1, said);
  }

  private static void works(List<String> command) throws Exception {
    String said = Tool.run(place, command);
    assertTrue(said.contains(SAYS), said);
  }

  private static boolean isNative(Path jar) {
    return jar.toString().endsWith(CLASSIFIER + ".jar");
  }

  private static String path(List<Path> jars) {
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
