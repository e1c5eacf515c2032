package io.weft.files;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.weft.thread.Aside;
import io.weft.thread.Interruption;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
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
   * content fails, or the thread is interrupted, the old file is untouched and the temporary one
   * removed.
   *
   * @param target the file to write
   * @param content fills it
   * @throws WriteException if the file cannot be written
   * @throws IOException what the content throws
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static void write(Path target, Content content) throws IOException {
    Objects.requireNonNull(content, "content");
    beside(
        target,
        temporary -> {
          Interruption.check();
          fill(target, temporary, content);
          Interruption.check();
          move(temporary, target.toAbsolutePath());
        });
  }

  /**
   * Checks ahead of long work that {@code target} can be written, by writing beside it. Missing
   * parent folders are made; the target itself stays as it is.
   *
   * @param target the file to be written later
   * @throws WriteException if it cannot be written
   * @throws IOException if it is a folder
   */
  public static void checkWritable(Path target) throws IOException {
    beside(target, temporary -> fill(target, temporary, out -> out.write(0)));
  }

  /** What is done with the file beside the target. */
  private interface Work {
    void on(Path temporary) throws IOException;
  }

  /** Works with a file beside {@code target}, whose folder is made, and removes what is left. */
  private static void beside(Path target, Work work) throws IOException {
    Path absolute = Objects.requireNonNull(target, "target").toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || Files.isDirectory(absolute)) {
      throw new IOException(
          target + " is a folder; expected the name of a file to write. Add a file name.");
    }
    // In the same folder, so on the same disk; made here and not by createTempFile, whose files
    // only their owner may read.
    Path temporary =
        folder.resolve("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(folder);
      try {
        work.on(temporary);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (FileSystemException e) {
      throw new WriteException(target, e);
    }
  }

  private static void fill(Path target, Path temporary, Content content) throws IOException {
    // A stream and no channel, which an interrupt would close.
    try (OutputStream file = Files.newOutputStream(temporary, CREATE_NEW, WRITE);
        OutputStream out = new BufferedOutputStream(new Named(target, file))) {
      content.writeTo(out);
    }
    force(target, temporary);
  }

  /** Says which file a failure to write belongs to; the system does not. */
  private static final class Named extends FilterOutputStream {
    private final Path target;

    Named(Path target, OutputStream file) {
      super(file);
      this.target = target;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        throw new WriteException(target, e);
      }
    }
  }

  /** Or a crash after the move could leave an empty file. */
  private static void force(Path target, Path temporary) throws IOException {
    try {
      Aside.uninterrupted(
          () -> {
            try (FileChannel channel = FileChannel.open(temporary, WRITE)) {
              channel.force(true);
            }
          });
    } catch (IOException e) {
      throw new WriteException(target, e);
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
