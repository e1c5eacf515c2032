package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
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
 * Mixed work for some time: answers stay the same, and resident memory stays flat. {@code
 * -Dsoak.seconds=600} makes it ten minutes.
 */
class SoakTest {

  private static final Logger LOG = LoggerFactory.getLogger(SoakTest.class);

  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("soak.seconds", SlowChecks.times(6, 120)));

  /** Allocators and compiled code settle during the first rounds, which are not counted. */
  private static final int WARM_UP = 3;

  private static final int MOST_GROWTH = 60;

  @TempDir Path temporary;

  @Test
  void residentMemoryStaysFlat() throws Exception {
    ResidentMemory.assumeMeasurable();
    List<Long> megabytes = new ArrayList<>();
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
      }
    }
    int quarter = megabytes.size() / 4;
    long second = median(megabytes.subList(quarter, 2 * quarter));
    long last = median(megabytes.subList(megabytes.size() - quarter, megabytes.size()));
    LOG.info(
        "{} rounds in {} s; resident memory in the second quarter {} MB, in the last {} MB", //
        megabytes.size(),
        LENGTH.toSeconds(),
        second,
        last);
    assertTrue(last - second < MOST_GROWTH, second + " MB, then " + last + ": " + megabytes);
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
