package io.weft.data;

import io.weft.advice.Advice;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** One picture file, decoded to 8-bit values, as it was seen by who made it. */
final class PictureFile {

  /** What is read, for messages. */
  static final String KINDS = "PNG, JPEG, WebP, GIF, BMP or TIFF";

  private static final List<String> EXTENSIONS =
      List.of(
          ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff",
          ".wbmp");

  private final Path file;
  private final Decoding how;
  private final int maxSide;

  private PictureFile(Path file, Decoding how, int maxSide) {
    this.file = file;
    this.how = how;
    this.maxSide = maxSide;
  }

  /**
   * How files are decoded.
   *
   * @param scale how stored values become 0 to 255
   * @param transparency what becomes of transparent pixels
   * @param maxPixels how many pixels a file may have
   */
  record Decoding(ValueScale scale, Transparency transparency, long maxPixels) {}

  /** What a file holds, with a channel for transparency where that is kept. */
  record Decoded(Pixels pixels, Facts facts) {}

  /**
   * What there is to say of a file.
   *
   * @param highest the highest stored colour value
   * @param most what could have been stored
   * @param isCut whether values outside the range were cut to it
   * @param isFirstOfSeveral whether there are further pages or frames, which are not read
   */
  record Facts(int highest, int most, boolean isCut, boolean isFirstOfSeveral) {

    /** Whether there are more values than fit in 8 bits. */
    boolean isDeep() {
      return most > Pixels.MOST;
    }

    /** Returns the highest value as a share of what could have been stored. */
    double use() {
      return highest / (double) most;
    }
  }

  /** Whether a file's name says that it is a picture that can be read. */
  static boolean isNamed(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(name::endsWith);
  }

  /**
   * Decodes a file, after its header has been found small enough.
   *
   * @param maxSide how many rows, and columns, it may have
   */
  static Decoded read(Path file, Decoding how, int maxSide) throws IOException {
    return new PictureFile(file, how, maxSide).read();
  }

  private Decoded read() throws IOException {
    DataFile.requireFile(file);
    // An image's stream leaves the one below it open.
    try (InputStream bytes = Files.newInputStream(file);
        PictureBytes in = new PictureBytes(bytes, Files.size(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw unreadable("no picture that can be read", null);
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, false, true);
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        Orientation orientation = check(reader, format);
        in.allow((long) reader.getWidth(0) * reader.getHeight(0));
        BufferedImage image = decode(reader);
        requireWholeCanvas(reader, format);
        return decoded(image, orientation, hasMore(reader));
      } finally {
        reader.dispose();
      }
    }
  }

  /** Checks the size, and of a PNG its checksums; returns how the picture is stored. */
  private Orientation check(ImageReader reader, String format) throws IOException {
    long width;
    long height;
    try {
      width = reader.getWidth(0);
      height = reader.getHeight(0);
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
    String found = String.format(Locale.ROOT, "a picture of %d rows and %d columns", height, width);
    if (width * height > how.maxPixels) {
      throw new DataFormatException(
          file, found, "at most " + how.maxPixels + " pixels", Advice.ALLOW_MORE_PIXELS);
    }
    if (Math.max(width, height) > maxSide) {
      throw new DataFormatException(
          file, found, "at most " + maxSide + " each", Advice.FIT_PICTURES);
    }
    return format.equals("png") ? checkPng(width * height, found) : Orientation.of(file, format);
  }

  private Orientation checkPng(long pixels, String found) throws IOException {
    PngChunks png = PngChunks.of(file);
    Optional<String> fault = png.fault();
    if (fault.isPresent()) {
      throw unreadable("a damaged picture (" + fault.get() + ")", null);
    }
    // A pixel is at least one bit, before deflate.
    if (pixels / Byte.SIZE > Files.size(file) * DataFile.MAX_DEFLATE_RATIO) {
      throw new DataFormatException(
          file,
          found + " in a file of " + Files.size(file) + " bytes, which cannot hold it",
          "a whole PNG",
          "The file is cut off or damaged; convert it anew or take it out of the folder.");
    }
    return Orientation.ofExif(png.exif());
  }

  private BufferedImage decode(ImageReader reader) throws IOException {
    try {
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      BufferedImage image = reader.read(0);
      if (!warnings.isEmpty()) {
        // The decoder fills what is missing of a cut-off JPEG with grey, and only warns.
        throw unreadable("a damaged picture (" + warnings.get(0) + ")", null);
      }
      return image;
    } catch (DataFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (e.getCause() instanceof OutOfMemoryError full) {
        throw full; // The decoder of PNG takes it for damage.
      }
      throw damaged(e);
    }
  }

  /** A GIF's first frame may be a part of its canvas, and the rest not there at all. */
  private void requireWholeCanvas(ImageReader reader, String format) throws IOException {
    if (!format.equals("gif")) {
      return;
    }
    IIOMetadata metadata = reader.getStreamMetadata();
    Node tree = metadata.getAsTree(metadata.getNativeMetadataFormatName());
    for (Node node = tree.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element
          && element.getNodeName().equals("LogicalScreenDescriptor")
          && (!element.getAttribute("logicalScreenWidth").equals("" + reader.getWidth(0))
              || !element.getAttribute("logicalScreenHeight").equals("" + reader.getHeight(0)))) {
        throw unreadable("a GIF whose first frame is only a part of its canvas", null);
      }
    }
  }

