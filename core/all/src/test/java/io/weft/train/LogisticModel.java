package io.weft.train;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.Arrays;

/** The smallest model that learns: two weights, whose steps take no time. */
final class LogisticModel {

  private static final ImageSpec IMAGE = new ImageSpec(1, 2, 1, 2);

  /** Levels of pairs of pixels. */
  static final int[] LEVELS = {0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0};

  static final Examples PAIRS = Examples.of(ImageSet.of(IMAGE, LEVELS));
  static final int IMAGES = LEVELS.length / 2;

  /** What is learned from the pairs is wrong of these: they get worse from some step on. */
  static final Examples OPPOSITES =
      Examples.of(ImageSet.of(IMAGE, Arrays.stream(LEVELS).map(level -> 1 - level).toArray()));

  /** One logit for the pixel on the right: w times the pixel on its left, plus b. */
  static final Definition DEFINITION = definition();

  private LogisticModel() {}

  private static Definition definition() {
    ModelBuilder model = ModelBuilder.of("logistic", IMAGE);
    return model.bernoulli(model.image().shiftRight(1).conv1x1(1));
  }

  static Model initial() {
    return Model.initial(DEFINITION, 1);
  }

  /** Returns w and b. */
  static double[] values(Weights weights) {
    return new double[] {weights.values("conv1x1/kernel")[0], weights.values("conv1x1/bias")[0]};
  }
}
