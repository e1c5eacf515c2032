package io.weft.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  @TempDir Path folder;

  private final Map<String, Parameter> shapes = new LinkedHashMap<>();
  private final Map<String, float[]> arrays = new LinkedHashMap<>();
  private final List<Checkpoint.Entry> entries = new ArrayList<>();

  CheckpointTest() {
    Random random = new Random(1);
    for (int i = 0; i < 9; i++) {
      Parameter parameter = Parameter.weight("kernel", Initializer.zeros(), 3, i + 1, 5);
      float[] array = new float[parameter.size()];
      for (int k = 0; k < array.length; k++) {
        array[k] = Float.intBitsToFloat(random.nextInt());
      }
      String name = "block_" + i + "/kernel";
      shapes.put(name, parameter);
      arrays.put(name, array);
      entries.add(new Checkpoint.Entry(name, parameter, () -> array));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private void assertReadBack() throws IOException {
    Map<String, float[]> found = Checkpoint.read(folder.resolve("w"), shapes);
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
  void keepsEveryBitInTheTwoStandardFiles() throws IOException {
    Checkpoint.write(folder.resolve("w"), entries);
    assertEquals(List.of("w.data-00000-of-00001", "w.index"), files());
    assertReadBack();
  }

  @Test
  void spreadsWhatIsLargeOverSeveralFiles() throws IOException {
    Checkpoint.write(folder.resolve("w"), entries, 700);
    List<String> files = files();
    assertTrue(files.size() > 3 && files.get(files.size() - 1).equals("w.index"), "" + files);
    for (String file : files.subList(0, files.size() - 1)) {
      assertTrue(file.matches("w\\.data-0000\\d-of-0000" + (files.size() - 1)), "" + files);
    }
    assertReadBack();
  }

  @Test
  void saysWhatIsMissingOrOfAnotherShape() throws IOException {
    Checkpoint.write(folder.resolve("w"), entries);
    Parameter other = Parameter.weight("kernel", Initializer.zeros(), 5, 1, 3);
    String shape = refused(Map.of("block_0/kernel", other));
    assertTrue(shape.contains("[3, 1, 5]") && shape.contains("[5, 1, 3]"), shape);
    assertTrue(refused(Map.of("elsewhere", other)).contains("elsewhere"));
  }

  private String refused(Map<String, Parameter> wanted) {
    return assertThrows(IOException.class, () -> Checkpoint.read(folder.resolve("w"), wanted))
        .getMessage();
  }

  @Test
  void whatCannotBeWrittenOrFoundIsAnIoError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThrows(IOException.class, () -> Checkpoint.write(file.resolve("w"), entries));
    assertThrows(IOException.class, () -> Checkpoint.read(folder.resolve("none"), shapes));
  }
}
