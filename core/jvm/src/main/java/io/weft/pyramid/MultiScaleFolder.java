package io.weft.pyramid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weft.Model;
import io.weft.engine.Device;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.save.ModelFolder;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A pyramid as a folder: {@code multi-scale.json}, which says how the two models go together, and
 * the folders {@code small} and {@code large}, each a {@linkplain ModelFolder model} by itself.
 *
 * <p>Each of the two is replaced as a whole. What a save that was cut short leaves is a pyramid
 * too: neither model depends on the other's weights.
 */
public final class MultiScaleFolder {

  /** The file that tells a pyramid from a model. */
  private static final String FILE = "multi-scale.json";

  private static final String SMALL = "small";
  private static final String LARGE = "large";
  private static final String FORMAT = "weft-multi-scale";
  private static final int VERSION = 1;
  private static final int LARGEST = 1 << 16;
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final Path folder;
  private final LayerCatalog catalog;

  private MultiScaleFolder(Path folder, LayerCatalog catalog) {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.catalog = Objects.requireNonNull(catalog, "catalog");
  }

  /**
   * Returns a folder, which need not exist yet.
   *
   * @param catalog the layers that its definitions may have
   */
  public static MultiScaleFolder of(Path folder, LayerCatalog catalog) {
    return new MultiScaleFolder(folder, catalog);
  }

  /** Returns whether there is a pyramid in a folder, rather than a single model or none. */
  public static boolean isAt(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  /**
   * Checks ahead of long work that nothing is here that {@link #save} would refuse to replace.
   *
   * @throws ModelFormatException if the folder holds anything else than a saved pyramid
   * @throws IOException if the folder cannot be read
   */
  public void checkReplaceable() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.list(folder)) {
      List<String> others =
          all.map(path -> path.getFileName().toString())
              // A leading dot is what saves, and systems that show folders, put beside.
              .filter(name -> !name.startsWith(".") && !List.of(FILE, SMALL, LARGE).contains(name))
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw foreign(folder, others.get(0) + " in it", "Save to another folder.");
      }
    } catch (NotDirectoryException e) {
      throw foreign(folder, "a file", "Save to another place.");
    }
    ModelFolder.of(folder.resolve(SMALL), catalog).checkReplaceable();
    ModelFolder.of(folder.resolve(LARGE), catalog).checkReplaceable();
  }

  /**
   * Saves a pyramid, replacing one that was there.
   *
   * @throws ModelFormatException if the folder holds anything else than a saved pyramid
   * @throws IOException if writing fails
   */
  public void save(MultiScaleModel model) throws IOException {
    checkReplaceable();
    MultiScale definition = model.definition();
    model.small().save(folder.resolve(SMALL), catalog);
    model.large().save(folder.resolve(LARGE), catalog);
    byte[] text =
        MAPPER
            .writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(
                MAPPER
                    .createObjectNode()
                    .put("format", FORMAT)
                    .put("version", VERSION)
                    .put("condition", definition.condition())
                    .put("factor", definition.scale().factor()));
    AtomicFile.write(folder.resolve(FILE), out -> out.write(text));
  }

  /**
   * Loads the pyramid.
   *
   * @throws ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if the files cannot be read
   */
  public MultiScaleModel load(Device device) throws IOException {
    JsonNode tree = tree();
    Model small = Model.load(folder.resolve(SMALL), catalog, device);
    boolean done = false;
    try {
      Model large = Model.load(folder.resolve(LARGE), catalog, device);
      try {
        MultiScaleModel whole =
            MultiScaleModel.of(
                small,
                large,
                tree.path("condition").asText(),
                Scale.subsample(tree.path("factor").asInt()));
        done = true;
        return whole;
      } catch (DefinitionException e) {
        throw new ModelFormatException(
            folder,
            "two models that do not go together: " + e.getMessage(),
            "a saved multi-scale model",
            "Take it from a copy.",
            e);
      } finally {
        if (!done) {
          large.close();
        }
      }
    } finally {
      if (!done) {
        small.close();
      }
    }
  }

  private JsonNode tree() throws IOException {
    Path file = folder.resolve(FILE);
    if (!isAt(folder)) {
      throw foreign(file, "no such file", "Give the folder of a saved multi-scale model.");
    }
    JsonNode tree;
    try (var in = Files.newInputStream(file)) {
      tree = MAPPER.readTree(in.readNBytes(LARGEST));
    } catch (JsonProcessingException e) {
      throw foreign(file, "no JSON", "It is damaged: take a copy.");
    }
    if (!tree.path("format").asText().equals(FORMAT) || !tree.path("version").isInt()) {
      throw foreign(file, "something else", "Give the folder of a saved multi-scale model.");
    }
    if (tree.path("version").intValue() > VERSION) {
      throw new ModelFormatException(
          file,
          "format version " + tree.path("version") + ", made by a newer Weft",
          "version " + VERSION,
          "Update Weft to load this model.");
    }
    int factor = tree.path("factor").isInt() ? tree.path("factor").intValue() : 0;
    if (!tree.path("condition").isTextual() || factor < 2) {
      throw foreign(file, "no condition or no factor", "It was edited or damaged: take a copy.");
    }
    return tree;
  }

  private static ModelFormatException foreign(Path place, String found, String advice) {
    return new ModelFormatException(place, found, "what Weft saves of a multi-scale model", advice);
  }
}
