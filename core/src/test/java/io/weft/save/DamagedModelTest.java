package io.weft.save;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.testing.SavedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Damages each file of a saved model in many ways: it is refused, or loads as it was. */
class DamagedModelTest {

  private static final int DAMAGES = 120;

  @TempDir static Path temporary;

  private static Path folder;
  private static Model model;
  private static Map<String, byte[]> files;

  @BeforeAll
  static void save() throws IOException {
    folder = temporary.resolve("m");
    model = SavedModels.trained(1);
    model.save(folder);
    files = SavedModels.files(folder);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @TestFactory
  Stream<DynamicTest> everyFile() {
    return files.keySet().stream().map(f -> DynamicTest.dynamicTest(f, () -> damage(f)));
  }

  private static void damage(String file) throws IOException {
    Random random = new Random(file.hashCode());
    byte[] whole = files.get(file);
    int refused = 0;
    try {
      for (int i = 0; i < DAMAGES; i++) {
        byte[] bytes = whole.clone();
        if (i % 3 == 0) {
          bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        } else if (i % 3 == 1) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        } else {
          bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100));
        }
        Files.write(folder.resolve(file), bytes);
        refused += isRefused() ? 1 : 0;
      }
      Files.delete(folder.resolve(file));
      assertTrue(isRefused(), "a missing file");
    } finally {
      Files.write(folder.resolve(file), whole);
    }
    assertTrue(refused >= DAMAGES / 2, refused + " of " + DAMAGES);
  }

  private static boolean isRefused() throws IOException {
    try (Model loaded = Model.load(folder)) {
      SavedModels.assertSame(model.snapshot(), loaded.snapshot());
      assertEquals(model.definition(), loaded.definition());
      assertEquals(model.history(), loaded.history());
      return false;
    } catch (ModelFormatException e) {
      assertTrue(e.getMessage().contains("expected"), e.getMessage());
      return true;
    }
  }
}
