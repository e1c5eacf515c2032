package io.weft.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/** One PNG or JPEG, decoded to 8-bit values. */
final class PictureFile {

  private static final int MAX_VALUE = 255;

  private PictureFile() {}

  /**
   * Decodes a file, after its header has been found small enough.
   *
   * @param ground the colour, 0xRRGGBB, that shows through where the file is transparent
   */
  static Pixels read(Path file, long maxPixels, int ground) throws IOException {
    DataFile.requireFile(file);
    try (ImageInputStream in = new MemoryCacheImageInputStream(Files.newInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw unreadable(file, "no picture that can be read", null);
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        checkSize(file, reader, maxPixels);
        return pixels(decode(file, reader), ground);
      } finally {
        reader.dispose();
      }
    }
  }

  private static void checkSize(Path file, ImageReader reader, long maxPixels) throws IOException {
    long width;
    long height;
    try {
      width = reader.getWidth(0);
      height = reader.getHeight(0);
    } catch (IOException | RuntimeException e) {
      throw damaged(file, e);
    }
    String found = String.format(Locale.ROOT, "a picture of %d rows and %d columns", height, width);
    if (width * height > maxPixels) {
      throw new DataFormatException(
          file,
          found,
          "at most " + maxPixels + " pixels",
          "Use smaller pictures, or allow more with atMostPixels.");
    }
    if (reader.getFormatName().equalsIgnoreCase("png")) {
      checkPng(file, width * height, found);
    }
  }

  private static void checkPng(Path file, long pixels, String found) throws IOException {
    Optional<String> fault = PngChecksums.fault(file);
    if (fault.isPresent()) {
      throw unreadable(file, "a damaged picture (" + fault.get() + ")", null);
    }
    // A pixel is at least one bit, before deflate.
    if (pixels / Byte.SIZE > Files.size(file) * DataFile.MAX_DEFLATE_RATIO) {
      throw new DataFormatException(
          file,
          found + " in a file of " + Files.size(file) + " bytes, which cannot hold it",
          "a whole PNG",
          "The file is cut off or damaged; convert it anew or take it out of the folder.");
    }
  }

  private static BufferedImage decode(Path file, ImageReader reader) throws IOException {
    try {
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      BufferedImage image = reader.read(0);
      if (!warnings.isEmpty()) {
        // The decoder fills what is missing of a cut-off JPEG with grey, and only warns.
        throw unreadable(file, "a damaged picture (" + warnings.get(0) + ")", null);
      }
      return image;
    } catch (DataFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (e.getCause() instanceof OutOfMemoryError full) {
        throw full; // The decoder of PNG takes it for damage.
      }
      throw damaged(file, e);
    }
  }

  /** The decoders of the JDK answer damage with whatever their arithmetic runs into. */
  private static DataFormatException damaged(Path file, Exception cause) {
    return unreadable(file, "a damaged or unknown picture (" + cause.getMessage() + ")", cause);
  }

  private static Pixels pixels(BufferedImage image, int ground) {
    int height = image.getHeight();
    int width = image.getWidth();
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    // Samples are taken as they are stored. BufferedImage.getRGB would put grey through a gamma
    // curve and cut 16 bits off instead of rounding. Palettes hold sRGB, so for them it is right.
    boolean stored =
        model instanceof ComponentColorModel
            && raster.getTransferType() <= DataBuffer.TYPE_USHORT
            && raster.getNumBands() <= 4;
    int bands = stored ? raster.getNumBands() : 4;
    int most = stored ? (1 << model.getComponentSize(0)) - 1 : MAX_VALUE;
    boolean grey = bands <= 2;
    int channels = grey ? 1 : 3;
    boolean alpha = bands == 2 || bands == 4;
    byte[] values = new byte[Math.multiplyExact(height * width, channels)];
    int[] line = new int[width * bands];
    int at = 0;
    for (int row = 0; row < height; row++) {
      if (stored) {
        raster.getPixels(0, row, width, 1, line);
      } else {
        unpack(image, row, line);
      }
      for (int column = 0; column < width; column++) {
        double opaque = alpha ? line[column * bands + bands - 1] / (double) most : 1;
        for (int channel = 0; channel < channels; channel++) {
          double value = line[column * bands + channel] * (double) MAX_VALUE / most;
          double below = grey ? Pixels.luma(ground) : Pixels.channel(ground, channel);
          values[at++] = (byte) Math.round(opaque * value + (1 - opaque) * below);
        }
      }
    }
    Pixels pixels = new Pixels(height, width, channels, values);
    // PNG's grey of 1, 2 and 4 bits comes as a palette.
    return !stored && pixels.isGrey() ? pixels.grey() : pixels;
  }

  private static void unpack(BufferedImage image, int row, int[] line) {
    for (int column = 0; column < image.getWidth(); column++) {
      int argb = image.getRGB(column, row);
      for (int channel = 0; channel < 3; channel++) {
        line[column * 4 + channel] = Pixels.channel(argb, channel);
      }
      line[column * 4 + 3] = argb >>> 24;
    }
  }

  private static DataFormatException unreadable(
      Path file, String found, @Nullable Exception cause) {
    return new DataFormatException(
        file,
        found,
        "a PNG, or a JPEG in grey or RGB",
        "Convert it or take it out of the folder.",
        cause);
  }
}
