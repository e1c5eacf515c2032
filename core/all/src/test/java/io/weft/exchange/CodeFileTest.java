package io.weft.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.data.DataFormatException;
import io.weft.data.ImageSet;
import io.weft.data.NumpyFile;
import io.weft.spec.ImageSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codes from files of other programs. */
class CodeFileTest {

  private static final int[] CODES = {0, 511, 256, 255, 1, 2, 300, 400};

  @TempDir private Path folder;

  /** An .npy of CODES, or of others, with numbers of {@code bytes} bytes, the lowest first. */
  private static byte[] npy(String type, String shape, int bytes, int... numbers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String head = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(head.length());
    out.write(0);
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    for (int number : numbers) {
      byte[] all =
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
      out.write(all, 0, bytes);
    }
    return out.toByteArray();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private Path npz(Map<String, byte[]> arrays) throws IOException {
    Path file = folder.resolve("some.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
    }
    return file;
  }

  @Test
  void whatIsMappedIsWhatIsRead() throws IOException {
    for (String type : List.of("<u2", "<i2", "<i4", "<u4", "<i8")) {
      int bytes = type.charAt(2) - '0';
      Path file = file("c.npy", npy(type, "(2, 2, 2)", bytes, CODES));
      ImageSet opened = CodeFile.read(file, 512, 8);
      assertEquals(CodeFile.read(file, 512).fingerprint(), opened.fingerprint(), type);
      assertEquals(400, opened.level(1, 1, 1, 0), type);
      ImageSet fewer = CodeFile.read(file, 500, 8);
      assertTrue(
          assertThrows(UncheckedIOException.class, () -> fewer.image(0))
              .getMessage()
              .contains("found level 511 at image 0; expected 0 to 499"));
    }
    Path colours = file("c.npy", npy("|u1", "(1, 1, 2, 2)", 1, 0, 200, 7, 255));
    assertArrayEquals(new int[] {0, 200, 7, 255}, CodeFile.open(colours, 256).image(0));
    ImageSet below = CodeFile.open(file("c.npy", npy("<i2", "(1, 1, 1)", 2, -1)), 65_536);
    assertThrows(UncheckedIOException.class, () -> below.image(0));
    Path floats = file("c.npy", npy("<f4", "(1, 1, 1)", 4, 0));
    assertArrayEquals(new int[] {0}, CodeFile.read(floats, 2, 1).image(0));
    assertTrue(
        assertThrows(DataFormatException.class, () -> CodeFile.open(floats, 2))
            .getMessage()
            .contains("found <f4 in C's order; expected whole numbers in C's order"));
    Path cut = file("c.npy", npy("<u2", "(3, 2, 2)", 2, CODES));
    assertTrue(
        assertThrows(DataFormatException.class, () -> CodeFile.open(cut, 512))
            .getMessage()
            .contains("found 2 images; expected the 3 that its head announces"));
  }

  @Test
  void idxCodesAreMappedToo() throws IOException {
    for (int bytes : new int[] {2, 4}) {
      ByteBuffer idx = ByteBuffer.allocate(16 + CODES.length * bytes);
      idx.putInt(bytes == 2 ? 0x0B03 : 0x0C03).putInt(2).putInt(2).putInt(2);
      for (int code : CODES) {
        if (bytes == 2) {
          idx.putShort((short) code);
        } else {
          idx.putInt(code);
        }
      }
      Path file = file("codes-idx3", idx.array());
      ImageSet opened = CodeFile.read(file, 512, 8);
      CodeFile.read(file, 500, 8).image(1);
      assertEquals(CodeFile.read(file, 512).fingerprint(), opened.fingerprint());
    }
  }

  /** 2.2 million images of 16x16: more numbers than an array is taken of, on a sparse disk. */
  @Test
  void codesLargerThanTheMemoryAreOpened() throws IOException {
    int count = 2_200_000;
    Path file = file("large.npy", npy("<u2", "(" + count + ", 16, 16)", 2));
    long start = Files.size(file);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(start + 512L * count);
      out.seek(start + 512L * (count - 1));
      out.write(new byte[] {7, 1});
    }
    ImageSet images = CodeFile.read(file, 8192);
    assertEquals(count, images.size());
    assertEquals(263, images.level(count - 1, 0, 0, 0));
    assertEquals(0, images.level(count / 2, 15, 15, 0));
  }

