package io.weft.internal.memory;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelRnn;
import io.weft.sample.SamplingExecutor;
import io.weft.spec.ImageSpec;
import io.weft.testing.ResidentMemory;
import io.weft.train.Training;
import io.weft.train.TrainingOptions;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Does some work, and prints how much memory was foretold and how much it took. */
final class MemoryOfWork {

  private static final ImageSpec GREY = new ImageSpec(32, 32, 1, 4);
  private static final ImageSpec SMALL = new ImageSpec(12, 12, 1, 4);

  @SuppressWarnings("ImmutableEnumChecker") // a definition is immutable
  enum Kind {
    TRAINING(GatedPixelCnn.of(GREY, 2, 64, 3), 32),
    SCORING(GatedPixelCnn.of(GREY, 1, 160, 3), 32),
    /** Much for each image. */
    LOOPS(GatedPixelCnn.of(GREY, 3, 128, 3), 256),
    XLA(GatedPixelCnn.of(GREY, 3, 128, 3), 256),
    /** Operations for each diagonal, and what they keep of each image. */
    RECURRENT_TRAINING(PixelRnn.diagonalBiLstm(new ImageSpec(20, 20, 1, 4), 1, 64), 64),
    /** Much for the program itself. */
    LOOPS_OF_MANY_LAYERS(GatedPixelCnn.of(SMALL, 10, 16, 3), 4),
    XLA_OF_MANY_LAYERS(GatedPixelCnn.of(SMALL, 10, 16, 3), 4);

    private final Definition definition;
    private final int images;

    Kind(Definition definition, int images) {
      this.definition = definition;
      this.images = images;
    }

    private MemoryNeed need() {
      return switch (this) {
        case TRAINING, RECURRENT_TRAINING -> MemoryNeed.ofTraining(definition);
        case SCORING -> MemoryNeed.ofScoring(definition);
        case LOOPS, LOOPS_OF_MANY_LAYERS -> drawing(TensorFlowLoops.PLAIN);
        case XLA, XLA_OF_MANY_LAYERS -> drawing(TensorFlowLoops.XLA);
      };
    }

    private MemoryNeed drawing(TensorFlowLoops loops) {
      return MemoryNeed.ofDrawingOnTensorFlow(StepProgram.of(definition), loops);
    }

    private void work(Model model) {
      switch (this) {
        case TRAINING, RECURRENT_TRAINING -> train(model);
        case SCORING -> model.score(examples());
        case LOOPS, LOOPS_OF_MANY_LAYERS ->
            draw(model, SamplingExecutor.tensorflowWithoutXla().rows(1));
        case XLA, XLA_OF_MANY_LAYERS -> draw(model, SamplingExecutor.tensorflow().rows(1));
      }
    }

    private void train(Model model) {
      TrainingOptions options = TrainingOptions.seed(1).steps(2).batch(images).build();
      try (Training training = model.training(examples(), options)) {
        while (training.hasNext()) {
          training.next();
        }
      }
    }

    /** Some rows: they take what all take. */
    private void draw(Model model, SamplingExecutor executor) {
      try (var rows =
          model.sampler(1).executor(executor).batch(images).count(images).rows().iterator()) {
        for (int i = 0; i < 2 * images; i++) {
          rows.next();
        }
      }
    }

    private Examples examples() {
      ImageSpec spec = definition.image();
      int[] levels = new Random(1).ints((long) images * spec.values(), 0, spec.levels()).toArray();
      return Examples.of(ImageSet.of(spec, levels));
    }
  }

  private MemoryOfWork() {}

  public static void main(String[] arguments) throws Exception {
    Kind kind = Kind.valueOf(arguments[0]);
    long said = kind.need().bytes(kind.images) >> 20;
    try (Model model = Model.initial(kind.definition, 1)) {
      long before = ResidentMemory.withoutFiles();
      long[] most = {before};
      AtomicBoolean stopped = new AtomicBoolean();
      Thread watch =
          new Thread(
              () -> {
                while (!stopped.get()) {
                  most[0] = Math.max(most[0], ResidentMemory.withoutFiles());
                  // Asking without a pause holds up what is measured.
                  LockSupport.parkNanos(5_000_000);
                }
              });
      watch.start();
      kind.work(model);
      stopped.set(true);
      watch.join();
      System.out.println("said " + said + " MB, took " + (most[0] - before) + " MB");
    }
  }
}
