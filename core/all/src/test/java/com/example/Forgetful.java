package com.example;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.model.PixelCnn;
import io.weft.sample.SamplingExecutor;
import io.weft.testing.ResidentMemory;
import io.weft.testing.SavedModels;
import io.weft.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A user of Weft, outside its packages, who closes nothing. */
public final class Forgetful {

  private static final int ROUND = 15;
  private static final int SETTLED = 3;

  private static final Definition DEFINITION = PixelCnn.of(SavedModels.DIGITS.spec(), 2, 8, 3);

  private Forgetful() {}

  /**
   * Makes and drops models, at work with all that is native, and prints how memory grew.
   *
   * @param arguments how many rounds, of 15 models each; the first three are not counted
   */
  public static void main(String[] arguments) throws Exception {
    int models = ROUND * Integer.parseInt(arguments[0]);
    scored(1);
    trained(1);
    sampled(1);
    List<Long> megabytes = new ArrayList<>();
    for (int i = 0; i < models; i++) {
      Consumer<Integer> work =
          List.<Consumer<Integer>>of(Forgetful::scored, Forgetful::trained, Forgetful::sampled)
              .get(i % 3);
      work.accept(i);
      if (i % ROUND == ROUND - 1) {
        // What is unreachable is freed by a thread of its own.
        System.gc();
        Thread.sleep(100);
        megabytes.add(ResidentMemory.outsideHeap());
      }
    }
    long settled = megabytes.get(SETTLED - 1);
    long last = megabytes.get(megabytes.size() - 1);
    System.out.println("grew by " + (last - settled) + " MB: " + megabytes);
  }

  private static Examples examples() {
    return Examples.of(SavedModels.DIGITS.slice(0, 8));
  }

  private static void scored(int seed) {
    Model.initial(DEFINITION, seed).score(examples());
  }

  private static void trained(int seed) {
    Model.initial(DEFINITION, seed)
        .training(examples(), TrainingOptions.seed(1).steps(9).batch(8).build())
        .next();
  }

  /** Two things are left open: the series, and the model. */
  private static void sampled(int seed) {
    Model.initial(DEFINITION, seed)
        .sampler(1)
        .executor(SamplingExecutor.tensorflowWithoutXla())
        .pixels()
        .iterator()
        .next();
  }
}
