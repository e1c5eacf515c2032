package io.weft.internal.tensorflow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What Linux says of mounted disks. */
final class Mounts {

  private static final Path LIST = Path.of("/proc/self/mounts");

  private Mounts() {}

  /** Returns whether the disk that a folder is on is known to run no programs. */
  static boolean forbidPrograms(Path folder) {
    List<String> lines;
    try {
      lines = Files.readAllLines(LIST, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return false;
    }
    // device, place, type, options; a later mount hides an earlier one at the same place.
    return lines.stream()
        .map(line -> line.split(" "))
        .filter(mount -> mount.length > 3 && folder.startsWith(mount[1]))
        .reduce((one, other) -> longer(one, other) ? one : other)
        .filter(mount -> Arrays.asList(mount[3].split(",")).contains("noexec"))
        .isPresent();
  }

  private static boolean longer(String[] one, String[] other) {
    return one[1].length() > other[1].length();
  }
}