  @Test
  void everyWholeTypeIsRead() throws IOException {
    for (String type : List.of("<u2", "<i2", "<i4", "<u4", "<i8")) {
      int bytes = type.charAt(2) - '0';
      ImageSet read = CodeFile.read(file("c.npy", npy(type, "(2, 2, 2)", bytes, CODES)), 512);
      assertEquals(new ImageSpec(2, 2, 1, 512), read.spec(), type);
      assertArrayEquals(new int[] {0, 511, 256, 255}, read.image(0), type);
      assertArrayEquals(new int[] {1, 2, 300, 400}, read.image(1), type);
    }
    Path small = file("c.npy", npy("|u1", "(1, 1, 2, 2)", 1, 0, 200, 7, 255));
    assertArrayEquals(new int[] {0, 200, 7, 255}, CodeFile.read(small, 256).image(0));
    assertEquals(2, CodeFile.read(small, 256).channels());
  }

  @Test
  void whatWeftWritesComesBack() throws IOException {
    ImageSet images = ImageSet.of(new ImageSpec(2, 2, 1, 65_536), new int[] {65_535, 0, 300, 256});
    Path file = folder.resolve("images.npy");
    NumpyFile.write(file, images);
    assertEquals(images.fingerprint(), CodeFile.read(file, 65_536).fingerprint());
  }

  @Test
  void anArchiveHasLabelsAndSeveralArrays() throws IOException {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("labels", npy("<i8", "(2,)", 8, 9, 3));
    arrays.put("top", npy("<i4", "(2, 1, 1)", 4, 5, 6));
    assertEquals(List.of("3", "9"), CodeFile.read(npz(arrays), 512).classNames());
    arrays.put("codes", npy("<i4", "(2, 2, 2)", 4, CODES));
    ImageSet read = CodeFile.read(npz(arrays), 512);
    assertEquals(1, read.label(0));
    assertEquals(511, read.level(0, 0, 1, 0));
    assertEquals(6, CodeFile.read(folder.resolve("some.npz"), "top", 8).level(1, 0, 0, 0));
    arrays.remove("codes");
    arrays.put("bottom", npy("<i4", "(2, 2, 2)", 4, CODES));
    assertRefused("one called \"codes\"", npz(arrays), 512);
  }

  private static void assertRefused(String with, Path file, int levels) {
    String message =
        assertThrows(DataFormatException.class, () -> CodeFile.read(file, levels)).getMessage();
    assertTrue(message.contains(with), message);
  }

  private static byte[] idx(int magic, int bytes, int... numbers) {
    ByteBuffer all = ByteBuffer.allocate(16 + bytes * numbers.length);
    all.putInt(magic).putInt(2).putInt(2).putInt(2);
    for (int number : numbers) {
      if (bytes == 2) {
        all.putShort((short) number);
      } else {
        all.putInt(number);
      }
    }
    return all.array();
  }

  @Test
  void idxOfWiderNumbersIsRead() throws IOException {
    ImageSet expected = ImageSet.of(new ImageSpec(2, 2, 1, 512), CODES);
    for (byte[] bytes : List.of(idx(0x0B03, 2, CODES), idx(0x0C03, 4, CODES))) {
      Path file = file("codes-idx3", bytes);
      assertTrue(CodeFile.isOne(file));
      assertEquals(expected.fingerprint(), CodeFile.read(file, 512).fingerprint());
    }
  }

  @Test
  void whatIsNoCodeIsRefused() throws IOException {
    assertRefused(
        "whole numbers from 0 to 499", file("a.npy", npy("<i4", "(2, 2, 2)", 4, CODES)), 500);
    assertRefused("the number -1.0", file("b.npy", npy("<i4", "(1, 1, 1)", 4, -1)), 500);
    assertRefused("[4, 2]", file("c.npy", npy("<i4", "(4, 2)", 4, CODES)), 512);
    assertRefused("of type |b1", file("d.npy", npy("|b1", "(1, 1, 1)", 1, 1)), 512);
    assertRefused("cut off", file("e.npy", npy("<i4", "(2, 2, 2)", 4, 1, 2)), 512);
    assertRefused(
        "the whole number 16777217", file("f.npy", npy("<i4", "(1, 1, 1)", 4, 16_777_217)), 512);
    assertRefused("the number 511 in image 0", file("g", idx(0x0B03, 2, CODES)), 500);
    assertRefused("the number -1", file("h", idx(0x0C03, 4, 0, -1, 0, 0, 0, 0, 0, 0)), 500);
    assertRefused("cut off", file("i", Arrays.copyOf(idx(0x0C03, 4, CODES), 30)), 512);
    assertFalse(CodeFile.isOne(file("codes.bin", new byte[] {0, 0, 8, 3})));
    assertFalse(CodeFile.isOne(folder));
  }
}
