package io.weft.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.data.DataFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

class TensorFileTest {

  @TempDir Path folder;

  private Path safetensors(String header, int... numbers) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length() + numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(ISO_8859_1));
    for (int number : numbers) {
      bytes.put((byte) number);
    }
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }

  private static byte[] npy(String type, String fortran, String shape, int... numbers) {
    String head =
        "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0x93);
    bytes.writeBytes("NUMPY\1\0".getBytes(ISO_8859_1));
    bytes.write(head.length());
    bytes.write(0);
    bytes.writeBytes(head.getBytes(ISO_8859_1));
    for (int number : numbers) {
      bytes.write(number);
    }
    return bytes.toByteArray();
  }

  private Path npz(Map<String, byte[]> files) throws IOException {
    Path path = folder.resolve("x.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    return path;
  }

  /** What the sizes, bytes and types of the formats say, worked out by hand. */
  @Test
  void typesAreReadByTheirMeaning() throws IOException {
    TensorFile file =
        TensorFile.open(
            safetensors(
                "{\"__metadata__\":{\"format\":\"pt\"},"
                    + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                    + "\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[8,14]},"
                    + "\"b\":{\"dtype\":\"BF16\",\"shape\":[1,2],\"data_offsets\":[14,18]},"
                    + "\"d\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[18,26]},"
                    + "\"i\":{\"dtype\":\"C64\",\"shape\":[],\"data_offsets\":[26,34]}}",
                0,
                0,
                0x80,
                0x3F,
                0,
                0,
                0,
                0xC0, // 1, -2
                0,
                0x3C,
                1,
                0x80,
                0xFF,
                0x7B, // 1, the least below 0, the largest
                0x80,
                0x3F,
                0,
                0xC0, // 1, -2
                0,
                0,
                0,
                0,
                0,
                0,
                0xE0,
                0x3F, // 0.5
                7,
                0,
                0,
                0,
                0,
                0,
                0,
                0));
    assertEquals(List.of("a", "h", "b", "d", "i"), List.copyOf(file.entries().keySet()));
    assertEquals(Tensor.of(List.of(2), 1, -2), file.read("a"));
    assertEquals(Tensor.of(List.of(3), 1, -0x1p-24f, 65504), file.read("h"));
    assertEquals(Tensor.of(List.of(1, 2), 1, -2), file.read("b"));
    assertEquals(Tensor.of(List.of(), 0.5f), file.read("d"));
    String type = assertThrows(DataFormatException.class, () -> file.read("i")).getMessage();
    assertTrue(type.contains("i of type C64; expected float32"), type);
    String none = assertThrows(IllegalArgumentException.class, () -> file.read("aa")).getMessage();
    assertTrue(none.contains("no array \"aa\"") && none.contains("nearest are a,"), none);
  }

  @Test
  void fortransOrderAndBothByteOrdersAreRead() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("c.npy", npy("<f2", "False", "(2, 2)", 0, 0, 0, 0x3C, 0, 0x40, 0, 0x42));
    files.put("f.npy", npy("<f2", "True", "(2, 2)", 0, 0, 0, 0x40, 0, 0x3C, 0, 0x42));
    files.put("big.npy", npy(">f2", "False", "(4,)", 0, 0, 0x3C, 0, 0x40, 0, 0x42, 0));
    files.put("count.npy", npy("<c8", "False", "()", 1, 0, 0, 0, 0, 0, 0, 0));
    files.put("notes.txt", new byte[3]);
    TensorFile file = TensorFile.open(npz(files));
    assertEquals(4, file.entries().size());
    Tensor expected = Tensor.of(List.of(2, 2), 0, 1, 2, 3);
    assertEquals(expected, file.read("c"));
    assertEquals(expected, file.read("f"));
    assertArrayEquals(expected.values(), file.read("big").values());
    assertThrows(DataFormatException.class, () -> file.read("count"));
  }

  @Test
  void whatIsWrittenIsReadAndIsTheSameBytesAtAnyTime() throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    arrays.put("block/kernel", Tensor.of(List.of(2, 1, 3), 1, 2, 3, 4, 5, Float.NaN));
    arrays.put("one", Tensor.of(List.of(), -0f));
    arrays.put("none", Tensor.of(List.of(0, 4)));
    Path safetensors = folder.resolve("w.safetensors");
    Path npz = folder.resolve("w.npz");
    TensorFile.writeSafetensors(safetensors, arrays);
    TensorFile.writeNpz(npz, arrays);
    for (Path path : List.of(safetensors, npz)) {
      TensorFile file = TensorFile.open(path);
      assertEquals(List.copyOf(arrays.keySet()), List.copyOf(file.entries().keySet()));
      for (String name : arrays.keySet()) {
        assertEquals(arrays.get(name), file.read(name), path + " " + name);
      }
    }
    byte[] first = Files.readAllBytes(npz);
    TensorFile.writeNpz(npz, arrays);
    assertArrayEquals(first, Files.readAllBytes(npz));
    assertEquals(0, ByteBuffer.wrap(Files.readAllBytes(safetensors)).get(0) % 8);
  }

  /** More than is read at a time, 64 KiB, so that no array needs its bytes in one piece. */
  @Test
  void arraysAreReadInPieces() throws IOException {
    float[] values = new float[40_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Map<String, Tensor> arrays = Map.of("long", Tensor.of(List.of(2, 20_000), values));
    Path path = folder.resolve("long.safetensors");
    TensorFile.writeSafetensors(path, arrays);
    TensorFile file = TensorFile.open(path);
    assertEquals(arrays.get("long"), file.read("long"));
    byte[] bytes = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(bytes, bytes.length - 1));
    String cut = assertThrows(DataFormatException.class, () -> file.read("long")).getMessage();
    assertTrue(cut.contains("the end of the file within long"), cut);
  }

  /** It begins where the next one does, whichever the header names first. */
  @Test
  void anArrayWithoutNumbersLiesBesideOthers() throws IOException {
    TensorFile file =
        TensorFile.open(
            safetensors(
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                    + "\"none\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                1,
                2));
    assertEquals(Tensor.of(List.of(2), 1, 2), file.read("a"));
    assertEquals(Tensor.of(List.of(0)), file.read("none"));
  }

  private static String refusal(Path path) {
    String message =
        assertThrows(DataFormatException.class, () -> TensorFile.open(path)).getMessage();
    assertTrue(message.startsWith(path.toString()), message);
    return message;
  }

  @Test
  void hugeHeadersAndForeignFilesAreRefusedInASentence() throws IOException {
    Path cut = Files.write(folder.resolve("cut"), new byte[] {1, 2});
    assertTrue(refusal(cut).contains("2 bytes; expected safetensors"));
    Path letter = Files.writeString(folder.resolve("letter"), "Dear reader, no weights are here.");
    assertTrue(refusal(letter).contains("a header of"));
    assertTrue(refusal(folder).contains("a folder"));
    assertTrue(refusal(folder.resolve("nothing")).contains("no such file"));
    String array = "{\"a\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%s]}}";
    String[][] bad = {
      {"2", "0,4"},
      {"1", "4,8"},
      {"1", "0,8"},
      {"4000000000,4000000000,4000000000", "0,4"},
      {"-1,-1", "0,4"},
      {"99999999999999999999999", "0,4"},
      {"1.5", "0,4"},
      {"1", "0"},
    };
    for (String[] one : bad) {
      refusal(safetensors(array.formatted((Object[]) one), 0, 0, 0, 0));
    }
    refusal(safetensors("[1]", 0));
    refusal(safetensors("{\"a\":1}", 0));
    refusal(safetensors("{}{}"));
    String huge = refusal(npz(Map.of("a.npy", npy("<f4", "False", "(400000, 40000)", 0))));
    assertTrue(huge.contains("an array of [400000, 40000]"), huge);
    refusal(npz(Map.of("a.npy", npy("<f4", "False", "(400000,)", 0))));
    refusal(npz(Map.of("a.npy", new byte[30])));
    refusal(npz(Map.of("a.txt", new byte[30])));
  }
}
