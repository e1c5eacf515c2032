package io.weft.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders to write in. */
final class Writable {

  private Writable() {}

  /**
   * Makes a folder if need be, and checks before hours of training that files can be made there.
   */
  static Path folder(Path folder) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IOException(folder + " is a file; expected a folder to write in. Give another.");
    }
    Files.createDirectories(folder);
    try {
      Files.delete(Files.createTempFile(folder, ".weft", ".part"));
    } catch (IOException e) {
      throw new IOException(folder + ": cannot write there; give another folder", e);
    }
    return folder;
  }
}
