package io.weft.watch;

import io.weft.image.Picture;
import io.weft.internal.files.AtomicFile;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Writes a picture at each checkpoint, usually a {@link SampleSheet}: {@code step-000625.png} after
 * 625 steps.
 *
 * <p>For when it cannot be written, see {@link io.weft.watch}. What the picture throws reaches the
 * training.
 */
public final class SheetFolder implements TrainingListener {

  private final Path folder;
  private final Supplier<Picture> picture;
  private final SteadyWriting writing;

  /**
   * Makes the folder, if it is not there.
   *
   * @param folder where to; a picture of the same step is replaced
   * @param picture asked at each checkpoint
   * @throws IOException if the folder cannot be made, or nothing can be written there
   */
  public SheetFolder(Path folder, Supplier<Picture> picture) throws IOException {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.picture = Objects.requireNonNull(picture, "picture");
    writing = new SteadyWriting(folder);
    AtomicFile.checkWritable(file(0));
  }

  private Path file(long step) {
    return folder.resolve(String.format(Locale.ROOT, "step-%06d.png", step));
  }

  @Override
  public void on(TrainingEvent event) {
    if (event instanceof TrainingEvent.Checkpointed) {
      Picture shown = picture.get();
      writing.attempt(() -> shown.writePng(file(event.step())));
    }
  }
}
