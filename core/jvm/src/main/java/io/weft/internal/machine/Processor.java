package io.weft.internal.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What Linux says of the processor; other systems say nothing.
 *
 * @param words the lines of {@link #FILE}, if it can be read
 */
public record Processor(Optional<String> words) {

  /** Where Linux says it. */
  public static final Path FILE = Path.of("/proc/cpuinfo");

  /** Returns that of this machine. */
  public static Processor here() {
    try {
      return new Processor(Optional.of(Files.readString(FILE, StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      return new Processor(Optional.empty());
    }
  }

  /** Returns its name, as "AMD EPYC 9654"; nothing where that is unknown. */
  public Optional<String> name() {
    return value("model name");
  }

  /** Returns the instructions that it has, in Linux' words: "avx2", "fma", "asimd"; maybe none. */
  public List<String> instructions() {
    return value("flags")
        .or(() -> value("Features"))
        .map(flags -> Arrays.asList(flags.split("\\s+")))
        .orElse(List.of());
  }

  private Optional<String> value(String key) {
    return words
        .flatMap(all -> all.lines().filter(line -> line.startsWith(key)).findFirst())
        .map(line -> line.substring(line.indexOf(':') + 1).strip());
  }
}
