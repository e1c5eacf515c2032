package io.weft.internal.memory;

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
public record Room(String whose, long total, long available) {

  /**
   * The property that says how many bytes the machine has, where Weft takes it for smaller or
   * larger than it is.
   */
  static final String PROPERTY = "weft.memory";

  private static final Path MACHINE = Path.of("/proc/meminfo");

  private static final Path PROCESS = Path.of("/proc/self/status");

  private static final Path LIMITS = Path.of("/proc/self/limits");

  /** Returns Java's heap. */
  public static Room ofHeap() {
    Runtime java = Runtime.getRuntime();
    long used = java.totalMemory() - java.freeMemory();
    return new Room("Java's heap", java.maxMemory(), java.maxMemory() - used);
  }

  /**
   * Returns the memory of the machine, or what its container is given, with what it can swap;
   * nothing where Java cannot tell.
   */
  public static Optional<Room> ofMachine() {
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
    Room machine =
        new Room(
            whose,
            memory + system.getTotalSwapSpaceSize(),
            Math.min(memory - ours, free) + system.getFreeSwapSpaceSize());
    return Optional.of(
        ofAddresses().filter(own -> own.available < machine.available).orElse(machine));
  }

  /** Returns what {@code ulimit -v} leaves to this process; nothing where it is not limited. */
  private static Optional<Room> ofAddresses() {
    return line(LIMITS, "Max address space")
        .map(line -> line.replaceFirst("^\\D*(\\d*).*", "$1"))
        .filter(limit -> !limit.isEmpty())
        .map(Long::parseLong)
        .map(
            limit ->
                new Room(
                    "this process (ulimit -v)",
                    limit,
                    limit - bytes(PROCESS, "VmSize:").orElse(0L)));
  }

  /** Returns what Linux says in kilobytes. */
  private static Optional<Long> bytes(Path file, String name) {
    return line(file, name).map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10);
  }

  private static Optional<String> line(Path file, String beginning) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> line.startsWith(beginning)).findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** Returns all of it and what is free: "this machine has 8 GB, of which 2 GB are free". */
  public String inWords() {
    return whose
        + " has "
        + Bytes.inWords((double) total)
        + ", of which "
        + Bytes.inWords((double) Math.max(0, available))
        + " are free";
  }
}
