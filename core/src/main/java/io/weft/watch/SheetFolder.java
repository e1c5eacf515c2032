package io.weft.watch;

import io.weft.image.Picture;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Writes a picture after each validation, usually a {@link SampleSheet}: {@code step-000625.png}
 * after 625 steps. A picture that cannot be written ends the training, which keeps what it has
 * reached.
 */
public final class SheetFolder implements TrainingListener {

  private final Path folder;
  private final Supplier<Picture> picture;

  /**
   * Makes the folder, if it is not there.
   *
   * @param folder where to
   * @param picture asked after each validation
   * @throws IOException if the folder cannot be made, or nothing can be written there
   */
  public SheetFolder(Path folder, Supplier<Picture> picture) throws IOException {
    this.folder = Writable.folder(folder);
    this.picture = Objects.requireNonNull(picture, "picture");
  }

  @Override
  public void on(TrainingEvent event) {
    if (event instanceof TrainingEvent.Validated validated) {
      String name = String.format(Locale.ROOT, "step-%06d.png", validated.step());
      try {
        picture.get().writePng(folder.resolve(name));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + folder.resolve(name), e);
      }
    }
  }
}
