package io.weft.internal.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * NVIDIA's driver in the kernel.
 *
 * @param version as "560.35.05"
 */
record NvidiaDriver(String version) {

  private static final Path VERSION = Path.of("/sys/module/nvidia/version");

  /** Returns that of this machine, if it has one; only Linux says so. */
  static Optional<NvidiaDriver> find() {
    return find(VERSION);
  }

  static Optional<NvidiaDriver> find(Path file) {
    try {
      return Optional.of(new NvidiaDriver(Files.readString(file).strip()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  String inWords() {
    return "NVIDIA's driver " + version + " is there";
  }
}
