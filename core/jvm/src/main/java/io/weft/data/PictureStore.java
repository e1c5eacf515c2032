package io.weft.data;

import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Images that are decoded from their files whenever they are asked for. */
final class PictureStore extends MadeStore {

  private final PictureDecoder decoder;
  private final ImageSpec spec;
  private final int[] checksums;

  /**
   * Keeps no pixel.
   *
   * @param spec what all images are like
   * @param checksums of each picture, {@link Pixels#checksum}
   */
  PictureStore(PictureDecoder decoder, ImageSpec spec, int... checksums) {
    this.decoder = decoder;
    this.spec = spec;
    this.checksums = checksums;
  }

  @Override
  public int count() {
    return checksums.length;
  }

  @Override
  public int block() {
    return count();
  }

  @Override
  public boolean isDecoded() {
    return true;
  }

  @Override
  int[] make(int position) {
    Pixels pixels;
    try {
      pixels = decoder.decode(position).pixels();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    if (pixels.checksum() != checksums[position]) {
      throw new UncheckedIOException(
          new DataFormatException(
              decoder.files().get(position),
              "another picture than before",
              "the one that was there when the folder was opened",
              "Leave the files alone while they are in use, and begin anew."));
    }
    return (spec.channels() > 2 ? pixels.colour() : pixels).levels();
  }
}
