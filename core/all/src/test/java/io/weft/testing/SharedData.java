package io.weft.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Data that lie beside the project on some machines, and are not part of it. */
public final class SharedData {

  private SharedData() {}

  /** Looks upwards from the working directory for {@code shared/data/name}. */
  public static Optional<Path> find(String name) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = at.resolve("shared/data").resolve(name);
      if (Files.exists(found)) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }
}
