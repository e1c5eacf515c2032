package io.weft.data;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Files of pictures as other programs write them. */
final class PictureTestFiles {

  /**
   * A WebP of 2 rows and 3 columns without loss: red is 10 times the column and 100 times the row,
   * green 200, blue 7. Written by libwebp.
   */
  static final byte[] WEBP =
      Base64.getDecoder()
          .decode("UklGRi4AAABXRUJQVlA4TCIAAAAvAkAAAC8wyGLBFHePrjmY/9gABgBq2jZgQ51/OTWi/zG9");

  /** The same with Exif data that say 6: to be turned to the right. */
  static final byte[] TURNED_WEBP =
      Base64.getDecoder()
          .decode(
              "UklGRmIAAABXRUJQVlA4WAoAAAAIAAAAAgAAAQAAVlA4TCIAAAAvAkAAAC8wyGLBFHePrjmY/9gABgBq2jZgQ"
                  + "51/OTWi/zG9RVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAAAAAAAA==");

  /** A WebP of 4 rows and 4 columns in two frames, red and green. */
  static final byte[] MOVING_WEBP =
      Base64.getDecoder()
          .decode(
              "UklGRoQAAABXRUJQVlA4WAoAAAACAAAAAwAAAwAAQU5JTQYAAAAAAAAAAABBTk1GKAAAAAAAAAAAAAMAAAMAA"
                  + "AAAAAJWUDhMDwAAAC8DwAAABxD9j/4HIqL/AQBBTk1GKAAAAAAAAAAAAAMAAAMAAAAAAABWUDhMDwAA"
                  + "AC8DwAAAB9D/iP4HIqL/AQA=");

  private PictureTestFiles() {}

  /** Exif data that say how a picture is stored, and nothing else. */
  static byte[] exif(int orientation, ByteOrder order) {
    return ByteBuffer.allocate(26)
        .order(order)
        .put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII))
        .putShort((short) 42)
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 274)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .putShort((short) 0)
        .putInt(0)
        .array();
  }

  /** A JPEG with Exif data, after the marker that begins it. */
  static byte[] jpegWithExif(byte[] jpeg, byte[] exif) {
    ByteBuffer segment = ByteBuffer.allocate(10 + exif.length);
    segment.putShort((short) 0xFFE1).putShort((short) (8 + exif.length));
    segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif);
    return inserted(jpeg, 2, segment.array());
  }

  /** A PNG with Exif data, after its header. */
  static byte[] pngWithExif(byte[] png, byte[] exif) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + exif.length);
    chunk.putInt(exif.length).put("eXIf".getBytes(StandardCharsets.US_ASCII)).put(exif);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + exif.length);
    chunk.putInt((int) crc.getValue());
    return inserted(png, 33, chunk.array());
  }

  private static byte[] inserted(byte[] into, int at, byte[] what) {
    byte[] all = Arrays.copyOf(into, into.length + what.length);
    System.arraycopy(what, 0, all, at, what.length);
    System.arraycopy(into, at, all, at + what.length, into.length - at);
    return all;
  }

  static byte[] encoded(BufferedImage image, String type) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, type, bytes)) {
      throw new IOException("no writer of " + type);
    }
    return bytes.toByteArray();
  }

  /** An image of 16 bits a value. */
  static BufferedImage deep(boolean grey, boolean alpha, int height, int width, int... samples) {
    ColorSpace space = ColorSpace.getInstance(grey ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
    int kind = alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE;
    ColorModel model = new ComponentColorModel(space, alpha, false, kind, DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(width, height);
    raster.setPixels(0, 0, width, height, samples);
    return new BufferedImage(model, raster, false, null);
  }

  /** An image of 8 bits a value: 1 to 4 of a pixel, grey or colours, and how opaque it is. */
  static BufferedImage plain(int channels, int height, int width, int... samples) {
    boolean alpha = channels % 2 == 0;
    ColorSpace space =
        ColorSpace.getInstance(channels < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
    int kind = alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE;
    ColorModel model = new ComponentColorModel(space, alpha, false, kind, DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(width, height);
    raster.setPixels(0, 0, width, height, samples);
    return new BufferedImage(model, raster, false, null);
  }
}
