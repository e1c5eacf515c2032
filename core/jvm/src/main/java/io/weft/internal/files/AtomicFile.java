package io.weft.internal.files;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Interruption;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes a file beside its place and moves it there only when it is whole. Links are followed: it
 * is the file behind them that is replaced. What is no file, such as a pipe or {@code /dev/null},
 * is not replaced but written into.
 */
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
   * Writes {@code target}, replacing what was there. Missing parent folders are made, and a file
   * keeps its permissions. If the content fails, or the thread is interrupted, the old file is
   * untouched and the temporary one removed.
   *
   * @param target the file to write
   * @param content fills it
   * @throws WriteException if the file cannot be written
   * @throws IOException what the content throws
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static void write(Path target, Content content) throws IOException {
    write(target, content, () -> {});
  }

  /** Something that is done with files. */
  @FunctionalInterface
  public interface Step {
    /** Takes the step. */
    void take() throws IOException;
  }

  /**
   * Writes {@code target} as above.
   *
   * @param then is done when the new file is whole, before it takes its place; where it fails the
   *     old one stays
   */
  public static void write(Path target, Content content, Step then) throws IOException {
    Objects.requireNonNull(content, "content");
    Path file = Links.followed(Objects.requireNonNull(target, "target"));
    if (isStream(file)) {
      writeInto(target, file, content);
      then.take();
      return;
    }
    beside(
        target,
        file,
        temporary -> {
          Interruption.check();
          fill(target, temporary, file, content);
          Interruption.check();
          then.take();
          own(target, () -> move(temporary, file));
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
    Path file = Links.followed(Objects.requireNonNull(target, "target"));
    if (!isStream(file)) {
      beside(target, file, temporary -> fill(target, temporary, file, out -> out.write(0)));
    } else if (!Files.isWritable(file)) {
      throw WriteException.into(target, new AccessDeniedException(file.toString()));
    }
  }

  /**
   * Returns why {@code target} cannot be written, as far as can be told ahead of long work without
   * making anything: in words that follow its name.
   *
   * @param target the file to be written later
   * @throws IOException if links lead in a circle
   */
  public static Optional<String> obstacle(Path target) throws IOException {
    Path file = Links.followed(Objects.requireNonNull(target, "target"));
    if (Files.isDirectory(file)) {
      return Optional.of("is a folder; name a file");
    }
    if ((isStream(file) || Files.exists(file)) && !Files.isWritable(file)) {
      return Optional.of("may not be written; name another file");
    }
    if (isStream(file)) {
      return Optional.empty();
    }
    Path existing = Objects.requireNonNull(file.getParent(), "no folder has no parent");
    while (!Files.exists(existing)) {
      existing = Objects.requireNonNull(existing.getParent(), "there is a root");
    }
    if (!Files.isDirectory(existing)) {
      return Optional.of("lies below " + existing + ", which is no folder; name another place");
    }
    return Files.isWritable(existing)
        ? Optional.empty()
        : Optional.of("lies in " + existing + ", which may not be written; name another place");
  }

  /** A device, a pipe or a socket; or what a process has open, to which no name leads. */
  private static boolean isStream(Path file) {
    return Files.isSymbolicLink(file)
        || (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file));
  }

  private static void writeInto(Path target, Path stream, Content content) throws IOException {
    // Not truncated: what standard output has had already stays.
    try (OutputStream out = opened(target, WriteException::into, stream, WRITE, APPEND)) {
      content.writeTo(out);
    }
  }

  private static OutputStream opened(Path target, Failure failure, Path file, OpenOption... how)
      throws IOException {
    try {
      return new BufferedOutputStream(new Named(Files.newOutputStream(file, how), target, failure));
    } catch (FileSystemException e) {
      throw failure.of(target, e);
    }
  }

  /** Takes a step whose failure is one to write the target; what a content throws is its own. */
  private static void own(Path target, Step step) throws IOException {
    try {
      step.take();
    } catch (FileSystemException e) {
      throw new WriteException(target, e);
    }
  }

  /** What is done with the file beside the target. */
  private interface Work {
    void on(Path temporary) throws IOException;
  }

  /** Works with a file beside {@code file}, whose folder is made, and removes what is left. */
  private static void beside(Path target, Path file, Work work) throws IOException {
    Path folder = file.getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new IOException(
          target + " is a folder; expected the name of a file to write. Add a file name.");
    }
    // In the same folder, so on the same disk; made here and not by createTempFile, whose files
    // only their owner may read.
    Path temporary = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    own(
        target,
        () -> {
          Files.createDirectories(folder);
          requireWritable(file);
        });
    try {
      work.on(temporary);
    } finally {
      own(target, () -> Files.deleteIfExists(temporary));
    }
  }

  /** To replace a file takes no permission of its own; that it may not be written is heeded. */
  private static void requireWritable(Path file) throws AccessDeniedException {
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new AccessDeniedException(file.toString());
    }
  }

  private static void fill(Path target, Path temporary, Path old, Content content)
      throws IOException {
    // A stream and no channel, which an interrupt would close.
    try (OutputStream out = opened(target, WriteException::new, temporary, CREATE_NEW, WRITE)) {
      own(target, () -> keepPermissions(old, temporary));
      content.writeTo(out);
    }
    force(target, temporary);
  }

  private static void keepPermissions(Path old, Path temporary) throws IOException {
    if (Files.exists(old)
        && Files.getFileAttributeView(old, PosixFileAttributeView.class) != null) {
      Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(old));
    }
  }

  /** What a failure to write is thrown as. */
  private interface Failure {
    IOException of(Path target, IOException cause);
  }

  /** Says which file a failure to write belongs to; the system does not. */
  private static final class Named extends FilterOutputStream {
    private final Path target;
    private final Failure failure;

    Named(OutputStream out, Path target, Failure failure) {
      super(out);
      this.target = target;
      this.failure = failure;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        throw failure.of(target, e);
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
