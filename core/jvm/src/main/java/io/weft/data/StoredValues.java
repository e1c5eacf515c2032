package io.weft.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.util.Optional;

/** The values of a decoded image as they are stored, not as a screen would show them. */
final class StoredValues {

  private static final int RGB = 3;
  private static final int RGBA = 4;

  private final BufferedImage image;
  private final boolean isRaw;

  /** Values of a pixel, the last being {@link #alpha} where there is one. */
  final int bands;

  /** Values of a pixel without alpha. */
  final int colours;

  /** Whether the last value says how opaque the pixel is. */
  final boolean alpha;

  /** Whether colours are stored multiplied by alpha. */
  final boolean premultiplied;

  /** Whether the colours come from a palette. */
  final boolean isPalette;

  /** The highest value that can be stored. */
  final int most;

  private StoredValues(BufferedImage image, boolean isRaw, int bands, boolean alpha, int most) {
    this.image = image;
    this.isRaw = isRaw;
    this.bands = bands;
    this.alpha = alpha;
    this.colours = bands - (alpha ? 1 : 0);
    this.premultiplied = isRaw && alpha && image.getColorModel().isAlphaPremultiplied();
    this.isPalette = !isRaw && image.getColorModel() instanceof IndexColorModel;
    this.most = most;
  }

  /**
   * Returns the values of an image, if they are whole numbers of up to 16 bits in grey or RGB.
   *
   * @param indices whether a palette's indices are taken, in place of its colours
   */
  static Optional<StoredValues> of(BufferedImage image, boolean indices) {
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel && indices) {
      return Optional.of(new StoredValues(image, true, 1, false, Pixels.MOST));
    }
    if (model instanceof IndexColorModel || model instanceof PackedColorModel) {
      return Optional.of(new StoredValues(image, false, RGBA, true, Pixels.MOST));
    }
    int kind = model.getColorSpace().getType();
    int bands = (kind == ColorSpace.TYPE_GRAY ? 1 : RGB) + (model.hasAlpha() ? 1 : 0);
    boolean isTaken =
        model instanceof ComponentColorModel
            && image.getRaster().getTransferType() <= DataBuffer.TYPE_USHORT
            && (kind == ColorSpace.TYPE_GRAY || kind == ColorSpace.TYPE_RGB)
            && image.getRaster().getNumBands() == bands;
    return isTaken
        ? Optional.of(
            new StoredValues(
                image, true, bands, model.hasAlpha(), (1 << model.getComponentSize(0)) - 1))
        : Optional.empty();
  }

  /**
   * Returns a row of values. BufferedImage.getRGB would put grey through a gamma curve and cut 16
   * bits off instead of rounding. Palettes hold sRGB, so for them it is right.
   */
  int[] line(int row) {
    int[] line = new int[image.getWidth() * bands];
    if (isRaw) {
      return image.getRaster().getPixels(0, row, image.getWidth(), 1, line);
    }
    for (int column = 0; column < image.getWidth(); column++) {
      int argb = image.getRGB(column, row);
      for (int channel = 0; channel < RGB; channel++) {
        line[column * RGBA + channel] = Pixels.channel(argb, channel);
      }
      line[column * RGBA + RGB] = argb >>> 24;
    }
    return line;
  }
}
