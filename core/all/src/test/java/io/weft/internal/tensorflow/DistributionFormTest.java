package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.distribution.Distribution;
import io.weft.spec.ImageSpec;
import io.weft.testing.ReferenceMixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * Values and gradients against closed forms in double precision: TensorFlow's gradient of the
 * softmax cross entropy exists for float32 only, where differences are too coarse.
 */
class DistributionFormTest {

  private static final int BATCH = 2;

  @Test
  void softmaxOfGreyImages() {
    check(new ImageSpec(3, 4, 1, 5), Distribution.softmax());
    check(new ImageSpec(1, 1, 1, 256), Distribution.softmax());
    check(new ImageSpec(2, 2, 1, 2), Distribution.softmax());
  }

  @Test
  void softmaxOfColourImages() {
    check(new ImageSpec(2, 3, 3, 4), Distribution.softmax());
    check(new ImageSpec(1, 1, 2, 256), Distribution.softmax());
    check(new ImageSpec(1, 2, 2, 900), Distribution.softmax());
  }

  @Test
  void bernoulli() {
    check(new ImageSpec(3, 4, 1, 2), Distribution.bernoulli());
    check(new ImageSpec(3, 2, 3, 2), Distribution.bernoulli());
  }

  @Test
  void mixtures() {
    for (int channels = 1; channels <= 4; channels++) {
      for (int levels : new int[] {2, 5, 256}) {
        mixture(new ImageSpec(1, 2, channels, levels), 3);
      }
    }
    mixture(new ImageSpec(2, 2, 3, 256), 10);
  }

