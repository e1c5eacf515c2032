package io.weft.pyramid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.internal.files.WriteException;
import io.weft.testing.SavedModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is saved is one pyramid or the other, never a half of each. */
class MultiScaleSaveTest {

  private static MultiScaleModel one;
  private static MultiScaleModel other;

  @TempDir Path temporary;

  @BeforeAll
  static void make() {
    MultiScale definition = Pyramids.ofDigits();
    one = MultiScaleModel.initial(definition, 1);
    other = MultiScaleModel.initial(definition, 2);
  }

  @AfterAll
  static void close() {
    one.close();
    other.close();
  }

  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static void assertSame(Map<String, byte[]> expected, Map<String, byte[]> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
  }

  /** Whichever of its parts cannot be written. */
  @Test
  void aSaveThatFailsLeavesTheOldOne() throws IOException {
    Path folder = temporary.resolve("pyramid");
    one.save(folder);
    Map<String, byte[]> before = files(folder);
    for (String part : List.of("small", "large")) {
      // A lock cannot be made where a folder is.
      Path lock = Files.createDirectory(folder.resolve("." + part + ".weft-lock"));
      String message = assertThrows(WriteException.class, () -> other.save(folder)).getMessage();
      assertTrue(message.contains("what was there before stays"), message);
      Files.delete(lock);
      assertSame(before, files(folder));
    }
    other.save(folder);
    assertFalse(Map.copyOf(before).equals(files(folder)));
    assertEquals(List.of("large", "multi-scale.json", "small"), SavedModels.names(folder));
    assertEquals(List.of("pyramid"), SavedModels.names(temporary));
  }

  /** Which of the two a model is. */
  private static int which(Model model) {
    for (MultiScaleModel each : List.of(one, other)) {
      for (Model part : List.of(each.small(), each.large())) {
        String name = part.weights().names().iterator().next();
        if (model.weights().names().equals(part.weights().names())
            && java.util.Arrays.equals(model.weights().values(name), part.weights().values(name))) {
          return each == one ? 1 : 2;
        }
      }
    }
    throw new AssertionError("neither");
  }

  @Test
  void everyLoadGivesOnePyramidWhileThreadsSaveWithoutPause() throws Exception {
    Path folder = temporary.resolve("pyramid");
    one.save(folder);
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger saved = new AtomicInteger();
    List<Thread> savers =
        Stream.of(one, other)
            .map(model -> new Thread(() -> saves(model, folder, done, saved)))
            .toList();
    savers.forEach(Thread::start);
    try {
      for (int load = 0; load < 10; load++) {
        try (MultiScaleModel loaded = MultiScaleModel.load(folder)) {
          assertEquals(which(loaded.small()), which(loaded.large()));
        }
      }
    } finally {
      done.set(true);
      for (Thread saver : savers) {
        saver.join();
      }
    }
    assertTrue(saved.get() > 2, saved + " saves");
    assertEquals(List.of("pyramid"), SavedModels.names(temporary));
  }

  private static void saves(
      MultiScaleModel model, Path folder, AtomicBoolean done, AtomicInteger saved) {
    try {
      while (!done.get()) {
        model.save(folder);
        saved.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
