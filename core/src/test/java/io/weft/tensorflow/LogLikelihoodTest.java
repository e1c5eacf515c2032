package io.weft.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Values and gradients against closed forms in double precision: TensorFlow's gradient of the
 * softmax cross entropy exists for float32 only, where differences are too coarse.
 */
class LogLikelihoodTest {

  private static final int BATCH = 2;

  @Test
  void softmaxOfGreyImages() {
    check(new ImageSpec(3, 4, 1, 5), Distribution.SOFTMAX);
    check(new ImageSpec(1, 1, 1, 256), Distribution.SOFTMAX);
    check(new ImageSpec(2, 2, 1, 2), Distribution.SOFTMAX);
  }

  @Test
  void softmaxOfColourImages() {
    check(new ImageSpec(2, 3, 3, 4), Distribution.SOFTMAX);
    check(new ImageSpec(1, 1, 2, 256), Distribution.SOFTMAX);
  }

  @Test
  void bernoulli() {
    check(new ImageSpec(3, 4, 1, 2), Distribution.BERNOULLI);
    check(new ImageSpec(3, 2, 3, 2), Distribution.BERNOULLI);
  }

  private static void check(ImageSpec image, Distribution distribution) {
    SplittableRandom random = new SplittableRandom(9);
    int[] levels = random.ints((long) BATCH * image.values(), 0, image.levels()).toArray();
    try (Workbench<TFloat32> bench = new Workbench<>(TFloat32.class)) {
      int[] sizes = {BATCH, image.height(), image.width(), image.channels()};
      Operand<TInt32> fed =
          bench.tf().reshape(bench.tf().constant(levels), bench.tf().constant(sizes));
      int maps = distribution.maps(image);
      var logits = bench.place(BATCH, image.height(), image.width(), maps);
      var weights = bench.place(BATCH, image.height(), image.width(), image.channels());
      Workbench.randomise(Map.of("logits", logits, "weights", weights), random);
      Operand<TFloat32> nats =
          LogLikelihood.of(bench.tf(), TFloat32.class, image, distribution, logits.operand(), fed);
      Operand<TFloat32> gradient =
          bench.gradients(bench.functional(nats, weights), List.of(logits)).get(0);
      List<double[]> found = bench.run(List.of(nats, gradient));
      for (int i = 0; i < levels.length; i++) {
        int pixel = i / image.channels();
        int channel = i % image.channels();
        double[] row = row(image, distribution, logits.values(), pixel * maps + channel);
        double[] logs = logSoftmax(row);
        String what = distribution + " of " + image + ", value " + i;
        assertEquals(logs[levels[i]], found.get(0)[i], 2e-6, what);
        int first = distribution == Distribution.BERNOULLI ? 1 : 0;
        for (int k = first; k < row.length; k++) {
          double expected = (k == levels[i] ? 1 : 0) - Math.exp(logs[k]);
          int at = pixel * maps + (k - first) * image.channels() + channel;
          assertEquals(expected * weights.values()[i], found.get(1)[at], 1e-6, what + " by " + k);
        }
      }
    }
  }

  /** The logits of all levels of one value; a Bernoulli's level 0 has the logit 0. */
  private static double[] row(
      ImageSpec image, Distribution distribution, double[] logits, int first) {
    double[] row = new double[image.levels()];
    if (distribution == Distribution.BERNOULLI) {
      row[1] = logits[first];
      return row;
    }
    for (int k = 0; k < row.length; k++) {
      row[k] = logits[first + k * image.channels()];
    }
    return row;
  }

  private static double[] logSoftmax(double[] row) {
    double sum = 0;
    for (double logit : row) {
      sum += Math.exp(logit);
    }
    double[] logs = row.clone();
    for (int k = 0; k < logs.length; k++) {
      logs[k] -= Math.log(sum);
    }
    return logs;
  }
}
