package io.weft.internal.files;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where symbolic links lead, also to what is not there yet. */
public final class Links {

  /** As many as Linux follows. */
  private static final int MOST = 40;

  /** Its links are no names but what a process has open, such as its standard output. */
  private static final String OPEN_FILES = "/proc";

  private Links() {}

  /**
   * Returns the absolute path that a path leads to. Unlike {@link Path#toRealPath} it need not
   * exist: what a link names can be made through it. Where it leads to what a process has open
   * ({@code /dev/stdout}), that is the end, and the only link that is returned.
   *
   * @throws FileSystemLoopException if links lead in a circle
   * @throws IOException if a link cannot be read
   */
  public static Path followed(Path path) throws IOException {
    Path at = path.toAbsolutePath().normalize();
    for (int link = 0; link < MOST; link++) {
      Path folder = at.getParent();
      Path name = at.getFileName();
      if (folder != null && name != null && Files.isDirectory(folder)) {
        at = folder.toRealPath().resolve(name);
      }
      if (!Files.isSymbolicLink(at) || at.startsWith(OPEN_FILES)) {
        return at;
      }
      at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
    }
    throw new FileSystemLoopException(path.toString());
  }
}