  /** To count them all could take for ever in a file made for that. */
  private static boolean hasMore(ImageReader reader) {
    try {
      return reader.getWidth(1) > 0;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** The decoders of the JDK answer damage with whatever their arithmetic runs into. */
  private DataFormatException damaged(Exception cause) {
    return unreadable("a damaged or unknown picture (" + cause.getMessage() + ")", cause);
  }

  private Decoded decoded(BufferedImage image, Orientation orientation, boolean isFirst)
      throws DataFormatException {
    StoredValues stored =
        StoredValues.of(image, how.scale.isExact())
            .orElseThrow(
                () -> unreadable("a picture of a rare kind (" + image.getColorModel() + ")", null));
    boolean kept = how.transparency.isKept();
    int channels = stored.colours + (kept ? 1 : 0);
    byte[] values = new byte[Math.multiplyExact(image.getHeight() * image.getWidth(), channels)];
    int[] ground = how.transparency.pixel(stored.colours);
    int highest = 0;
    boolean isCut = false;
    int at = 0;
    for (int row = 0; row < image.getHeight(); row++) {
      int[] line = stored.line(row);
      for (int column = 0; column < image.getWidth(); column++) {
        int from = column * stored.bands;
        double opaque = stored.alpha ? line[from + stored.bands - 1] / (double) stored.most : 1;
        if (opaque < 1 && how.transparency.kind() == Transparency.Kind.REFUSED) {
          throw transparent(row, column);
        }
        for (int channel = 0; channel < stored.colours; channel++) {
          int value = line[from + channel];
          if (stored.premultiplied && opaque > 0) {
            value = (int) Math.min(stored.most, Math.round(value / opaque));
          }
          highest = Math.max(highest, value);
          isCut |= how.scale.cuts(value);
          double seen = how.scale.apply(value, stored.most);
          // A colour that nobody sees is none.
          values[at++] =
              (byte)
                  Math.round(
                      kept
                          ? (opaque > 0 ? seen : 0)
                          : opaque * seen + (1 - opaque) * ground[channel]);
        }
        if (kept) {
          values[at++] = (byte) Math.round(opaque * Pixels.MOST);
        }
      }
    }
    if (how.scale.isExact() && isCut) {
      throw new DataFormatException(
          file,
          "the value " + highest + ", which was to be read as a level",
          "0 to " + Pixels.MOST,
          Advice.SAY_VALUES);
    }
    Pixels pixels = new Pixels(image.getHeight(), image.getWidth(), channels, values);
    return new Decoded(
        // PNG's grey of 1, 2 and 4 bits comes as a palette.
        orientation.upright(stored.isPalette && pixels.isGrey() ? pixels.grey() : pixels),
        new Facts(highest, stored.most, isCut, isFirst));
  }

  private DataFormatException transparent(int row, int column) {
    return new DataFormatException(
        file,
        String.format(Locale.ROOT, "a transparent pixel in row %d, column %d", row, column),
        "to be told what shows there",
        Advice.SAY_GROUND);
  }

  private DataFormatException unreadable(String found, @Nullable Exception cause) {
    return new DataFormatException(
        file,
        found,
        "a " + KINDS + " in grey or RGB, of up to 16 bits",
        "Convert it or take it out of the folder.",
        cause);
  }
}
