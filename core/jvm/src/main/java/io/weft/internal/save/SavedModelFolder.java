package io.weft.internal.save;

import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.internal.files.Links;
import io.weft.internal.files.WriteException;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Interruption;
import io.weft.save.ModelFormatException;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A model as a TensorFlow SavedModel, for servers and other languages. It has two signatures. Their
 * inputs in common are {@code images}, uint8 levels [batch, height, width, channels], and one
 * {@code condition_NAME} for each condition: labels int32 [batch], a vector float32 [batch, size]
 * or a map float32 [batch, height, width, maps].
 *
 * <ul>
 *   <li>{@code score} gives {@code log_likelihood}, float32 [batch, height, width, channels]: of
 *       each colour value, a natural logarithm.
 *   <li>{@code sample_step} draws one colour value of each image. It also takes {@code step},
 *       int32: the number of the value in generation order (pixel rank x channels + channel);
 *       {@code uniforms}, float64 [batch], in [0, 1); and {@code temperature}, float32, above 0. It
 *       gives {@code value}, int32 [batch], and {@code images} with the value in its place. What
 *       images hold at this step and later does not matter. With the numbers that Weft's sampler
 *       uses it draws the same images, but for rounding.
 * </ul>
 *
 * <p>A step computes the whole network; Weft's own sampler computes what is new, and is faster by
 * orders of magnitude.
 */
public final class SavedModelFolder {

  private SavedModelFolder() {}

  /**
   * Writes a SavedModel. It appears in its place when it is whole. Missing parent folders are made.
   *
   * @param folder a folder that does not exist, or is empty
   * @throws io.weft.engine.EngineMissingException if TensorFlow is not on the class path
   * @throws ModelFormatException if there is something there already
   * @throws WriteException if writing fails; then nothing is left
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; then nothing
   *     is left
   */
  public static void export(Definition definition, Weights weights, Path folder)
      throws IOException {
    Objects.requireNonNull(folder, "folder");
    Aside.inOrder(() -> write(definition, weights, folder));
  }

  private static void write(Definition definition, Weights weights, Path folder)
      throws IOException {
    ModelPlace.requireOwnDisk(folder);
    Path target = Links.followed(folder);
    Path parent = target.getParent();
    if (parent == null) {
      throw new IOException(
          folder + " is the root of a file system; expected the name of a folder to export to");
    }
    checkFree(target);
    Path temporary =
        parent.resolve("." + target.getFileName() + ".weft-export-" + UUID.randomUUID());
    try {
      Files.createDirectories(parent);
      Files.createDirectory(temporary);
      Engine.on(Device.cpu()).exportSavedModel(definition, weights, temporary);
      Interruption.check();
      Files.deleteIfExists(target);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new WriteException(folder, e);
    } finally {
      delete(temporary);
    }
  }

  private static void checkFree(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    try (Stream<Path> all = Files.list(target)) {
      if (all.findAny().isEmpty()) {
        return;
      }
    } catch (NotDirectoryException e) {
      throw new ModelFormatException(
          target, "a file", "a new or an empty folder", "Choose another name.", e);
    }
    throw new ModelFormatException(
        target,
        "a folder with files in it",
        "a new or an empty folder",
        "Choose another folder, or move this one away.");
  }

  private static void delete(Path temporary) throws IOException {
    if (!Files.exists(temporary)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(temporary)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
