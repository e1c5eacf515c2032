package com.example.consumers;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/**
 * What is published: poms that say what they mean on every machine, and jars with all they need.
 */
class PublishedTest {

  @Test
  void whatIsPublishedIsThis() throws IOException {
    assertEquals(
        Set.of(
            "weft-bom",
            "weft-core",
            "weft-core-platform",
            "weft-dataframe",
            "weft-drawing",
            "weft-dsl",
            "weft-dsl-platform",
            "weft-jvm",
            "weft-models",
            "weft-spark",
            "weft-tensorflow",
            "weft-watch"),
        Repository.artifacts().stream().map(Repository.Artifact::name).collect(toSet()));
  }

  @Test
  void pomsDependOnNothingOfTheMachineThatBuilt() throws IOException {
    for (var artifact : Repository.artifacts()) {
      Pom pom = Pom.read(artifact.pom());
      String name = artifact.name();
      assertFalse(pom.source().contains("${"), name);
      for (String element : List.of("<parent>", "<profile>", "<repositor", "<build>")) {
        assertFalse(pom.source().contains(element), name + ": " + element);
      }
      for (String element :
          List.of("name", "description", "url", "licenses", "developers", "scm")) {
        assertFalse(pom.text(element).isEmpty(), name + ": " + element);
      }
      for (String dependency : pom.dependencies()) {
        String version = dependency.split(":", -1)[2];
        assertTrue(version.matches("[0-9][-.0-9A-Za-z]*"), name + ": " + dependency);
        assertFalse(dependency.matches("(org.eclipse|com.google.guava).*"), dependency);
        assertTrue(dependency.endsWith(":") || name.equals("weft-bom"), name + ": " + dependency);
      }
    }
  }

  @Test
  void thePlatformsBringTensorFlowForAll() throws IOException {
    String all = "org.tensorflow:tensorflow-core-platform:" + tensorFlow() + ":";
    assertEquals(
        Set.of("weft-core-platform", "weft-dsl-platform"),
        Repository.artifacts().stream()
            .filter(a -> Pom.read(a.pom()).dependencies().contains(all))
            .map(Repository.Artifact::name)
            .collect(toSet()));
  }

  @Test
  void theListOfVersionsIsComplete() throws IOException {
    Set<String> published = new TreeSet<>();
    Path list = null;
    for (var artifact : Repository.artifacts()) {
      if (artifact.name().equals("weft-bom")) {
        list = artifact.pom();
      } else {
        published.add("io.weft:" + artifact.name() + ":" + Repository.VERSION + ":");
      }
    }
    List<String> listed = Pom.read(list).dependencies();
    assertEquals(published, listed.stream().filter(d -> d.startsWith("io.weft")).collect(toSet()));
    for (String classifier :
        List.of(
            "linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64", "linux-x86_64-gpu")) {
      assertTrue(
          listed.contains(
              "org.tensorflow:tensorflow-core-native:" + tensorFlow() + ":" + classifier),
          classifier);
    }
  }

  @Test
  void jarsAreModulesWithTheLicenceAndWithoutSignatures() throws IOException {
    for (var artifact : Repository.artifacts()) {
      if (!artifact.hasJar()) {
        continue;
      }
      Path file = artifact.jar(".jar");
      try (JarFile jar = new JarFile(file.toFile())) {
        for (String entry : List.of("META-INF/LICENSE", "META-INF/NOTICE")) {
          assertTrue(jar.getEntry(entry) != null, file + ": " + entry);
        }
        assertEquals(
            List.of(),
            jar.stream()
                .map(ZipEntry::getName)
                .filter(entry -> entry.matches("META-INF/.*\\.(SF|RSA|DSA|EC)"))
                .toList());
      }
      String name = artifact.name().replace('-', '.');
      assertTrue(ModuleFinder.of(file).find("io." + name).isPresent(), "module of " + file);
    }
  }

  @Test
  void sourcesAndDocumentationLieBeside() throws IOException {
    for (var artifact : Repository.artifacts()) {
      if (artifact.hasJar()) {
        assertTrue(artifact.jar("-javadoc.jar").toFile().isFile(), artifact.name());
        assertTrue(artifact.jar("-sources.jar").toFile().isFile(), artifact.name());
      }
      if (artifact.name().equals("weft-dsl")) {
        try (JarFile kdoc = new JarFile(artifact.jar("-javadoc.jar").toFile());
            JarFile sources = new JarFile(artifact.jar("-sources.jar").toFile())) {
          assertTrue(
              kdoc.stream().anyMatch(e -> e.getName().endsWith("/pixel-model.html")), "KDoc");
          assertTrue(
              sources.stream().anyMatch(e -> e.getName().matches("io/weft/dsl/.*\\.kt")), "Kotlin");
        }
      }
    }
  }

  private static String tensorFlow() {
    return System.getProperty("tensorflow.version");
  }
}
