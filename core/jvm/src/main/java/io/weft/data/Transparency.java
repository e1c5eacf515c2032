package io.weft.data;

import java.util.Locale;

/**
 * What becomes of pixels through which something else would show.
 *
 * @param kind which way
 * @param ground of {@link Kind#GROUND}: the colour that shows, 0xRRGGBB
 */
record Transparency(Kind kind, int ground) {

  /** The ways. */
  enum Kind {
    /** A picture with such pixels is refused: nobody has said what shows there. */
    REFUSED,
    /** A colour shows. */
    GROUND,
    /** How opaque a pixel is becomes its last channel. */
    KEPT
  }

  static final Transparency REFUSED = new Transparency(Kind.REFUSED, 0);
  static final Transparency KEPT = new Transparency(Kind.KEPT, 0);

  static Transparency ground(int rgb) {
    if (rgb >>> 24 != 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "ground 0x%X; expected 0xRRGGBB", rgb));
    }
    return new Transparency(Kind.GROUND, rgb);
  }

  boolean isKept() {
    return kind == Kind.KEPT;
  }

  /** Returns a pixel of ground, in so many channels; where transparency is kept, nothing. */
  int[] pixel(int channels) {
    int[] pixel = new int[channels];
    if (channels % 2 == 1) {
      for (int channel = 0; channel < channels; channel++) {
        pixel[channel] =
            channels == 1 ? (int) Math.round(Pixels.luma(ground)) : Pixels.channel(ground, channel);
      }
    }
    return pixel;
  }
}
