package io.weft.pyramid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weft.Model;
import io.weft.engine.Device;
import io.weft.internal.save.CompositeFormat;
import io.weft.internal.save.CompositeFormat.Tree;
import io.weft.internal.save.ModelContents;
import io.weft.internal.save.ModelFolder;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A pyramid as a folder, or a zip of it: {@code multi-scale.json}, which says how the two models go
 * together, and the folders {@code small} and {@code large}, each a {@linkplain ModelFolder model}
 * by itself.
 *
 * <p>Both models are written before either is replaced, so that a save which fails leaves the old
 * pyramid. If the power goes off in the moment in which they are, the small model may be the new
 * one already: neither depends on the other's weights.
 */
public final class MultiScaleFolder {

  private static final String SMALL = "small";
  private static final String LARGE = "large";
  private static final CompositeFormat FORMAT =
      new CompositeFormat(
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

  /**
   * Returns whether there is a pyramid in a folder or a zip, rather than a single model or none.
   */
  public static boolean isAt(Path place) {
    return FORMAT.isAt(place);
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
   * Saves a pyramid, replacing one that was there. Once begun it goes on to its end, though the
   * caller is interrupted: half of it would be none.
   *
   * @throws DefinitionException if a layer is not in the catalog; nothing is written then
   * @throws ModelFormatException if the folder holds anything else than a saved pyramid
   * @throws IOException if writing fails; the old pyramid stays
   */
  public void save(MultiScaleModel model) throws IOException {
    FORMAT.save(folder, tree(model.definition()), contents(model), catalog);
  }

  private static ObjectNode tree(MultiScale definition) {
    return FORMAT
        .fresh()
        .put("condition", definition.condition())
        .put("factor", definition.scale().factor());
  }

  /**
   * Writes a pyramid as a zip of its folder.
   *
   * @param out where to; stays open
   * @throws DefinitionException if a layer is not in the catalog; nothing is written then
   * @throws IOException if writing fails
   */
  static void save(MultiScaleModel model, LayerCatalog catalog, OutputStream out)
      throws IOException {
    FORMAT.save(tree(model.definition()), contents(model), catalog, out);
  }

  private static List<ModelContents> contents(MultiScaleModel model) {
    return List.of(ModelContents.of(model.small()), ModelContents.of(model.large()));
  }

  /**
   * Loads the pyramid; the folder may be a zip of one.
   *
   * @throws ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if the files cannot be read
   */
  public MultiScaleModel load(Device device) throws IOException {
    return FORMAT.load(folder, catalog, device, MultiScaleFolder::together);
  }

  /** Loads a pyramid from a zip, as above. */
  static MultiScaleModel load(InputStream zip, LayerCatalog catalog, Device device)
      throws IOException {
    return FORMAT.load(zip, catalog, device, MultiScaleFolder::together);
  }

  /** Loads a pyramid from the class path, as above. */
  static MultiScaleModel load(Class<?> owner, String name, LayerCatalog catalog, Device device)
      throws IOException {
    return FORMAT.load(owner, name, catalog, device, MultiScaleFolder::together);
  }

  private static MultiScaleModel together(Tree tree, Model small, Model large)
      throws ModelFormatException {
    JsonNode condition = tree.json().path("condition");
    JsonNode factor = tree.json().path("factor");
    if (!condition.isTextual() || !factor.isInt() || factor.intValue() < 2) {
      throw tree.damaged("no condition or no factor");
    }
    try {
      return MultiScaleModel.of(
          small, large, condition.textValue(), Scale.subsample(factor.intValue()));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          tree.place(),
          "two models that do not go together: " + e.getMessage(),
          "a saved multi-scale model",
          "Take it from a copy.",
          e);
    }
  }
}
