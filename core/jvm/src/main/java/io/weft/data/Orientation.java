package io.weft.data;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * How a picture is stored in its file: cameras store what the sensor saw and note how it was held
 * (Exif 2.32, tag 274, values 1 to 8).
 */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, false, true),
  ROTATED_180(false, true, true),
  FLIPPED(false, true, false),
  TRANSPOSED(true, false, false),
  ROTATED_LEFT(true, true, false),
  TRANSVERSED(true, true, true),
  ROTATED_RIGHT(true, false, true);

  private static final int RIFF_HEADER = 12;

  private static final int RIFF_CHUNK_HEADER = 8;

  /** Exif data are some thousand bytes; where they lie in a JPEG they cannot be more. */
  private static final int MOST_EXIF = 1 << 16;

  /** Whether rows of the file are columns of the picture. */
  private final boolean swaps;

  private final boolean fromTheBottom;
  private final boolean fromTheRight;

  Orientation(boolean swaps, boolean fromTheBottom, boolean fromTheRight) {
    this.swaps = swaps;
    this.fromTheBottom = fromTheBottom;
    this.fromTheRight = fromTheRight;
  }

  /** Returns what was stored in this way as it was seen. */
  Pixels upright(Pixels stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    int height = swaps ? stored.width() : stored.height();
    int width = swaps ? stored.height() : stored.width();
    int channels = stored.channels();
    byte[] values = new byte[height * width * channels];
    int at = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int down = swaps ? column : row;
        int along = swaps ? row : column;
        int fromRow = fromTheBottom ? stored.height() - 1 - down : down;
        int fromColumn = fromTheRight ? stored.width() - 1 - along : along;
        int from = (fromRow * stored.width() + fromColumn) * channels;
        for (int channel = 0; channel < channels; channel++) {
          values[at++] = (byte) stored.value(from + channel);
        }
      }
    }
    return new Pixels(height, width, channels, values);
  }

  /** Returns what a JPEG, WebP or TIFF file says; upright where it says nothing that is valid. */
  static Orientation of(Path file, String format) throws IOException {
    try {
      return switch (format.toLowerCase(Locale.ROOT)) {
        case "jpeg", "jpg" -> ofJpeg(file);
        case "webp" -> ofTiff(exifOfWebp(file));
        case "tif", "tiff" -> ofTiff(Files.newInputStream(file));
        default -> UPRIGHT;
      };
    } catch (RuntimeException | EOFException | IIOException e) {
      return UPRIGHT; // Viewers pass over damaged data about a picture too.
    }
  }

  /** Returns what Exif data say, which are a TIFF file without an image. */
  static Orientation ofExif(byte[] tiff) {
    try {
      return ofTiff(new ByteArrayInputStream(tiff));
    } catch (RuntimeException e) {
      return UPRIGHT;
    }
  }

  private static Orientation ofJpeg(Path file) throws IOException {
    List<JPEGSegment> segments;
    // An image's stream leaves the one below it open.
    try (InputStream bytes = Files.newInputStream(file);
        ImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
      segments = JPEGSegmentUtil.readSegments(in, JPEG.APP1, "Exif");
    }
    if (segments.isEmpty()) {
      return UPRIGHT;
    }
    InputStream exif = segments.get(0).data();
    exif.skip(1); // The identifier ends in two zeros.
    return ofTiff(exif);
  }

  private static InputStream exifOfWebp(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(RIFF_HEADER);
      for (byte[] header = in.readNBytes(RIFF_CHUNK_HEADER);
          header.length == RIFF_CHUNK_HEADER;
          header = in.readNBytes(RIFF_CHUNK_HEADER)) {
        String name = new String(header, 0, Integer.BYTES, StandardCharsets.ISO_8859_1);
        long length = 0;
        for (int i = header.length - 1; i >= Integer.BYTES; i--) {
          length = length << Byte.SIZE | (header[i] & 0xFF);
        }
        if (name.equals("EXIF")) {
          return new ByteArrayInputStream(withoutIdentifier(in.readNBytes(MOST_EXIF)));
        }
        in.skipNBytes(length + (length & 1));
      }
    }
    return InputStream.nullInputStream();
  }

  /** Some programs put the identifier of JPEG in front. */
  private static byte[] withoutIdentifier(byte[] exif) {
    byte[] identifier = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    boolean found =
        exif.length > identifier.length
            && Arrays.equals(exif, 0, identifier.length, identifier, 0, identifier.length);
    return found ? Arrays.copyOfRange(exif, identifier.length, exif.length) : exif;
  }

  private static Orientation ofTiff(InputStream tiff) {
    try (ImageInputStream in = new MemoryCacheImageInputStream(tiff);
        tiff) {
      Directory directory = new TIFFReader().read(in);
      Entry entry = directory.getEntryById(TIFF.TAG_ORIENTATION);
      return entry != null
              && entry.getValue() instanceof Number number
              && number.intValue() >= 1
              && number.intValue() <= values().length
          ? values()[number.intValue() - 1]
          : UPRIGHT;
    } catch (IOException e) {
      return UPRIGHT;
    }
  }
}
