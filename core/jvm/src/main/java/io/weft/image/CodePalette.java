package io.weft.image;

import io.weft.spec.ImageSpec;

/**
 * Colours for codes, the levels of a vector quantiser: they have no order, so that no ramp of greys
 * can show them. Which code has which colour means nothing, but each has always the same.
 *
 * <p>Code k has the red, green and blue of the k-th point of Roberts' sequence in three dimensions
 * (The Unreasonable Effectiveness of Quasirandom Sequences, 2018): the fractions of 1/2 + k / g,
 * 1/2 + k / g^2 and 1/2 + k / g^3, where g = 1.22074.. is the root of g^4 = g + 1; in whole numbers
 * the highest byte of 2^31 + k * 3518319155, and so on, modulo 2^32. However few codes there are,
 * their colours lie far apart, and code 0 is grey.
 */
public final class CodePalette {

  private static final int HALF = 1 << 31;
  private static final int RED = (int) 3518319155L;
  private static final int GREEN = (int) 2882110345L;
  private static final int BLUE = (int) 2360945575L;

  private CodePalette() {}

  /**
   * Returns whether images are shown in these colours: those with more than 256 levels, which no
   * 8-bit picture could tell apart.
   */
  public static boolean suits(ImageSpec image) {
    return image.levels() > 256;
  }

  /**
   * Returns the colour of a code.
   *
   * @param code from 0
   * @return 0xRRGGBB
   * @throws IllegalArgumentException if the code is negative
   */
  public static int colour(int code) {
    if (code < 0) {
      throw new IllegalArgumentException("code " + code + "; expected 0 or more");
    }
    return part(code, RED) << 16 | part(code, GREEN) << 8 | part(code, BLUE);
  }

  private static int part(int code, int step) {
    return (HALF + code * step) >>> 24;
  }

  /**
   * Makes a picture of codes, however many levels there are: of one channel in their colours, of
   * several in the mean of their colours.
   *
   * @param spec the form of the image
   * @param codes one image in row-major order with the channel last, each value 0 to levels - 1
   * @return a picture with 3 channels
   * @throws IllegalArgumentException if the length is not that of one image, or a code is out of
   *     range
   */
  public static Picture picture(ImageSpec spec, int[] codes) {
    spec.checkLevels(codes);
    for (int code : codes) {
      if (code < 0 || code >= spec.levels()) {
        throw new IllegalArgumentException(
            "code " + code + "; expected 0 to " + (spec.levels() - 1));
      }
    }
    return Picture.of(
        spec.height(),
        spec.width(),
        3,
        (row, column, part) -> {
          int sum = 0;
          for (int channel = 0; channel < spec.channels(); channel++) {
            int code = codes[(row * spec.width() + column) * spec.channels() + channel];
            sum += colour(code) >> (16 - 8 * part) & 0xFF;
          }
          return sum / spec.channels();
        });
  }
}
