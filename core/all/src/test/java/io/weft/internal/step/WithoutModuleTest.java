package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a process of its own, without Java's vector module. */
class WithoutModuleTest {

  /** What the process does. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      System.out.println("best " + JvmLoops.best());
      System.out.println("again " + JvmLoops.best());
      try {
        JvmLoops.VECTOR.kernels();
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void plainLoopsAreTakenAndOneLineSaysHowToBeFaster() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> lines;
    try (BufferedReader out = process.inputReader()) {
      lines = out.lines().toList();
    }
    assertEquals(0, process.waitFor(), lines.toString());
    assertTrue(lines.contains("best PLAIN") && lines.contains("again PLAIN"), lines.toString());
    List<String> advice =
        lines.stream().filter(l -> l.contains("--add-modules jdk.incubator.vector")).toList();
    assertEquals(2, advice.size(), lines.toString());
    assertTrue(advice.get(0).contains("sampling in plain loops"), advice.get(0));
    assertTrue(advice.get(1).startsWith("vector loops are not available here"), advice.get(1));
  }
}
