package io.weft.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes pictures of files, in the colours and the size that are asked for. For several threads.
 *
 * @param files each picture, in order
 * @param choices how they are read
 */
record PictureDecoder(List<Path> files, PictureChoices choices) {

  /** Decodes one. */
  PictureFile.Decoded decode(int index) throws IOException {
    PictureFile.Decoded decoded =
        PictureFile.read(files.get(index), choices.decoding(), choices.maxSide());
    return new PictureFile.Decoded(fitted(coloured(decoded.pixels()), index), decoded.facts());
  }

  private Pixels coloured(Pixels picture) {
    return switch (choices.colours()) {
      case AS_FOUND -> picture;
      case GREY -> picture.grey();
      case COLOUR -> picture.colour();
    };
  }

  private Pixels fitted(Pixels picture, int index) {
    if (choices.fit().isEmpty()) {
      return picture;
    }
    Resampling resampling =
        choices.decoding().scale().isExact() ? Resampling.NEAREST : Resampling.TRIANGLE;
    int[] ground = choices.decoding().transparency().pixel(picture.channels());
    return choices.fit().get().apply(picture, resampling, index, ground);
  }
}
