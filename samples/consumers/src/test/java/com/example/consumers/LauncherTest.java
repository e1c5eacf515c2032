package com.example.consumers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line starts from wherever it was put, whatever the language of the machine. */
class LauncherTest {

  private static final Path WEFT = Repository.ROOT.resolve("samples/target/weft");

  /** In a locale without letters as in one with all; names as a shell's printf takes them. */
  @ParameterizedTest
  @CsvSource({
    "C,caf\\303\\251 \\360\\237\\230\\200",
    "C,a:b",
    "C,\\303\\274:x y",
    "C.UTF-8,\\360\\237\\230\\200:x",
    "POSIX,plain"
  })
  void startsFromAnyFolder(String language, String name, @TempDir Path place) throws Exception {
    assumeTrue(Tool.has("sh"), "there is no sh: the launcher is not tried");
    // The shell makes the folder: this Java may run in a locale that has no such names.
    String script =
        "d=$(printf '"
            + name
            + "') && mkdir -p \"$d/bin\" && cp \"$1/bin/weft\" \"$d/bin\" && ln -s \"$1/lib\" \"$d/lib\""
            + " && export LC_ALL= LANG=$2 JAVA_HOME=\"$3\""
            + " && \"$d/bin/weft\" models; rm \"$d/lib\"";
    String java = System.getProperty("java.home");
    String said =
        Tool.run(place, List.of("sh", "-c", script, "sh", WEFT.toString(), language, java));
    assertTrue(said.startsWith("builtin:digits"), said);
  }

  /** What computes without TensorFlow is quick with the vector module alone. */
  @ParameterizedTest
  @CsvSource({
    "sample,true",
    "decompress --file x,true",
    "score --device jvm,true",
    "score --device=jvm,true",
    "score --device cpu,false",
    "score --data jvm,false"
  })
  void takesTheVectorModuleWhereItHelps(String arguments, boolean takes, @TempDir Path place)
      throws Exception {
    assumeTrue(Tool.has("sh"), "there is no sh: the launcher is not tried");
    String java =
        """
        #!/bin/sh
        case "$*" in
          *-version) echo 'openjdk version "17.0.1"' >&2 ;;
          *) echo "$*" ;;
        esac
        """;
    Path bin = Files.createDirectories(place.resolve("java/bin"));
    Files.writeString(bin.resolve("java"), java);
    // With CDPATH, cd says where it goes.
    String script =
        "chmod +x java/bin/java && export CDPATH=. JAVA_HOME=\"$PWD/java\""
            + " && cd \"$1\" >/dev/null && bin/weft $2";
    String said = Tool.run(place, List.of("sh", "-c", script, "sh", WEFT.toString(), arguments));
    assertEquals(takes, said.contains("--add-modules=jdk.incubator.vector"), said);
    assertTrue(said.contains("io.weft.samples.cli.Weft " + arguments), said);
    assertEquals(1, said.strip().lines().count(), said);
  }
}
