package io.weft.image;

import io.weft.data.ImageSet;
import io.weft.data.Quantiser;
import io.weft.internal.files.AtomicFile;
import io.weft.spec.ImageSpec;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * An immutable picture of 8-bit values: grey (1 channel) or red, green, blue (3 channels), in each
 * case with or without a last channel that says how opaque a pixel is (2 or 4 channels).
 */
public final class Picture {

  /** The ground of transparent pictures: so many squares along the shorter side, of two greys. */
  private static final int SQUARES = 8;

  private static final int LIGHT = 153;
  private static final int DARK = 102;

  private final int height;
  private final int width;
  private final int channels;
  private final byte[] values;

  private Picture(int height, int width, int channels, byte[] values) {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.values = values;
  }

  /**
   * Makes a picture of an image's levels: the lowest is 0, the highest 255. Of more than 256 levels
   * it is one {@linkplain CodePalette of codes}.
   *
   * @param spec the form of the image; of 2 or 4 channels the last says how opaque a pixel is
   * @param levels one image in row-major order with the channel last, each value 0 to levels - 1
   * @return the picture
   * @throws IllegalArgumentException if the length is not that of one image, or a level is out of
   *     range
   */
  public static Picture of(ImageSpec spec, int[] levels) {
    if (levels.length != spec.values()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d values for an image of %s; expected %d",
              levels.length,
              spec,
              spec.values()));
    }
    if (CodePalette.suits(spec)) {
      return CodePalette.picture(spec, levels);
    }
    Quantiser quantiser = new Quantiser(spec.levels());
    byte[] values = new byte[levels.length];
    for (int i = 0; i < levels.length; i++) {
      values[i] = (byte) quantiser.valueOf(levels[i]);
    }
    return new Picture(spec.height(), spec.width(), spec.channels(), values);
  }

  /**
   * Makes a picture of one image of a set.
   *
   * @param images a set; of 2 or 4 channels the last says how opaque a pixel is
   * @param image 0 to images.size() - 1
   * @return the picture
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public static Picture of(ImageSet images, int image) {
    return of(images.spec(), images.image(image));
  }

  /** What gives the value at a place. */
  @FunctionalInterface
  public interface Values {

    /**
     * Returns one value.
     *
     * @param row 0 to height - 1
     * @param column 0 to width - 1
     * @param channel 0 to channels - 1
     * @return 0 to 255
     */
    int at(int row, int column, int channel);
  }

  /**
   * Makes a picture from a function of the place.
   *
   * @param height rows, at least 1
   * @param width columns, at least 1
   * @param channels 1 (grey) or 3 (red, green, blue), and one more for how opaque a pixel is
   * @param function gives each value, 0 to 255
   * @return the picture
   * @throws IllegalArgumentException if a size or a value is out of range
   */
  public static Picture of(int height, int width, int channels, Values function) {
    requireColours(channels);
    long total = (long) height * width * channels;
    if (height < 1 || width < 1 || total > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a picture of %d rows and %d columns; expected at least 1 each and below 2^31 values",
              height,
              width));
    }
    byte[] values = new byte[(int) total];
    int at = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        for (int channel = 0; channel < channels; channel++) {
          int value = function.at(row, column, channel);
          if (value < 0 || value > 255) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "value %d at row %d, column %d, channel %d; expected 0 to 255",
                    value,
                    row,
                    column,
                    channel));
          }
          values[at++] = (byte) value;
        }
      }
    }
    return new Picture(height, width, channels, values);
  }

  private static void requireColours(int channels) {
    if (channels < 1 || channels > 4) {
      throw new IllegalArgumentException(
          channels + " channels; expected 1 (grey) or 3 (colours), or one more for opacity");
    }
  }

  /**
   * Returns the number of rows.
   *
   * @return at least 1
   */
  public int height() {
    return height;
  }

  /**
   * Returns the number of columns.
   *
   * @return at least 1
   */
  public int width() {
    return width;
  }

  /**
   * Returns the number of channels.
   *
   * @return 1 (grey) or 3 (red, green, blue), and one more where {@link #hasAlpha}
   */
  public int channels() {
    return channels;
  }

  /** Returns whether the last channel says how opaque a pixel is: 0 not at all, 255 wholly. */
  public boolean hasAlpha() {
    return channels % 2 == 0;
  }

  /**
   * Returns one value.
   *
   * @param row 0 to height() - 1
   * @param column 0 to width() - 1
   * @param channel 0 to channels() - 1
   * @return 0 to 255
   * @throws IndexOutOfBoundsException if there is no such place
   */
  public int value(int row, int column, int channel) {
    Objects.checkIndex(row, height);
    Objects.checkIndex(column, width);
    Objects.checkIndex(channel, channels);
    return values[(row * width + column) * channels + channel] & 0xFF;
  }

  /**
   * Returns this picture enlarged, each pixel becoming a square.
   *
   * @param factor 1 or more
   * @return the enlarged picture
   * @throws IllegalArgumentException if the factor is below 1 or the result would be too large
   */
  public Picture scaled(int factor) {
    if (factor < 1 || (long) Math.max(height, width) * factor > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "factor %d for a picture of %dx%d; expected 1 or more, and a result below 2^31 values",
              factor,
              height,
              width));
    }
    return of(
        height * factor,
        width * factor,
        channels,
        (row, column, channel) -> value(row / factor, column / factor, channel));
  }

  /**
   * Returns this picture enlarged as far as whole squares allow, so that people see something of a
   * small image.
   *
   * @param side what neither height nor width of the result exceeds, at least 1; a picture that
   *     exceeds half of it stays as it is
   * @return the enlarged picture, or this one
   * @throws IllegalArgumentException if the side is below 1
   */
  public Picture enlargedTo(int side) {
    if (side < 1) {
      throw new IllegalArgumentException("side " + side + "; expected 1 or more");
    }
    int factor = side / Math.max(height, width);
    return factor < 2 ? this : scaled(factor);
  }

  /**
   * Returns this picture in colour.
   *
   * @return this picture if it is coloured, otherwise one with its grey in red, green and blue
   */
  public Picture coloured() {
    return channels > 2
        ? this
        : of(
            height,
            width,
            channels + 2,
            (row, column, channel) -> value(row, column, channel < 3 ? 0 : 1));
  }

  /**
   * Returns this picture as it is seen in front of a chequered ground, by which people tell what is
   * transparent.
   *
   * @return this picture if it {@linkplain #hasAlpha has no alpha}, otherwise one without
   */
  public Picture chequered() {
    if (!hasAlpha()) {
      return this;
    }
    int square = Math.max(1, Math.min(height, width) / SQUARES);
    return of(
        height,
        width,
        channels - 1,
        (row, column, channel) -> {
          int opaque = value(row, column, channels - 1);
          int ground = (row / square + column / square) % 2 == 0 ? LIGHT : DARK;
          return Math.round(
              (opaque * value(row, column, channel) + (255 - opaque) * ground) / 255f);
        });
  }

  /**
   * Encodes this picture.
   *
   * @return a PNG file, 8 bits per channel
   */
  public byte[] toPng() {
    ColorSpace space =
        ColorSpace.getInstance(channels < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
    int transparency = hasAlpha() ? Transparency.TRANSLUCENT : Transparency.OPAQUE;
    ColorModel model =
        new ComponentColorModel(space, hasAlpha(), false, transparency, DataBuffer.TYPE_BYTE);
    // The raster takes the values as they are; setRGB would put grey through a gamma curve.
    WritableRaster raster = model.createCompatibleWritableRaster(width, height);
    BufferedImage image = new BufferedImage(model, raster, false, null);
    int[] line = new int[width * channels];
    for (int row = 0; row < height; row++) {
      for (int i = 0; i < line.length; i++) {
        line[i] = values[row * line.length + i] & 0xFF;
      }
      raster.setPixels(0, row, width, 1, line);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this JVM has no PNG writer; use one with java.desktop");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Writes this picture as PNG, replacing the file only when the new one is whole.
   *
   * @param file where to; missing parent folders are made
   * @throws IOException if writing fails
   */
  public void writePng(Path file) throws IOException {
    byte[] png = toPng();
    AtomicFile.write(file, out -> out.write(png));
  }
}
