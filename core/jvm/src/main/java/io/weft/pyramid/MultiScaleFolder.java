package io.weft.pyramid;

import com.fasterxml.jackson.databind.JsonNode;
import io.weft.Model;
import io.weft.engine.Device;
import io.weft.internal.save.CompositeFolder;
import io.weft.internal.save.ModelFolder;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A pyramid as a folder: {@code multi-scale.json}, which says how the two models go together, and
 * the folders {@code small} and {@code large}, each a {@linkplain ModelFolder model} by itself.
 *
 * <p>Each of the two is replaced as a whole. What a save that was cut short leaves is a pyramid
 * too: neither model depends on the other's weights.
 */
public final class MultiScaleFolder {

  private static final String SMALL = "small";
  private static final String LARGE = "large";
  private static final CompositeFolder FORMAT =
      new CompositeFolder(
          "multi-scale model", "multi-scale.json", "weft-multi-scale", 1, List.of(SMALL, LARGE));

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
    return FORMAT.isAt(folder);
  }

  /**
   * Checks ahead of long work that nothing is here that {@link #save} would refuse to replace.
   *
   * @throws ModelFormatException if the folder holds anything else than a saved pyramid
   * @throws IOException if the folder cannot be read
   */
  public void checkReplaceable() throws IOException {
    FORMAT.checkReplaceable(folder, catalog);
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
    FORMAT.write(
        folder,
        FORMAT
            .fresh()
            .put("condition", definition.condition())
            .put("factor", definition.scale().factor()));
  }

  /**
   * Loads the pyramid.
   *
   * @throws ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if the files cannot be read
   */
  public MultiScaleModel load(Device device) throws IOException {
    JsonNode tree = tree();
    String condition = tree.path("condition").asText();
    Scale scale = Scale.subsample(tree.path("factor").asInt());
    return FORMAT.load(
        folder, catalog, device, (small, large) -> together(small, large, condition, scale));
  }

  private MultiScaleModel together(Model small, Model large, String condition, Scale scale)
      throws ModelFormatException {
    try {
      return MultiScaleModel.of(small, large, condition, scale);
    } catch (DefinitionException e) {
      throw new ModelFormatException(
          folder,
          "two models that do not go together: " + e.getMessage(),
          "a saved multi-scale model",
          "Take it from a copy.",
          e);
    }
  }

  private JsonNode tree() throws IOException {
    JsonNode tree = FORMAT.read(folder);
    int factor = tree.path("factor").isInt() ? tree.path("factor").intValue() : 0;
    if (!tree.path("condition").isTextual() || factor < 2) {
      throw FORMAT.damaged(folder, "no condition or no factor");
    }
    return tree;
  }
}
