package io.weft.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Java processes with the classes of the tests: to be killed, or to have little memory. */
public final class ChildJvm {

  /**
   * What a process that ended by itself left.
   *
   * @param exit its exit code; above 128 if a signal ended it, an abort of native code included
   * @param output what it printed
   */
  public record Ended(int exit, String output) {}

  private ChildJvm() {}

  /**
   * Returns the words that start one. It starts quickly rather than running fast.
   *
   * @param heap of Java, such as "256m"
   */
  public static List<String> command(String heap, Class<?> main, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Duser.language=" + Locale.getDefault().getLanguage(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    words.addAll(List.of(arguments));
    return words;
  }

  /** Runs a command to its end. */
  public static Ended run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
