package com.example.consumers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Maven repository with what would be published, as this build made it, and beside it links to
 * what others have published, which the build had to fetch before. So nothing is installed, and no
 * network is needed.
 */
final class Repository {

  /** The root of Weft's own sources. */
  static final Path ROOT = Path.of(System.getProperty("weft.root"));

  static final String VERSION = System.getProperty("weft.version");

  private static final Path PLACE = ROOT.resolve("samples/consumers/target/repository");

  private Repository() {}

  /** An artifact: its module's folder, and the pom that others read. */
  record Artifact(String name, Path module, Path pom) {
    boolean hasJar() {
      return !name.endsWith("-platform") && !name.equals("weft-bom");
    }

    Path jar(String ending) {
      return module.resolve("target").resolve(name + "-" + VERSION + ending);
    }
  }

  /** Returns all that is published. */
  static List<Artifact> artifacts() throws IOException {
    try (Stream<Path> files =
        Files.find(ROOT, 4, (path, how) -> path.endsWith(".flattened-pom.xml"))) {
      return files
          .map(pom -> new Artifact(Pom.read(pom).text("artifactId"), pom.getParent(), pom))
          .sorted(Comparator.comparing(Artifact::name))
          .toList();
    }
  }

  /** Lays the repository out and returns its folder. */
  static Path layOut() throws IOException {
    delete(PLACE);
    Path weft = Files.createDirectories(PLACE.resolve("io/weft"));
    Path others = Path.of(System.getProperty("weft.local"));
    link(others, PLACE, "io");
    link(others.resolve("io"), PLACE.resolve("io"), "weft");
    for (Artifact artifact : artifacts()) {
      Path folder = Files.createDirectories(weft.resolve(artifact.name()).resolve(VERSION));
      String file = artifact.name() + "-" + VERSION;
      Files.copy(artifact.pom(), folder.resolve(file + ".pom"));
      if (artifact.hasJar()) {
        Files.copy(artifact.jar(".jar"), folder.resolve(file + ".jar"));
      }
    }
    return PLACE;
  }

  private static void link(Path from, Path to, String but) throws IOException {
    try (Stream<Path> all = Files.list(from)) {
      for (Path one : all.filter(path -> !path.endsWith(but)).toList()) {
        Files.createSymbolicLink(to.resolve(one.getFileName()), one);
      }
    }
  }

  /** Copies a resource of these tests, with {@code @name@} replaced. */
  static void copy(String resource, Path to, String... names) throws IOException {
    Files.createDirectories(to.getParent());
    try (var in = Repository.class.getResourceAsStream("/consumer/" + resource)) {
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
    String text = Files.readString(to);
    for (int i = 0; i < names.length; i += 2) {
      text = text.replace("@" + names[i] + "@", names[i + 1]);
    }
    Files.writeString(to, text);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    // Links are not followed.
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
