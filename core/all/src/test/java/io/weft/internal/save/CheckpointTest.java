package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.internal.files.AtomicFile.Content;
import io.weft.internal.tensorflow.TensorFlowCheckpoints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final String DATA = "w.data-00000-of-00001";

  @TempDir Path folder;

  private final Map<String, Parameter> shapes = new LinkedHashMap<>();
  private final Map<String, float[]> arrays = new LinkedHashMap<>();

  /** Arrays whose names' order differs between characters and bytes, enough for many restarts. */
  CheckpointTest() {
    Random random = new Random(1);
    for (int i = 0; i < 40; i++) {
      add("block_" + i + "/kernel", random, 3, i + 1, 5);
    }
    for (String letter : List.of("b", "b\uFFFD", "b\uD83D\uDE00", "é", "block_1", "Z")) {
      add(letter, random, 2);
    }
    add("large", random, 70, 300);
  }

  private void add(String name, Random random, Integer... dimensions) {
    Parameter parameter = Parameter.weight("kernel", Initializer.zeros(), dimensions);
    float[] array = new float[parameter.size()];
    for (int k = 0; k < array.length; k++) {
      // A quiet NaN keeps its bits everywhere.
      int bits = random.nextInt();
      array[k] = Float.intBitsToFloat(Float.isNaN(Float.intBitsToFloat(bits)) ? 0x7FC00000 : bits);
    }
    shapes.put(name, parameter);
    arrays.put(name, array);
  }

  private void write() throws IOException {
    List<Checkpoint.Entry> entries = new ArrayList<>();
    arrays.forEach(
        (name, array) -> entries.add(new Checkpoint.Entry(name, shapes.get(name), () -> array)));
    for (Map.Entry<String, Content> file : Checkpoint.files("w", entries).entrySet()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      file.getValue().writeTo(bytes);
      Files.write(folder.resolve(file.getKey()), bytes.toByteArray());
    }
  }

  private Map<String, float[]> read(Map<String, Parameter> wanted) throws IOException {
    return Checkpoint.read(
        new Checkpoint.Source() {
          @Override
          public long length(String file) throws IOException {
            return Files.size(folder.resolve(file));
          }

          @Override
          public <T> T read(String file, Checkpoint.Reading<T> reading) throws IOException {
            try (InputStream in = Files.newInputStream(folder.resolve(file))) {
              return reading.of(in);
            }
          }
        },
        "w",
        wanted);
  }

  private void assertArrays(Map<String, float[]> found) {
    assertEquals(arrays.keySet(), found.keySet());
    arrays.forEach((name, array) -> assertArrayEquals(bits(array), bits(found.get(name)), name));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void writesTheBytesThatTensorFlowWrites() throws IOException {
    write();
    byte[] index = Files.readAllBytes(folder.resolve("w.index"));
    byte[] data = Files.readAllBytes(folder.resolve(DATA));
    TensorFlowCheckpoints.write(folder.resolve("w"), shapes, arrays);
    assertArrayEquals(Files.readAllBytes(folder.resolve(DATA)), data);
    assertArrayEquals(Files.readAllBytes(folder.resolve("w.index")), index);
    assertArrays(read(shapes));
  }

  @Test
  void anIndexOfManyBlocksIsTensorFlowsToo() throws IOException {
    Random random = new Random(2);
    for (int i = 0; i < 1300; i++) {
      String stem = Long.toString(random.nextLong(), Character.MAX_RADIX);
      add(stem.repeat(1 + random.nextInt(60)) + i, random, 1);
    }
    write();
    byte[] index = Files.readAllBytes(folder.resolve("w.index"));
    assertTrue(index.length > 2 << 18, index.length + " bytes");
    assertArrays(read(shapes));
    TensorFlowCheckpoints.write(folder.resolve("w"), shapes, arrays);
    assertArrayEquals(Files.readAllBytes(folder.resolve("w.index")), index);
  }

  @Test
  void tensorFlowReadsWhatIsWritten() throws IOException {
    write();
    assertArrays(TensorFlowCheckpoints.read(folder.resolve("w"), shapes));
  }

  @Test
  void readsWhatTensorFlowSpreadOverFiles() throws IOException {
    TensorFlowCheckpoints.writeInPieces(folder.resolve("w"), shapes, arrays);
    assertTrue(Files.exists(folder.resolve("w.data-00046-of-00047")));
    assertArrays(read(shapes));
  }

  @Test
  void saysWhatIsMissingTooMuchOrOfAnotherShape() throws IOException {
    write();
    Parameter other = Parameter.weight("kernel", Initializer.zeros(), 5, 1, 3);
    Map<String, Parameter> wanted = new LinkedHashMap<>(shapes);
    wanted.put("block_0/kernel", other);
    String shape = refused(wanted);
    assertTrue(shape.contains("[3, 1, 5]") && shape.contains("[5, 1, 3]"), shape);
    wanted.put("elsewhere", wanted.remove("block_0/kernel"));
    assertTrue(refused(wanted).contains("elsewhere"));
    wanted.putAll(shapes);
    wanted.remove("elsewhere");
    wanted.remove("Z");
    assertTrue(refused(wanted).contains("entries"), refused(wanted));
    wanted.put("Y", shapes.get("Z"));
    assertTrue(refused(wanted).contains("no Y"), refused(wanted));
  }

  private String refused(Map<String, Parameter> wanted) {
    return assertThrows(IOException.class, () -> read(wanted)).getMessage();
  }

  @Test
  void everyDamageOfTheIndexIsSeen() throws IOException {
    write();
    Path file = folder.resolve("w.index");
    byte[] whole = Files.readAllBytes(file);
    int places = whole.length - 48;
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      Files.write(file, damaged);
      if (at < places) {
        refused(shapes);
      } else {
        // The footer is filled up with bytes that nobody reads.
        readOrRefused();
      }
    }
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      refused(shapes);
    }
  }

  private void readOrRefused() {
    Map<String, float[]> found;
    try {
      found = read(shapes);
    } catch (IOException e) {
      return;
    }
    assertArrays(found);
  }

  @Test
  void damageOfTheNumbersIsSeen() throws IOException {
    write();
    Path file = folder.resolve(DATA);
    byte[] whole = Files.readAllBytes(file);
    for (int at : new int[] {0, whole.length / 2, whole.length - 1}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      assertTrue(refused(shapes).contains("checksum"));
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertTrue(refused(shapes).contains("end at"));
    Files.write(file, Arrays.copyOf(whole, whole.length + 4));
    assertTrue(refused(shapes).contains("end at"));
  }

  /** A table whose checksums are right, of entries that no writer makes. */
  private void refusedIndex(Map<String, byte[]> entries, String reason) throws IOException {
    write();
    SortedMap<String, byte[]> sorted = new TreeMap<>(SortedTable::compare);
    sorted.putAll(entries);
    Files.write(folder.resolve("w.index"), SortedTable.write(sorted));
    String message = refused(shapes);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void refusesWhatNoWriterWrites() throws IOException {
    byte[] header = new Wire().integer(1, 1).bytes();
    byte[] none = new byte[0];
    refusedIndex(Map.of("a", none), "no index");
    refusedIndex(Map.of("", header, "a", none), "type 0");
    refusedIndex(Map.of("", header, "a", new byte[] {8}), "end in the middle");
    refusedIndex(Map.of("", header, "a", new byte[] {0x0F}), "unknown type 7");
    refusedIndex(Map.of("", header, "a", new Wire().integer(1, 2).bytes()), "type 2");
    refusedIndex(Map.of("", new Wire().integer(2, 1).bytes()), "highest byte first");
    byte[] newer = new Wire().message(3, new Wire().integer(2, 9)).bytes();
    refusedIndex(Map.of("", newer), "newer");
    refusedIndex(Map.of("x".repeat(5_000), none), "a key of 0 and 5000 bytes");
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      many.put("x" + i, none);
    }
    refusedIndex(many, "more than 48 entries");
  }

  @Test
  void arraysThatOverlapOrLeaveGapsAreRefused() throws IOException {
    shapes.keySet().retainAll(List.of("b", "Z"));
    arrays.keySet().retainAll(List.of("b", "Z"));
    for (long offset : new long[] {0, 4, 12, -8, Long.MIN_VALUE, Long.MAX_VALUE - 7}) {
      write();
      Map<String, TensorIndex.Tensor> tensors = new LinkedHashMap<>();
      tensors.put("b", new TensorIndex.Tensor(List.of(2), 0, 0, 8, 0));
      tensors.put("Z", new TensorIndex.Tensor(List.of(2), 0, offset, 8, 0));
      Files.write(folder.resolve("w.index"), new TensorIndex(1, tensors).bytes());
      assertTrue(refused(shapes).contains("end at"), refused(shapes));
    }
    Map<String, TensorIndex.Tensor> elsewhere = new LinkedHashMap<>();
    elsewhere.put("b", new TensorIndex.Tensor(List.of(2), 0, 0, 8, 0));
    elsewhere.put("Z", new TensorIndex.Tensor(List.of(2), 7, 8, 8, 0));
    Files.write(folder.resolve("w.index"), new TensorIndex(1, elsewhere).bytes());
    assertTrue(refused(shapes).contains("data file 7 of 1"), refused(shapes));
    Files.write(folder.resolve("w.index"), new TensorIndex(1 << 30, elsewhere).bytes());
    assertTrue(refused(shapes).contains("data files for 2 arrays"), refused(shapes));
  }

  @Test
  void integersAreKeptInTheirGroups() throws IOException {
    for (long value : new long[] {0, 1, 127, 128, 300, 1L << 31, Long.MAX_VALUE, -1}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Wire.putVarint(out, value);
      assertEquals(value, Wire.varint(ByteBuffer.wrap(out.toByteArray())));
    }
    byte[] endless = "\u00ff".repeat(11).getBytes(StandardCharsets.ISO_8859_1);
    assertThrows(IOException.class, () -> Wire.varint(ByteBuffer.wrap(endless)));
    assertThrows(IOException.class, () -> Wire.varint(ByteBuffer.wrap(new byte[] {-1})));
  }
}
