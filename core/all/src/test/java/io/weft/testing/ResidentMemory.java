package io.weft.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** What the system says that this process holds of the machine's memory, native memory included. */
public final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");

  /** A mapping's first line, as "80000000-a0000000 rw-p 00000000 00:00 0". */
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");

  /** The ends of a part of the heap, as the JVM prints them: "[0x0000000080000000, ". */
  private static final Pattern ADDRESS = Pattern.compile("0x([0-9a-f]{16})");

  private ResidentMemory() {}

  /** Skips the test where the system does not say it in the way of Linux. */
  public static void assumeMeasurable() {
    assumeTrue(Files.exists(MAPPINGS), "needs Linux's /proc/self/smaps");
  }

  /**
   * Returns megabytes without those of Java's heap, after a collection of garbage. The heap has its
   * own limit, and how many of its pages a JVM keeps depends on when it collected, on the machine
   * and on what ran before: a leak of native memory is seen without them.
   */
  public static long outsideHeap() {
    System.gc();
    return (found("VmRSS:") - heap()) >> 10;
  }

  /** Returns megabytes as they are, without what Linux has read from files and can read again. */
  public static long withoutFiles() {
    return found("RssAnon:") >> 10;
  }

  private static long found(String name) {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(ResidentMemory::kilobytes)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The resident kilobytes of the mappings that lie between the heap's first and last address. */
  private static long heap() {
    List<BigInteger> ends = ADDRESS.matcher(heapParts()).results().map(m -> hex(m, 1)).toList();
    BigInteger first = ends.stream().min(BigInteger::compareTo).orElseThrow();
    BigInteger last = ends.stream().max(BigInteger::compareTo).orElseThrow();
    try (Stream<String> lines = Files.lines(MAPPINGS)) {
      long kilobytes = 0;
      boolean within = false;
      for (String line : (Iterable<String>) lines::iterator) {
        var mapping = MAPPING.matcher(line);
        if (mapping.matches()) {
          within = hex(mapping, 1).compareTo(first) >= 0 && hex(mapping, 2).compareTo(last) <= 0;
        } else if (within && line.startsWith("Rss:")) {
          kilobytes += kilobytes(line);
        }
      }
      return kilobytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code jcmd GC.heap_info} prints, without the classes' memory, which is no heap. */
  private static String heapParts() {
    try {
      Object info =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcHeapInfo",
                  new Object[0],
                  new String[0]);
      return info.toString().replaceAll("(?s)Metaspace.*", "");
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BigInteger hex(MatchResult found, int group) {
    return new BigInteger(found.group(group), 16);
  }

  private static long kilobytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
