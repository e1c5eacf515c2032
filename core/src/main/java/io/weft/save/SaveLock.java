package io.weft.save;

import io.weft.thread.Interruption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets one save at a time touch a place, of this process or another. A process that dies gives its
 * lock up.
 */
final class SaveLock implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(20);

  /** Beyond the content, which others must be able to read where locks are mandatory. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private final Path file;
  private final FileChannel channel;

  private SaveLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @param file the lock file, made where it is not there and removed when the lock is given up
   * @param patience how long to wait
   * @throws FileSystemException if the file cannot be made
   * @throws IOException if another holds it for longer than that
   */
  static SaveLock acquire(Path file, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      SaveLock lock = attempt(file);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            file
                + " has been held for "
                + patience.toSeconds()
                + " s by another save of the same model; wait for it, end that process, or save to"
                + " another folder");
      }
      Interruption.check();
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static @Nullable SaveLock attempt(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean acquired = false;
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      acquired = lock != null && isStillThere(file, channel);
      return acquired ? new SaveLock(file, channel) : null;
    } catch (OverlappingFileLockException e) {
      return null;
    } catch (IOException e) {
      // A full disk does not say which file had no room.
      String reason = Objects.requireNonNullElse(e.getMessage(), e.toString());
      throw (IOException) new FileSystemException(file.toString(), null, reason).initCause(e);
    } finally {
      if (!acquired) {
        channel.close();
      }
    }
  }

  /** The holder before may have removed the file between our opening and locking it. */
  private static boolean isStillThere(Path file, FileChannel channel) throws IOException {
    String token = UUID.randomUUID().toString();
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(token.getBytes(StandardCharsets.UTF_8)), 0);
    try {
      return Files.readString(file).equals(token);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(file);
    } finally {
      channel.close();
    }
  }
}
