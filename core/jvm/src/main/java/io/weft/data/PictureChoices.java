package io.weft.data;

import io.weft.spec.ImageSpec;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All that can be said of how pictures are read.
 *
 * @param fit their size, if they are brought to one
 * @param colours how many they get
 * @param decoding how each file is decoded
 * @param listener is told what was passed over or changed
 */
record PictureChoices(
    Optional<Fit> fit, Colours colours, PictureFile.Decoding decoding, Consumer<String> listener) {

  /** What becomes of colours. */
  enum Colours {
    AS_FOUND,
    GREY,
    COLOUR
  }

  /** Returns how many rows or columns a file may have: more are an image only if it is fitted. */
  int maxSide() {
    return fit.isPresent() ? Integer.MAX_VALUE : ImageSpec.MAX_SIDE;
  }

  PictureChoices with(Fit newFit) {
    return new PictureChoices(Optional.of(newFit), colours, decoding, listener);
  }

  PictureChoices with(Colours newColours) {
    return new PictureChoices(fit, newColours, decoding, listener);
  }

  PictureChoices with(ValueScale scale) {
    return with(new PictureFile.Decoding(scale, decoding.transparency(), decoding.maxPixels()));
  }

  PictureChoices with(Transparency transparency) {
    return with(new PictureFile.Decoding(decoding.scale(), transparency, decoding.maxPixels()));
  }

  PictureChoices withMaxPixels(long maxPixels) {
    return with(new PictureFile.Decoding(decoding.scale(), decoding.transparency(), maxPixels));
  }

  private PictureChoices with(PictureFile.Decoding newDecoding) {
    return new PictureChoices(fit, colours, newDecoding, listener);
  }

  PictureChoices with(Consumer<String> newListener) {
    return new PictureChoices(fit, colours, decoding, newListener);
  }
}
