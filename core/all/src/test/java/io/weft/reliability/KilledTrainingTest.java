package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.testing.ChildJvm;
import io.weft.testing.SavedModels;
import io.weft.testing.SlowChecks;
import io.weft.train.Training;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingOptions;
import io.weft.weight.TrainingState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains in another process that is killed again and again, and each time goes on from the model
 * that is on the disk: the chain of them must be one undisturbed run, bit for bit.
 */
class KilledTrainingTest {

  private static final Logger LOG = LoggerFactory.getLogger(KilledTrainingTest.class);

  private static final int KILLS = SlowChecks.times(6, 1000);

  /** When a kill comes. */
  private enum Moment {
    /** Some time after the start, mostly before the first save. */
    EARLY(1500),
    /** In the middle of a save, or right after it. */
    SAVING(8),
    /** Some time after a save: mostly in a step. */
    LATER(150);

    private final int millis;

    Moment(int millis) {
      this.millis = millis;
    }

    boolean hasCome(List<String> said) {
      return switch (this) {
        case EARLY -> true;
        case SAVING -> said.contains(SAVED) && said.get(said.size() - 1).equals(SAVING_NOW);
        case LATER -> said.contains(SAVED);
      };
    }
  }

  private static final String SAVING_NOW = "saving";
  private static final String SAVED = "saved";

  @TempDir Path temporary;

  /**
   * Without end; a validation after each step, since that is when a model takes what it reached.
   */
  private static TrainingOptions options() {
    return TrainingOptions.seed(3)
        .steps(Long.MAX_VALUE)
        .batch(16)
        .polyak(0.9)
        .clipNorm(1)
        .validateOn(Examples.labelled(SavedModels.DIGITS.slice(0, 4), "class"))
        .validateEvery(1)
        .build();
  }

  private static Training goingOn(Model model) {
    return model.history().isEmpty()
        ? model.training(SavedModels.EXAMPLES, options())
        : model.resuming(SavedModels.EXAMPLES, options());
  }

  /** Goes on with the training of a saved model, and saves it after every step. */
  static final class Trainer {
    private Trainer() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      try (Model model = Model.load(folder);
          Training run = goingOn(model)) {
        while (run.hasNext()) {
          if (run.next() instanceof TrainingEvent.Validated) {
            System.out.println(SAVING_NOW);
            model.save(folder);
            System.out.println(SAVED);
          }
        }
      }
    }
  }

  /** The digests of a run that nobody disturbs, as far as they have been asked for. */
  private static final class Undisturbed implements AutoCloseable {
    private final Model model = Model.initial(SavedModels.definition(), 1);
    private final Training run = model.training(SavedModels.EXAMPLES, options());
    private final Map<Long, String> digests = new HashMap<>();
    private long reached;

    Undisturbed() {
      digests.put(0L, Digest.of(model.snapshot()));
    }

    String digest(long step) {
      while (reached < step) {
        if (run.next() instanceof TrainingEvent.Validated validated) {
          reached = validated.step();
          digests.put(reached, Digest.of(model.snapshot()));
        }
      }
      return digests.get(step);
    }

    @Override
    public void close() {
      run.close();
      model.close();
    }
  }

  @Test
  void aChainOfKilledProcessesIsOneUndisturbedRun() throws Exception {
    Path folder = temporary.resolve("m");
    Random random = new Random(17);
    try (Model start = Model.initial(SavedModels.definition(), 1)) {
      start.save(folder);
    }
    int inSave = 0;
    int beforeSave = 0;
    long reached = 0;
    try (Undisturbed undisturbed = new Undisturbed()) {
      for (int kill = 0; kill < KILLS; kill++) {
        List<String> said = killed(folder, random, Moment.values()[kill % 3]);
        inSave += !said.isEmpty() && said.get(said.size() - 1).equals(SAVING_NOW) ? 1 : 0;
        beforeSave += said.isEmpty() ? 1 : 0;
        long saved = said.stream().filter(SAVED::equals).count();
        try (Model found = Model.load(folder)) {
          long step = step(found);
          String where =
              String.format(
                  Locale.ROOT, "kill %d: step %d after %d, then %s", kill, step, reached, said);
          // What was told saved must have lasted; the save under way may have.
          assertTrue(step == reached + saved || step == reached + saved + 1, where);
          assertEquals(undisturbed.digest(step), Digest.of(found.snapshot()), where);
          reached = step;
        }
      }
      LOG.info(
          "{} kills: {} during a save, {} before the first; {} steps", //
          KILLS,
          inSave,
          beforeSave,
          reached);
      assertTrue(inSave >= KILLS / 6, inSave + " kills hit a save");
      assertTrue(reached >= 2 * KILLS / 3, reached + " steps");
      goesOn(folder, undisturbed);
    }
  }

  private static long step(Model model) {
    return model.snapshot().state().map(TrainingState::step).orElse(0L);
  }

  /** Starts a trainer, kills it a little after some moment, and returns what it said. */
  private List<String> killed(Path folder, Random random, Moment moment) throws Exception {
    Path log = temporary.resolve("log");
    Process process =
        new ProcessBuilder(ChildJvm.command("256m", Trainer.class, folder.toString()))
            .redirectOutput(log.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      while (process.isAlive() && !moment.hasCome(lines(log))) {
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(moment.millis));
      assertTrue(process.isAlive(), "the trainer died by itself");
    } finally {
      process.destroyForcibly().waitFor();
    }
    return lines(log);
  }

  private static List<String> lines(Path log) throws IOException {
    String text = Files.readString(log, StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private static void goesOn(Path folder, Undisturbed undisturbed) throws IOException {
    try (Model last = Model.load(folder)) {
      long end = step(last) + 10;
      try (Training run = goingOn(last)) {
        while (step(last) < end) {
          run.next();
        }
      }
      assertEquals(undisturbed.digest(end), Digest.of(last.snapshot()));
    }
  }
}
