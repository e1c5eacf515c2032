package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebP files that end before their codes do: some because they are damaged, some rightly. */
class BeyondTheEndTest {

  /** 3 pixels, and damage that asks for thousands of tables of codes. */
  private static final String GREEDY =
      "UklGRi4AAABXRUJQVlA4TCIAAAAvAkAAAC8wyGDBFHePrjmY/9gABgBq2jZgQ517OTWi/yG9";

  @TempDir Path folder;

  /** Before it was refused it was read, after minutes, as zeros. */
  @Test
  void aFileThatAsksForMillionsOfCodesIsRefused() throws IOException {
    Path file = write(Base64.getDecoder().decode(GREEDY));
    DataFormatException refused =
        assertThrows(DataFormatException.class, () -> ImageFolder.file(file).read());
    assertTrue(refused.getMessage().contains("beyond the end"), refused.getMessage());
  }

  /** Codes that are alone in their table take no bits: 12 bytes of them are 90,000 pixels. */
  @Test
  void aLargePictureOfOneColourIsRead() throws IOException {
    int[] image = ImageFolder.file(write(plain(300, 5, 200, 7))).read().image(0);
    assertArrayEquals(new int[] {5, 200, 7}, Arrays.copyOf(image, 3));
    assertArrayEquals(
        new int[] {5, 200, 7}, Arrays.copyOfRange(image, image.length - 3, image.length));
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.webp"), bytes);
  }

  /** A square of one colour, as RFC 9649 (sections 3.4 to 3.7) has it. */
  private static byte[] plain(int side, int red, int green, int blue) {
    Bits bits = new Bits();
    bits.add(0x2f, 8);
    bits.add(side - 1, 14);
    bits.add(side - 1, 14);
    bits.add(0, 1 + 3); // No alpha, version 0.
    bits.add(0, 3); // No transform, no cache of colours, one group of codes.
    for (int symbol : new int[] {green, red, blue, 255}) {
      bits.add(0b101, 3); // A simple code of one symbol, of 8 bits.
      bits.add(symbol, 8);
    }
    bits.add(0b0001, 4); // The distance: a simple code, of one symbol, of one bit, which is 0.
    byte[] codes = bits.bytes();
    ByteBuffer file = ByteBuffer.allocate(20 + codes.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(12 + codes.length);
    file.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII)).putInt(codes.length);
    return file.put(codes).array();
  }

  /** Bits, of each byte the lowest first. */
  private static final class Bits {

    private final byte[] bytes = new byte[16];
    private int count;

    void add(int value, int bits) {
      for (int i = 0; i < bits; i++, count++) {
        bytes[count / 8] |= (byte) ((value >> i & 1) << count % 8);
      }
    }

    byte[] bytes() {
      return bytes.clone();
    }
  }
}
