package io.weft.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the system says that this process holds of the machine's memory, native memory included. */
public final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /** Skips the test where the system does not say it in the way of Linux. */
  public static void assumeMeasurable() {
    assumeTrue(Files.exists(STATUS), "needs Linux's /proc/self/status");
  }

  /** Returns megabytes, after a collection of garbage. */
  public static long megabytes() {
    System.gc();
    return found("VmRSS:");
  }

  /** Returns megabytes as they are, without what Linux has read from files and can read again. */
  public static long withoutFiles() {
    return found("RssAnon:");
  }

  private static long found(String name) {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
