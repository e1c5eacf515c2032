package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import io.weft.testing.SavedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Stops a save after each of its steps, as a crash would, and looks what is left. */
class ModelPlaceTest {

  @TempDir Path temporary;

  /** What a save does between two moments at which it may be cut short. */
  private interface Step {
    void run(ModelPlace place, Path newModel) throws IOException;
  }

  private static final List<Step> STEPS =
      List.of(
          (place, fresh) -> place.prepare(),
          (place, fresh) -> place.makeFresh(),
          (place, fresh) -> copy(fresh, place.fresh(), 2),
          (place, fresh) -> copy(fresh, place.fresh(), Integer.MAX_VALUE),
          (place, fresh) -> place.force(),
          (place, fresh) -> place.retire(),
          (place, fresh) -> place.publish(),
          // Deleting the old model, cut short after its first files.
          (place, fresh) -> Files.delete(place.old().resolve(Manifest.FILE)),
          (place, fresh) -> Files.delete(place.old().resolve("weights.index")),
          (place, fresh) -> place.tidy());

  private static final int PUBLISHED = 7;

  @TestFactory
  Stream<DynamicTest> aCrashLeavesTheOldOrTheNewModel() {
    return IntStream.rangeClosed(0, STEPS.size())
        .mapToObj(steps -> DynamicTest.dynamicTest("after " + steps, () -> crash(steps)));
  }

  private void crash(int steps) throws IOException {
    Path parent = Files.createDirectory(temporary.resolve("after-" + steps));
    Path folder = parent.resolve("m");
    Path other = temporary.resolve("new-" + steps);
    save(folder, 1);
    save(other, 2);
    ModelPlace place = ModelPlace.of(folder);
    place.lock().close();
    for (Step step : STEPS.subList(0, steps)) {
      step.run(place, other);
    }
    assertEquals(steps < PUBLISHED ? 1 : 2, seed(folder));
    save(folder, 3);
    assertEquals(3, seed(folder));
    assertEquals(List.of("m"), SavedModels.names(parent));
  }

  @Test
  void aFirstSaveCutShortLeavesNothingToLoad() throws IOException {
    Path folder = temporary.resolve("m");
    save(temporary.resolve("other"), 2);
    ModelPlace place = ModelPlace.of(folder);
    place.prepare();
    place.makeFresh();
    copy(temporary.resolve("other"), place.fresh(), 3);
    assertThrows(ModelFormatException.class, () -> Model.load(folder));
    save(folder, 1);
    assertEquals(1, seed(folder));
    assertEquals(List.of("m", "other"), SavedModels.names(temporary));
  }

  @Test
  void putsTheOldModelBackWhereTheNewOneCannotBeMoved() throws IOException {
    Path folder = temporary.resolve("m");
    save(folder, 1);
    ModelPlace place = ModelPlace.of(folder);
    place.retire();
    assertThrows(IOException.class, place::publish);
    assertEquals(1, seed(folder));
    assertFalse(Files.exists(place.old()));
  }

  @Test
  void leavesFilesOfOthersInItsLeftOvers() throws IOException {
    Path folder = temporary.resolve("m");
    ModelPlace place = ModelPlace.of(folder);
    place.makeFresh();
    Path theirs = Files.writeString(place.fresh().resolve("weights.txt"), "theirs");
    String message = assertThrows(ModelFormatException.class, () -> save(folder, 1)).getMessage();
    assertTrue(message.contains("weights.txt"), message);
    assertEquals("theirs", Files.readString(theirs));
  }

  @Test
  void savesTakeTurnsAndLoadsSeeWholeModels() throws Exception {
    Path folder = temporary.resolve("m");
    save(folder, 1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> running =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            for (int k = 0; k < 8; k++) {
                              if (i < 2) {
                                save(folder, i + 1);
                              } else {
                                assertTrue(List.of(1, 2).contains(seed(folder)));
                              }
                            }
                            return null;
                          }))
              .toList();
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(List.of("m"), SavedModels.names(temporary));
  }

  @Test
  void aLockThatIsHeldIsRefusedClearly() throws IOException {
    Path file = temporary.resolve("lock");
    SaveLock held = SaveLock.acquire(file, Duration.ZERO);
    try {
      String message =
          assertThrows(IOException.class, () -> SaveLock.acquire(file, Duration.ZERO)).getMessage();
      assertTrue(message.contains("another save"), message);
    } finally {
      held.close();
    }
    SaveLock.acquire(file, Duration.ZERO).close();
    assertFalse(Files.exists(file));
  }

  private static void copy(Path from, Path to, int most) throws IOException {
    for (String name : SavedModels.names(from).stream().limit(most).toList()) {
      Path target = to.resolve(name);
      Files.deleteIfExists(target);
      Files.copy(from.resolve(name), target);
    }
  }

  private static void save(Path folder, int seed) throws IOException {
    try (Model model = Model.initial(SavedModels.definition(), seed)) {
      model.save(folder, LayerCatalog.standard());
    }
  }

  /** Returns which of the seeds 1 to 3 the model at a folder started from. */
  private static int seed(Path folder) throws IOException {
    try (Model loaded = Model.load(folder)) {
      for (int seed = 1; seed <= 3; seed++) {
        try (Model model = Model.initial(SavedModels.definition(), seed)) {
          String name = "first/kernel";
          if (Arrays.equals(model.weights().values(name), loaded.weights().values(name))) {
            return seed;
          }
        }
      }
      return 0;
    }
  }
}