  /** Values against the definition, gradients against differences, in double precision. */
  private static void mixture(ImageSpec image, int components) {
    var mixture = new Distribution.LogisticMixture(components);
    SplittableRandom random = new SplittableRandom(5);
    int[] levels = random.ints((long) BATCH * image.values(), 0, image.levels()).toArray();
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      int[] sizes = {BATCH, image.height(), image.width(), image.channels()};
      Operand<TInt32> fed =
          bench.tf().reshape(bench.tf().constant(levels), bench.tf().constant(sizes));
      int maps = mixture.maps(image);
      var parameters = bench.place(BATCH, image.height(), image.width(), maps);
      Workbench.randomise(Map.of("parameters", parameters), random);
      Operand<TFloat64> likelihood =
          DistributionForm.of(bench.tf(), TFloat64.class, image, mixture)
              .logLikelihood(parameters.operand(), fed);
      double[] found = bench.run(List.of(likelihood)).get(0);
      var reference = new ReferenceMixture(mixture, image);
      for (int i = 0; i < levels.length; i++) {
        int pixel = i / image.channels();
        int channel = i % image.channels();
        double[] own = Arrays.copyOfRange(parameters.values(), pixel * maps, (pixel + 1) * maps);
        int[] pixels =
            Arrays.copyOfRange(levels, pixel * image.channels(), (pixel + 1) * image.channels());
        double expected = Math.log(reference.masses(own, channel, pixels)[levels[i]]);
        assertEquals(expected, found[i], 1e-8, mixture + " of " + image + ", value " + i);
      }
      GradientCheck.functional(
          mixture + " of " + image,
          bench,
          likelihood,
          Map.of("parameters", parameters),
          BATCH,
          image.height(),
          image.width(),
          image.channels());
    }
  }

  /** In float32, where parameters are as bad as can be: finite, and so are the gradients. */
  @Test
  void extremeMixtures() {
    float[] scales = {-1e30f, -50, -7, 0, 20, 79, 100, 1e30f};
    float[] means = {-1e6f, -30, -1, -0.5f, 0, 0.999f, 5, 1e6f};
    for (int levels : new int[] {2, 256}) {
      ImageSpec image = new ImageSpec(1, scales.length * means.length, 1, levels);
      try (Workbench<TFloat32> bench = new Workbench<>(TFloat32.class)) {
        double[] maps = new double[image.pixels() * 3];
        for (int i = 0; i < image.pixels(); i++) {
          maps[3 * i + 1] = means[i / scales.length];
          maps[3 * i + 2] = scales[i % scales.length];
        }
        var parameters = bench.place(1, 1, image.width(), 3);
        var weights = bench.place(1, 1, image.width(), 1);
        double[] ones = new double[image.width()];
        Arrays.fill(ones, 1);
        weights.set(ones);
        parameters.set(maps);
        double[] sums = new double[image.pixels()];
        List<Operand<TFloat32>> fetched = new ArrayList<>();
        for (int level = 0; level < levels; level++) {
          int[] all = new int[image.pixels()];
          Arrays.fill(all, level);
          Operand<TInt32> fed =
              bench
                  .tf()
                  .reshape(
                      bench.tf().constant(all),
                      bench.tf().constant(new int[] {1, 1, image.width(), 1}));
          Operand<TFloat32> likelihood =
              DistributionForm.of(
                      bench.tf(), TFloat32.class, image, Distribution.logisticMixture(1))
                  .logLikelihood(parameters.operand(), fed);
          fetched.add(likelihood);
          if (level < 3) {
            fetched.addAll(
                bench.gradients(bench.functional(likelihood, weights), List.of(parameters)));
          }
        }
        for (double[] found : bench.run(fetched)) {
          for (int i = 0; i < found.length; i++) {
            assertTrue(Double.isFinite(found[i]), "finite: " + found[i]);
            if (found.length == sums.length) {
              sums[i] += Math.exp(found[i]);
            }
          }
        }
        for (int i = 0; i < sums.length; i++) {
          assertEquals(1, sums[i], 5e-5, "pixel " + i + " of " + levels + " levels");
        }
      }
    }
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
      DistributionForm<TFloat32> form =
          DistributionForm.of(bench.tf(), TFloat32.class, image, distribution);
      Operand<TFloat32> likelihood = form.logLikelihood(logits.operand(), fed);
      Operand<TFloat32> gradient =
          bench.gradients(bench.functional(likelihood, weights), List.of(logits)).get(0);
      DistributionForm.Trained<TFloat32> trained = form.trained(logits.operand(), fed);
      assertEquals(distribution instanceof Distribution.Softmax, trained.byOutput().isPresent());
      List<double[]> found = bench.run(List.of(likelihood, gradient));
      check(image, distribution, logits.values(), weights.values(), levels, found);
      trained
          .byOutput()
          .map(by -> bench.run(List.of(trained.nats(), by.apply(weights.operand()))))
          .ifPresent(
              known ->
                  check(image, distribution, logits.values(), weights.values(), levels, known));
    }
  }

  /** Log-likelihoods, and their derivatives times weights. */
  private static void check(
      ImageSpec image,
      Distribution distribution,
      double[] logits,
      double[] weights,
      int[] levels,
      List<double[]> found) {
    int maps = distribution.maps(image);
    for (int i = 0; i < levels.length; i++) {
      int pixel = i / image.channels();
      int channel = i % image.channels();
      double[] row = row(image, distribution, logits, pixel * maps + channel);
      double[] logs = logSoftmax(row);
      String what = distribution + " of " + image + ", value " + i;
      assertEquals(logs[levels[i]], found.get(0)[i], 2e-6, what);
      int first = distribution.equals(Distribution.bernoulli()) ? 1 : 0;
      for (int k = first; k < row.length; k++) {
        double expected = (k == levels[i] ? 1 : 0) - Math.exp(logs[k]);
        int at = pixel * maps + (k - first) * image.channels() + channel;
        assertEquals(expected * weights[i], found.get(1)[at], 1e-6, what + " by " + k);
      }
    }
  }

  /** The logits of all levels of one value; a Bernoulli's level 0 has the logit 0. */
  private static double[] row(
      ImageSpec image, Distribution distribution, double[] logits, int first) {
    double[] row = new double[image.levels()];
    if (distribution.equals(Distribution.bernoulli())) {
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
