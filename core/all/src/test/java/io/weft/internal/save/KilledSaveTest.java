package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.Model;
import io.weft.json.LayerCatalog;
import io.weft.testing.ChildJvm;
import io.weft.testing.SavedModels;
import io.weft.testing.SlowChecks;
import io.weft.weight.Weights;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saves in another process, which is killed, or has no room, in the middle. */
class KilledSaveTest {

  private static final int KILLS = SlowChecks.times(3, 100);

  @TempDir Path temporary;

  /** Saves models in a loop, each with all its weights equal to the number of the save. */
  static final class Saver {
    private Saver() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      int count = Integer.parseInt(arguments[1]);
      for (int i = 1; i <= count; i++) {
        try {
          save(folder, i);
          System.out.println("saved " + i);
        } catch (IOException e) {
          System.out.println("refused " + e.getMessage());
        }
      }
    }
  }

  static void save(Path folder, int number) throws IOException {
    Map<String, float[]> values = new LinkedHashMap<>();
    SavedModels.definition()
        .graph()
        .parameters()
        .forEach(
            (name, parameter) -> {
              float[] array = new float[parameter.size()];
              Arrays.fill(array, number);
              values.put(name, array);
            });
    Weights weights = Weights.of(SavedModels.definition(), values);
    ModelFolder.of(folder, LayerCatalog.standard())
        .save(new ModelContents(SavedModels.definition(), weights, Optional.empty(), List.of()));
  }

  static int number(Path folder) throws IOException {
    try (Model loaded = Model.load(folder)) {
      float first = loaded.weights().values("first/kernel")[0];
      for (String name : loaded.weights().names()) {
        for (float value : loaded.weights().values(name)) {
          assertEquals(first, value, name);
        }
      }
      return (int) first;
    }
  }

  static List<String> command(Path folder, int count) {
    return ChildJvm.command("256m", Saver.class, folder.toString(), Integer.toString(count));
  }

  /** Returns the number of the last save that was told done, in a whole line. */
  static int lastSaved(Path log) throws IOException {
    String text = Files.readString(log);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    return (int) whole.lines().filter(l -> l.startsWith("saved ")).count();
  }

  @Test
  void killedAtAnyTime() throws Exception {
    Path folder = temporary.resolve("m");
    Random random = new Random(11);
    save(folder, 0);
    int highest = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Path log = temporary.resolve("log-" + kill);
      Process process =
          new ProcessBuilder(command(folder, Integer.MAX_VALUE))
              .redirectOutput(log.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        // The JVM and TensorFlow take their time to start: wait until saving is in full swing.
        while (process.isAlive() && lastSaved(log) < 2) {
          Thread.sleep(5);
        }
        Thread.sleep(random.nextInt(120));
        assertTrue(process.isAlive(), "the saver died by itself");
      } finally {
        process.destroyForcibly().waitFor();
      }
      int last = lastSaved(log);
      Files.delete(log);
      int found = number(folder);
      // A save that was told done must have lasted; the one under way may have.
      assertTrue(found == last || found == last + 1, found + " after save " + last);
      highest = Math.max(highest, found);
    }
    assertNotEquals(0, highest);
    save(folder, 5);
    assertEquals(5, number(folder));
    assertEquals(List.of("m"), SavedModels.names(temporary));
  }

  @Test
  void withoutRoomTheOldModelStays() throws Exception {
    Path shell = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(shell), "needs bash for ulimit");
    Path folder = temporary.resolve("m");
    save(folder, 3);
    Map<String, byte[]> before = SavedModels.files(folder);
    // No file beyond 2 KiB may be written: what a full disk does to native code and Java alike.
    List<String> words = new ArrayList<>(List.of(shell.toString(), "-c"));
    words.add("ulimit -f 2; exec \"$@\"");
    words.add("bash");
    words.addAll(command(folder, 1));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output;
    try (BufferedReader out = process.inputReader()) {
      output = String.join("\n", out.lines().toList());
    }
    process.waitFor();
    assertTrue(output.contains("refused"), output);
    Map<String, byte[]> after = SavedModels.files(folder);
    assertEquals(before.keySet(), after.keySet());
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    assertEquals(List.of("m"), SavedModels.names(temporary));
    assertEquals(3, number(folder));
  }
}
