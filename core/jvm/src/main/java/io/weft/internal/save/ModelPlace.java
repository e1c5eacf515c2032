package io.weft.internal.save;

import io.weft.internal.files.Links;
import io.weft.save.ModelFormatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a model is saved, and the folders beside it through which it is replaced:
 *
 * <ol>
 *   <li>the new model is written to {@code .NAME.weft-new}, and forced to the disk;
 *   <li>the old one is renamed to {@code .NAME.weft-old};
 *   <li>the new one is renamed to its place;
 *   <li>the old one is deleted.
 * </ol>
 *
 * <p>At each moment one complete model is at the place or, between 2 and 3, the only one at {@code
 * .NAME.weft-old}. A loader looks there if the place is empty, and the next save tidies up.
 */
final class ModelPlace {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** What file browsers drop into every folder that is looked at. */
  private static final Set<String> DROPPINGS = Set.of(".DS_Store", "Thumbs.db", "desktop.ini");

  private final Path folder;
  private final Path fresh;
  private final Path old;
  private final Path lock;

  private ModelPlace(Path folder, Path parent, String name) {
    this.folder = folder;
    fresh = parent.resolve("." + name + ".weft-new");
    old = parent.resolve("." + name + ".weft-old");
    lock = parent.resolve("." + name + ".weft-lock");
  }

  /** Returns the place that a path names; links are followed. */
  static ModelPlace of(Path path) throws IOException {
    Path folder = Links.followed(path);
    Path parent = folder.getParent();
    Path name = folder.getFileName();
    if (parent == null || name == null) {
      throw new IOException(
          path + " is the root of a file system; expected the name of a folder for the model");
    }
    return new ModelPlace(folder, parent, name.toString());
  }

  /** To replace a folder takes what other file systems need not have: locks, and atomic renames. */
  static void requireOwnDisk(Path path) throws IOException {
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IOException(
          path
              + " is on "
              + path.getFileSystem()
              + "; models are saved as folders on the computer's own file system only. Give a"
              + " Path.of(..), or save to an OutputStream, as a zip");
    }
  }

  /** Returns the folder under the name that the user knows. */
  Path folder() {
    return folder;
  }

  /** Returns where the new model is written. */
  Path fresh() {
    return fresh;
  }

  /** Returns where the old model is while it is replaced. */
  Path old() {
    return old;
  }

  /** Returns the folder that holds the model now, which may be gone in the next moment. */
  Path current() {
    return !Files.exists(folder) && Files.exists(old) ? old : folder;
  }

  /** Returns whether somebody saves to this place at this moment. */
  boolean isBeingSaved() {
    return SaveLock.isHeld(lock);
  }

  /** Waits for other saves to this place to end. */
  SaveLock lock() throws IOException {
    return SaveLock.acquire(lock, PATIENCE);
  }

  /**
   * Tidies up after a crash, and sees to it that the folder may be replaced.
   *
   * @throws IOException if something is there that is not a model, or cannot be tidied up
   */
  void prepare() throws IOException {
    discard(fresh);
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && Files.exists(old)) {
      move(old, folder);
    }
    discard(old);
    checkReplaceable();
  }

  /**
   * Sees to it that the folder may be replaced.
   *
   * @throws ModelFormatException if something is there that is not a model
   */
  void checkReplaceable() throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<String> names = names(folder);
    if (names.isEmpty()) {
      return;
    }
    try {
      Manifest.checkFormat(folder);
    } catch (ModelFormatException e) {
      throw new ModelFormatException(
          folder,
          "a folder with files in it that is no model",
          "a new folder, an empty one, or a saved model",
          "Choose another folder, or move this one away.",
          e);
    }
    List<String> foreign =
        names.stream().filter(n -> !Manifest.isPart(n) && !DROPPINGS.contains(n)).toList();
    if (!foreign.isEmpty()) {
      throw new ModelFormatException(
          folder,
          "files that are not part of the model: " + String.join(", ", foreign),
          "a folder with a saved model only, since saving replaces it",
          "Move those files elsewhere, or save to another folder.");
    }
  }

  /** Returns whether a file, by its path, is one that other programs drop unasked. */
  static boolean isDropping(String path) {
    return path.startsWith("__MACOSX/")
        || DROPPINGS.contains(path.substring(path.lastIndexOf('/') + 1));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> String.valueOf(p.getFileName())).sorted().toList();
    } catch (NotDirectoryException e) {
      throw new ModelFormatException(
          folder, "a file", "a folder", "Choose another name, or move the file away.", e);
    }
  }

  /** Makes the folder for the new model. */
  void makeFresh() throws IOException {
    Files.createDirectory(fresh);
  }

  /** Forces the new model to the disk. */
  void force() throws IOException {
    for (String name : names(fresh)) {
      try (FileChannel file = FileChannel.open(fresh.resolve(name), StandardOpenOption.WRITE)) {
        file.force(true);
      }
    }
    forceFolder(fresh);
  }

  /** Moves the model that is at the place, if any, out of the way. */
  void retire() throws IOException {
    if (Files.exists(folder)) {
      move(folder, old);
    }
  }

  /** Moves the new model to the place, or the old one back if that fails. */
  void publish() throws IOException {
    try {
      move(fresh, folder);
    } catch (IOException e) {
      if (Files.exists(old)) {
        move(old, folder);
      }
      throw e;
    }
  }

  /** Puts the old model back, after the new one has taken its place. */
  void withdraw() throws IOException {
    move(folder, fresh);
    if (Files.exists(old)) {
      move(old, folder);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    forceFolder(to.toAbsolutePath().getParent());
  }

  /** Makes renames last; only POSIX systems can, the others need not. */
  private static void forceFolder(Path folder) throws IOException {
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes what a save leaves; the old model only if one is in its place. */
  void tidy() throws IOException {
    discard(fresh);
    if (Files.exists(folder)) {
      discard(old);
    }
  }

  /** Deletes a folder of ours: the manifest first, so that a remnant is never taken for a model. */
  private static void discard(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.deleteIfExists(folder.resolve(Manifest.FILE));
    for (String name : names(folder)) {
      if (Manifest.isPart(name) || DROPPINGS.contains(name)) {
        Files.deleteIfExists(folder.resolve(name));
      }
    }
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      throw new ModelFormatException(
          folder,
          "files that are not Weft's: " + String.join(", ", names(folder)),
          "a left-over of a save that was cut short",
          "Move those files elsewhere.",
          e);
    }
  }
}
