package io.weft.internal.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Reading what is a file and nothing else: a pipe can keep its reader waiting for ever, and a
 * device may have no end. Links are followed.
 */
public final class RegularFile {

  private RegularFile() {}

  /**
   * Returns what there is in words, such as "a folder", if it is no file; empty if it is one.
   *
   * @throws IOException if that cannot be told
   */
  public static Optional<String> otherThanFile(Path path) throws IOException {
    try {
      return otherThanFile(Files.readAttributes(path, BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      return Optional.of("no such file");
    } catch (FileSystemException e) {
      // What should be a folder above it is none.
      if (!(e instanceof AccessDeniedException) && !Files.exists(path)) {
        return Optional.of("no such file");
      }
      throw e;
    }
  }

  private static Optional<String> otherThanFile(BasicFileAttributes attributes) {
    if (attributes.isRegularFile()) {
      return Optional.empty();
    }
    return Optional.of(attributes.isDirectory() ? "a folder" : "a device, a pipe or a socket");
  }

  /**
   * Opens a file.
   *
   * @throws NoSuchFileException if there is nothing
   * @throws FileSystemException if it is something else
   * @throws IOException if it cannot be read
   */
  public static InputStream open(Path file) throws IOException {
    Optional<String> other = otherThanFile(Files.readAttributes(file, BasicFileAttributes.class));
    if (other.isPresent()) {
      throw new FileSystemException(
          file.toString(), null, "is " + other.get() + "; expected a file");
    }
    return Files.newInputStream(file);
  }
}
