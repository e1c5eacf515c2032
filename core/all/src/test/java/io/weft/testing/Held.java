package io.weft.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process holds of the system; nothing where the system does not say. */
public final class Held {

  private static final Path PROCESS = Path.of("/proc/self");

  private Held() {}

  /** Returns how many files, sockets and pipes are open. */
  public static long files() {
    return entries("fd");
  }

  /** Returns how many threads there are, those of native libraries among them. */
  public static long threads() {
    return entries("task");
  }

  private static long entries(String name) {
    Path folder = PROCESS.resolve(name);
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
