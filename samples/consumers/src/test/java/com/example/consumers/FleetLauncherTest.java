package com.example.consumers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line takes Spark from where its user has it, and says what to do where there is none.
 */
class FleetLauncherTest {

  private static final Path WEFT = Repository.ROOT.resolve("samples/target/weft/bin/weft");

  @Test
  void workersScoreAsThisMachineDoes(@TempDir Path place) throws Exception {
    assumeTrue(Tool.has("sh"), "there is no sh: the launcher is not tried");
    String here = scored(place, "here.csv", "");
    String there = scored(place, "there.csv", "--spark local[2]");
    assertEquals(here, there);
    assertTrue(here.contains("bits per dimension"), here);
    assertEquals(
        Files.readString(place.resolve("here.csv")), Files.readString(place.resolve("there.csv")));
  }

  @Test
  void withoutSparkItSaysWhatToDo(@TempDir Path place) throws Exception {
    assumeTrue(Tool.has("sh"), "there is no sh: the launcher is not tried");
    String score = " score --model-dir builtin:digits --data embedded --spark local[2]";
    String none = refused(place, "unset SPARK_HOME; " + WEFT + score);
    assertTrue(none.contains("Set SPARK_HOME to the folder of a Spark 4"), none);
    String other = refused(place, "export SPARK_HOME=/nowhere; " + WEFT + score);
    assertTrue(other.contains("there is no Spark in SPARK_HOME, /nowhere"), other);
  }

  private static String refused(Path place, String command) throws Exception {
    String said = Tool.run(place, List.of("sh", "-c", command + "; echo \"ended with $?\""));
    assertTrue(said.endsWith("ended with 2\n"), said);
    return said;
  }

  /** Returns the result, without what TensorFlow and Java say at their start. */
  private static String scored(Path place, String file, String spark) throws Exception {
    String script =
        "export SPARK_HOME=\"$1\""
            + " WEFT_JAVA_OPTS='-Dspark.driver.host=127.0.0.1"
            + " -Dspark.driver.bindAddress=127.0.0.1 -Dspark.ui.enabled=false';"
            + " \"$2\" score --model-dir builtin:digits --data embedded --limit 20 --per-image "
            + file
            + " "
            + spark;
    List<String> command =
        List.of("sh", "-c", script, "sh", sparkHome(place).toString(), WEFT.toString());
    return Tool.run(place, command)
        .lines()
        .filter(line -> line.contains(" an image"))
        .collect(Collectors.joining("\n"));
  }

  /** Lays out what people have as SPARK_HOME, of the jars that weft-spark is compiled with. */
  private static Path sparkHome(Path place) throws IOException {
    Path home = place.resolve("a spark");
    Path jars = home.resolve("jars");
    if (!Files.exists(jars)) {
      Files.createDirectories(jars);
      Path all = Repository.ROOT.resolve("samples/spark/target/spark-class-path.txt");
      for (String jar : Arrays.asList(Files.readString(all).split(File.pathSeparator))) {
        Path from = Path.of(jar.trim());
        Files.createSymbolicLink(jars.resolve(from.getFileName()), from);
      }
    }
    return home;
  }
}
