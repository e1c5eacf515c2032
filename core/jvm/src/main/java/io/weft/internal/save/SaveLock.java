package io.weft.internal.save;

import io.weft.internal.thread.Interruption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets one save at a time touch a place, of this process or another. A process that dies gives its
 * lock up.
 */
final class SaveLock implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(20);

  /** Three times in 1,024 lengths no other file has the same by chance. */
  private static final int CHECKS = 3;

  private static final int LONGEST = 1 << 10;

  /** Beyond the content, which others must be able to read where locks are mandatory. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /**
   * The lock files that this process has open. POSIX takes a process's lock away when the process
   * closes the file, by whatever channel: so there is one at a time.
   */
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

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
    if (!IN_USE.add(file)) {
      return null;
    }
    SaveLock lock = null;
    try {
      lock = attemptAlone(file);
      return lock;
    } finally {
      if (lock == null) {
        IN_USE.remove(file);
      }
    }
  }

  private static @Nullable SaveLock attemptAlone(Path file) throws IOException {
    requireOurs(file);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    boolean acquired = false;
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      acquired = lock != null && isStillThere(file, channel);
      return acquired ? new SaveLock(file, channel) : null;
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

  /** A link would have another file emptied, a pipe would block. */
  private static void requireOurs(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          file.toString(), null, "it is there, and is no lock that Weft made; remove it");
    }
  }

  /** Returns whether another save holds the lock. Writes nothing. */
  static boolean isHeld(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!IN_USE.add(file)) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(LOCKED_BYTE, 1, true)) {
      return lock == null;
    } catch (IOException e) {
      // Removed in this moment, or on a disk that knows no locks.
      return false;
    } finally {
      IN_USE.remove(file);
    }
  }

  /**
   * The holder before may have removed the file between our opening and locking it: then what is
   * done to ours does not show at its place. Looked at from outside, for to open it there would
   * give the lock away.
   */
  private static boolean isStillThere(Path file, FileChannel channel) throws IOException {
    for (int check = 0; check < CHECKS; check++) {
      int length = 1 + ThreadLocalRandom.current().nextInt(LONGEST);
      channel.truncate(0);
      channel.write(ByteBuffer.allocate(1), length - 1L);
      try {
        if (Files.size(file) != length) {
          return false;
        }
      } catch (NoSuchFileException e) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(file);
    } finally {
      try {
        channel.close();
      } finally {
        IN_USE.remove(file);
      }
    }
  }
}
