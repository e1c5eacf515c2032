package io.weft.spark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java process with the classes of the tests, which writes what it says into a file. */
public final class JavaProcess implements AutoCloseable {

  private final Process process;
  private final Path log;

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param options for Java
   * @param environment added to that of this process
   * @param log where its output goes
   * @param words the main class and its arguments
   */
  public static JavaProcess start(
      List<String> options, Map<String, String> environment, Path log, String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectOutput(log.toFile());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new JavaProcess(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what it has said so far. */
  public String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it says something, and returns the first group of the expression. */
  public String await(String expression, Duration most) {
    Pattern pattern = Pattern.compile(expression);
    String[] found = new String[1];
    until(
        () -> {
          Matcher matcher = pattern.matcher(said());
          if (matcher.find()) {
            found[0] = matcher.group(matcher.groupCount());
          } else if (!process.isAlive()) {
            throw new IllegalStateException("it ended without \"" + expression + "\": " + said());
          }
          return found[0] != null;
        },
        "\"" + expression + "\" in " + log,
        most);
    return found[0];
  }

  /** Waits for something to be so. */
  public static void until(BooleanSupplier condition, String what, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("waited " + most.toSeconds() + " s for " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + what, e);
      }
    }
  }

  /** Returns whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the processes that it has started and that still run. */
  public List<ProcessHandle> children() {
    return process.descendants().filter(ProcessHandle::isAlive).toList();
  }

  /** Waits for it to end by itself, and returns its exit code. */
  public int exit(Duration most) {
    until(() -> !process.isAlive(), "the end of " + log, most);
    return process.exitValue();
  }

  /** Kills it as {@code kill -9} does, and leaves what it has started. */
  public void kill() {
    process.destroyForcibly();
    exit(Duration.ofSeconds(20));
  }

  /** Kills it and what it has started. */
  @Override
  public void close() {
    List<ProcessHandle> started = children();
    kill();
    started.forEach(ProcessHandle::destroyForcibly);
  }
}
