package io.weft.files;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.UUID;

/** Writes a file beside its place and moves it there only when it is whole. */
public final class AtomicFile {

  private AtomicFile() {}

  /** What fills the new file. */
  @FunctionalInterface
  public interface Content {

    /**
     * Writes the whole content.
     *
     * @param out where to; closed by the caller
     * @throws IOException if writing fails; the target then stays as it was
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes {@code target}, replacing what was there. Missing parent folders are made. If the
   * content fails, the old file is untouched and the temporary one removed.
   *
   * @param target the file to write
   * @param content fills it
   * @throws IOException if writing or moving fails
   */
  public static void write(Path target, Content content) throws IOException {
    Objects.requireNonNull(content, "content");
    Path temporary = temporary(target);
    try {
      fill(temporary, content);
      move(temporary, target.toAbsolutePath());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Checks ahead of long work that {@code target} can be written, by writing beside it. Missing
   * parent folders are made; the target itself stays as it is.
   *
   * @param target the file to be written later
   * @throws IOException if it cannot be written
   */
  public static void checkWritable(Path target) throws IOException {
    Path temporary = temporary(target);
    try {
      fill(temporary, out -> out.write(0));
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Returns the file beside {@code target} that it is written to first, and makes its folder. */
  private static Path temporary(Path target) throws IOException {
    Path absolute = Objects.requireNonNull(target, "target").toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || Files.isDirectory(absolute)) {
      throw new IOException(
          target + " is a folder; expected the name of a file to write. Add a file name.");
    }
    Files.createDirectories(folder);
    // In the same folder, so on the same disk; made here and not by createTempFile, whose files
    // only their owner may read.
    return folder.resolve("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
  }

  private static void fill(Path temporary, Content content) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, CREATE_NEW, WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
      content.writeTo(out);
      out.flush();
      channel.force(true); // Or a crash after the move could leave an empty file.
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
