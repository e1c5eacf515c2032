package com.example.consumers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other programs, as a user starts them. */
final class Tool {

  private Tool() {}

  /** Runs a command that has to succeed, and returns all that it said. */
  static String run(Path folder, List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    // What the build that runs these tests was started with is nobody else's.
    builder.environment().remove("MAVEN_OPTS");
    builder.environment().remove("MAVEN_CMD_LINE_ARGS");
    builder.environment().remove("CLASSPATH");
    Process process = builder.start();
    assertTrue(process.waitFor(3, TimeUnit.MINUTES), () -> command + " does not end");
    String said = Files.readString(out);
    assertEquals(0, process.exitValue(), said);
    return said;
  }

  static List<String> java(String... arguments) {
    return tool("java", arguments);
  }

  static List<String> tool(String name, String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
    all.addAll(List.of(arguments));
    return all;
  }

  /** Returns whether a command is on the path. */
  static boolean has(String command) {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, command))) {
        return true;
      }
    }
    return false;
  }
}
