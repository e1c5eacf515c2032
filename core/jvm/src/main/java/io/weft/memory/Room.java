package io.weft.memory;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Memory that this process may use.
 *
 * @param whose what has it
 * @param total all of it, in bytes
 * @param available what nobody uses now, in bytes, as far as can be told
 */
record Room(String whose, long total, long available) {

  /**
   * The property that says how many bytes the machine has, where Weft takes it for smaller or
   * larger than it is.
   */
  static final String PROPERTY = "weft.memory";

  private static final Path MACHINE = Path.of("/proc/meminfo");

  private static final Path PROCESS = Path.of("/proc/self/status");

  /** Returns Java's heap. */
  static Room ofHeap() {
    Runtime java = Runtime.getRuntime();
    long used = java.totalMemory() - java.freeMemory();
    return new Room("Java's heap", java.maxMemory(), java.maxMemory() - used);
  }

  /**
   * Returns the memory of the machine, or what its container is given, with what it can swap;
   * nothing where Java cannot tell.
   */
  static Optional<Room> ofMachine() {
    String whose = "this machine";
    Long given = Long.getLong(PROPERTY);
    if (given != null) {
      return Optional.of(new Room(whose, given, given));
    }
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
      return Optional.empty();
    }
    // Java looks at the limits of containers, too.
    long memory = system.getTotalMemorySize();
    // What Linux caches of files counts as free.
    long free = bytes(MACHINE, "MemAvailable:").orElse(system.getFreeMemorySize());
    long ours = bytes(PROCESS, "VmRSS:").orElse(0L);
    return Optional.of(
        new Room(
            whose,
            memory + system.getTotalSwapSpaceSize(),
            Math.min(memory - ours, free) + system.getFreeSwapSpaceSize()));
  }

  /** Returns what Linux says in kilobytes. */
  private static Optional<Long> bytes(Path file, String name) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  String inWords() {
    return whose
        + " has "
        + Bytes.inWords((double) total)
        + ", of which "
        + Bytes.inWords((double) Math.max(0, available))
        + " are free";
  }
}
