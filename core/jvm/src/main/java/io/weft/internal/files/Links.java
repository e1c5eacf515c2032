package io.weft.internal.files;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Where symbolic links lead, also to what is not there yet. */
public final class Links {

  /** As many as Linux follows. */
  private static final int MOST = 40;

  /** Its links are no names but what a process has open, such as its standard output. */
  private static final String OPEN_FILES = "/proc";

  private Links() {}

  /**
   * Returns the absolute path that a path leads to. Unlike {@link Path#toRealPath} it need not
   * exist: what a link names can be made through it. A {@code ..} behind a link is that of where it
   * leads, as the system has it. Where a path leads to what a process has open ({@code
   * /dev/stdout}), that is the end, and the only link that is returned.
   *
   * @throws FileSystemLoopException if links lead in a circle
   * @throws IOException if a link cannot be read
   */
  public static Path followed(Path path) throws IOException {
    Path at = path.toAbsolutePath().getRoot();
    Deque<Path> ahead = new ArrayDeque<>();
    push(ahead, path.toAbsolutePath());
    for (int links = 0; !ahead.isEmpty(); ) {
      String name = ahead.pop().toString();
      if (name.equals("..")) {
        // Of what a link leads to, as the system has it, not of the link.
        at = at.getParent() == null ? at : at.getParent();
        continue;
      }
      Path next = name.equals(".") ? at : at.resolve(name);
      if (!Files.isSymbolicLink(next)) {
        at = next;
      } else if (next.startsWith(OPEN_FILES)) {
        at = ahead.isEmpty() ? next : next.toRealPath();
      } else if (++links > MOST) {
        throw new FileSystemLoopException(path.toString());
      } else {
        Path target = Files.readSymbolicLink(next);
        at = target.isAbsolute() ? target.getRoot() : at;
        push(ahead, target);
      }
    }
    return spelt(at);
  }

  private static void push(Deque<Path> ahead, Path path) {
    for (int name = path.getNameCount() - 1; name >= 0; name--) {
      ahead.push(path.getName(name));
    }
  }

  /** As the disk spells it, where it does not tell capital letters from small ones. */
  private static Path spelt(Path at) throws IOException {
    Path folder = at.getParent();
    Path name = at.getFileName();
    return folder != null && name != null && Files.isDirectory(folder)
        ? folder.toRealPath().resolve(name)
        : at;
  }
}
