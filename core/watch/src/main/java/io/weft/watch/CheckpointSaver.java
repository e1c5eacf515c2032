package io.weft.watch;

import io.weft.Model;
import io.weft.define.Definition;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.save.ModelFolder;
import io.weft.internal.thread.Aside;
import io.weft.json.DefinitionJson;
import io.weft.json.LayerCatalog;
import io.weft.pyramid.MultiScaleFolder;
import io.weft.pyramid.MultiScaleModel;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Saves a model at each checkpoint of its training. After a crash the model is loaded from there,
 * and trained on for the steps that were left: it comes to the same bits as without the crash.
 *
 * <p>Where saving fails, the checkpoint before stays; see {@link io.weft.watch}.
 */
public final class CheckpointSaver implements TrainingListener {

  private final Aside.FileAction save;
  private final SteadyWriting writing;

  private CheckpointSaver(Path folder, Aside.FileAction save) throws IOException {
    // A save makes a new folder beside the old one.
    AtomicFile.checkWritable(folder.resolveSibling(folder.getFileName() + ".checkpoint"));
    this.save = save;
    writing = new SteadyWriting(folder);
  }

  /**
   * Makes a listener.
   *
   * @param model the model that is trained
   * @param folder where to; a saved model that is there is replaced, see {@code Model.save}
   * @throws io.weft.spec.DefinitionException if the model has a layer that is not in the catalog
   * @throws io.weft.save.ModelFormatException if the folder holds anything else than a saved model
   * @throws IOException if the folder cannot be written
   */
  public static CheckpointSaver to(Path folder, Model model) throws IOException {
    return to(folder, model, LayerCatalog.standard());
  }

  /** Makes a listener as above. {@code catalog} has the model's own layers. */
  public static CheckpointSaver to(Path folder, Model model, LayerCatalog catalog)
      throws IOException {
    requireWritten(catalog, model.definition());
    ModelFolder.of(folder, catalog).checkReplaceable();
    return new CheckpointSaver(folder, () -> model.save(folder, catalog));
  }

  /**
   * Makes a listener of training either model of a pyramid, which saves both.
   *
   * @param model the pyramid that is trained
   * @param folder where to; a saved pyramid that is there is replaced
   * @throws io.weft.spec.DefinitionException if a model has a layer that is not in the catalog
   * @throws io.weft.save.ModelFormatException if the folder holds anything else than a pyramid
   * @throws IOException if the folder cannot be written
   */
  public static CheckpointSaver to(Path folder, MultiScaleModel model) throws IOException {
    return to(folder, model, LayerCatalog.standard());
  }

  /** Makes a listener as above. {@code catalog} has the models' own layers. */
  public static CheckpointSaver to(Path folder, MultiScaleModel model, LayerCatalog catalog)
      throws IOException {
    requireWritten(catalog, model.small().definition());
    requireWritten(catalog, model.large().definition());
    MultiScaleFolder.of(folder, catalog).checkReplaceable();
    return new CheckpointSaver(folder, () -> model.save(folder, catalog));
  }

  /** What the first checkpoint would find, perhaps after hours. */
  private static void requireWritten(LayerCatalog catalog, Definition definition) {
    new DefinitionJson(catalog).write(definition);
  }

  @Override
  public void on(TrainingEvent event) {
    if (event instanceof TrainingEvent.Checkpointed) {
      writing.attempt(save);
    }
  }
}
