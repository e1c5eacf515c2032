package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.testing.Held;
import io.weft.testing.ResidentMemory;
import io.weft.testing.SavedModels;
import io.weft.testing.SlowChecks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mixed work for some time: answers stay the same; resident memory, open files and threads stay
 * flat. {@code -Dsoak.seconds=600} makes it ten minutes.
 */
class SoakTest {

  private static final Logger LOG = LoggerFactory.getLogger(SoakTest.class);

  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("soak.seconds", SlowChecks.times(6, 7200)));

  /** Allocators and compiled code settle during the first rounds, which are not counted. */
  private static final int WARM_UP = 3;

  private static final int MOST_GROWTH = 60;

  /** Pools keep some more or fewer threads; what leaks one in a round is beyond this soon. */
  private static final int MOST_OTHERS = 12;

  @TempDir Path temporary;

  @Test
  void nothingGrows() throws Exception {
    ResidentMemory.assumeMeasurable();
    List<Long> megabytes = new ArrayList<>();
    List<Long> files = new ArrayList<>();
    List<Long> threads = new ArrayList<>();
    try (Model model = Model.initial(MixedWork.definition(), 1)) {
      MixedWork work = MixedWork.of(model, MixedWork.images()).learned();
      int round = 0;
      while (round < WARM_UP) {
        round(work, round++);
      }
      long end = System.nanoTime() + LENGTH.toNanos();
      while (System.nanoTime() < end || megabytes.size() < 8) {
        round(work, round++);
        megabytes.add(ResidentMemory.outsideHeap());
        files.add(Held.files());
        threads.add(Held.threads());
      }
    }
    LOG.info("{} rounds in {} s", megabytes.size(), LENGTH.toSeconds());
    assertFlat("MB of resident memory", megabytes, MOST_GROWTH);
    assertFlat("open files", files, MOST_OTHERS);
    assertFlat("threads", threads, MOST_OTHERS);
  }

  /** Compares the second quarter with the last. */
  private static void assertFlat(String what, List<Long> numbers, int most) {
    int quarter = numbers.size() / 4;
    long second = median(numbers.subList(quarter, 2 * quarter));
    long last = median(numbers.subList(numbers.size() - quarter, numbers.size()));
    LOG.info("{}: {} in the second quarter, {} in the last", what, second, last);
    assertTrue(last - second < most, second + " " + what + ", then " + last + ": " + numbers);
  }

  private static long median(List<Long> numbers) {
    return numbers.stream().sorted().toList().get(numbers.size() / 2);
  }

  /** All kinds of work, and models that are made, trained, saved, loaded, closed in the middle. */
  private void round(MixedWork work, int number) throws Exception {
    for (int i = 0; i < work.kinds(); i++) {
      work.task(i);
    }
    Path folder = temporary.resolve("m" + number % 3);
    try (Model trained = SavedModels.trained(20)) {
      trained.score(SavedModels.EXAMPLES);
      trained.save(folder);
      try (Model loaded = Model.load(folder)) {
        assertEquals(Digest.of(trained.snapshot()), Digest.of(loaded.snapshot()));
      }
    }
    closedInTheMiddle();
  }

  private static void closedInTheMiddle() {
    Model model = Model.initial(MixedWork.definition(), 1);
    Sampler sampler = model.sampler(1).executor(SamplingExecutor.tensorflowWithoutXla());
    Pull<Pixel> abandoned = sampler.pixels().iterator();
    abandoned.next();
    model.close();
    assertThrows(IllegalStateException.class, abandoned::next);
  }
}
