package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.distribution.Distribution;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.LevelLogits;
import io.weft.spec.ImageSpec;
import io.weft.testing.DistributionSample;
import io.weft.testing.ReferenceExpression;
import io.weft.testing.ReferenceMixture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Every way in which an engine computes a distribution gives what its meaning says. */
class DistributionMeaningTest {

  private static final double STEP = 1e-5;

  @ParameterizedTest
  @MethodSource("io.weft.testing.DistributionSamples#all")
  void levelLogitsOnTheJvm(DistributionSample given) {
    ImageSpec image = given.image();
    SplittableRandom random = new SplittableRandom(4);
    for (int c = 0; c < image.channels(); c++) {
      ValueDistribution value = ValueDistribution.of(given.distribution(), image, c);
      float[] parameters = parameters(value, image, random);
      double[] expected = normalised(ReferenceExpression.of(value.logits(), doubles(parameters)));
      for (JvmLoops loops : JvmLoops.values()) {
        float[] found = new float[image.levels()];
        LevelLogits.of(given.distribution(), image, loops).write(parameters, 0, c, found);
        assertClose(expected, normalised(doubles(found)), loops + ", " + given + ", channel " + c);
        LevelLogits.meaning(given.distribution(), image, loops).write(parameters, 0, c, found);
        assertClose(expected, normalised(doubles(found)), loops + ", " + given + ", channel " + c);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.weft.testing.DistributionSamples#all")
  void likelihoodsAndGradientsOnTensorFlow(DistributionSample given) {
    ImageSpec image = given.image();
    SplittableRandom random = new SplittableRandom(6);
    int[] levels = random.ints(image.values(), 0, image.levels()).toArray();
    try (Workbench<TFloat32> bench = new Workbench<>(TFloat32.class)) {
      int[] sizes = {1, image.height(), image.width(), image.channels()};
      Operand<TInt32> fed =
          bench.tf().reshape(bench.tf().constant(levels), bench.tf().constant(sizes));
      int maps = given.distribution().maps(image);
      var output = bench.place(1, image.height(), image.width(), maps);
      var weights = bench.place(1, image.height(), image.width(), image.channels());
      Workbench.randomise(Map.of("output", output, "weights", weights), random);
      var quick = DistributionForm.of(bench.tf(), TFloat32.class, image, given.distribution());
      var meaning = new MeaningForm<>(bench.tf(), TFloat32.class, image, given.distribution());
      Operand<TFloat32> a = quick.logLikelihood(output.operand(), fed);
      Operand<TFloat32> b = meaning.logLikelihood(output.operand(), fed);
      List<double[]> found =
          bench.run(
              List.of(
                  a,
                  b,
                  bench.gradients(bench.functional(a, weights), List.of(output)).get(0),
                  bench.gradients(bench.functional(b, weights), List.of(output)).get(0)));
      assertClose(found.get(1), found.get(0), "log-likelihoods, " + given);
      assertClose(found.get(3), found.get(2), "gradients, " + given);
      // And both are what the meaning says in double precision.
      for (int i = 0; i < levels.length; i++) {
        int pixel = i / image.channels();
        int channel = i % image.channels();
        double[] own = Arrays.copyOfRange(output.values(), pixel * maps, (pixel + 1) * maps);
        var value = ValueDistribution.of(given.distribution(), image, channel);
        double[] parameters = parameters(value, own, image, levels, pixel);
        double expected = normalised(ReferenceExpression.of(value.logits(), parameters))[levels[i]];
        assertEquals(expected, found.get(0)[i], 2e-4 * Math.max(1, Math.abs(expected)), "" + given);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.weft.testing.DistributionSamples#all")
  void levelLogitsOnTensorFlow(DistributionSample given) {
    ImageSpec image = given.image();
    SplittableRandom random = new SplittableRandom(5);
    for (int c = 0; c < image.channels(); c++) {
      ValueDistribution value = ValueDistribution.of(given.distribution(), image, c);
      double[] parameters = doubles(parameters(value, image, random));
      try (Workbench<TFloat32> bench = new Workbench<>(TFloat32.class)) {
        var place = bench.place(1, parameters.length);
        place.set(parameters);
        Operand<TFloat32> logits =
            DistributionForm.of(bench.tf(), TFloat32.class, image, given.distribution())
                .logits(c, place.operand());
        double[] expected = normalised(ReferenceExpression.of(value.logits(), parameters));
        double[] found = normalised(bench.run(List.of(bench.tf().identity(logits))).get(0));
        assertClose(expected, found, given + ", channel " + c);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.weft.testing.DistributionSamples#all")
  void gradientsAreThoseOfFiniteDifferences(DistributionSample given) {
    ImageSpec image = given.image();
    SplittableRandom random = new SplittableRandom(7);
    int[] levels = random.ints(image.values(), 0, image.levels()).toArray();
    try (Workbench<TFloat32> bench = new Workbench<>(TFloat32.class)) {
      int[] sizes = {1, image.height(), image.width(), image.channels()};
      Operand<TInt32> fed =
          bench.tf().reshape(bench.tf().constant(levels), bench.tf().constant(sizes));
      int maps = given.distribution().maps(image);
      var output = bench.place(1, image.height(), image.width(), maps);
      var weights = bench.place(1, image.height(), image.width(), image.channels());
      Workbench.randomise(Map.of("output", output, "weights", weights), random);
      Operand<TFloat32> likelihood =
          DistributionForm.of(bench.tf(), TFloat32.class, image, given.distribution())
              .logLikelihood(output.operand(), fed);
      Operand<TFloat32> sum = bench.functional(likelihood, weights);
      double[] gradient = bench.run(bench.gradients(sum, List.of(output))).get(0);
      for (int i = 0; i < 20; i++) {
        int at = random.nextInt(gradient.length);
        double above = sum(given, output.values(), at, STEP, levels, weights.values());
        double below = sum(given, output.values(), at, -STEP, levels, weights.values());
        double measured = (above - below) / (2 * STEP);
        assertEquals(measured, gradient[at], 1e-3 * Math.max(1, Math.abs(measured)), "" + given);
      }
    }
  }

  /** The weighted log-probabilities of a pixel's values, by their meaning, one number moved. */
  private static double sum(
      DistributionSample given, double[] all, int at, double by, int[] levels, double[] weights) {
    ImageSpec image = given.image();
    int maps = given.distribution().maps(image);
    int pixel = at / maps;
    double[] own = Arrays.copyOfRange(all, pixel * maps, (pixel + 1) * maps);
    own[at % maps] += by;
    double sum = 0;
    for (int c = 0; c < image.channels(); c++) {
      int i = pixel * image.channels() + c;
      var value = ValueDistribution.of(given.distribution(), image, c);
      double[] parameters = parameters(value, own, image, levels, pixel);
      double[] logs = normalised(ReferenceExpression.of(value.logits(), parameters));
      sum += weights[i] * logs[levels[i]];
    }
    return sum;
  }

  /** The parameters of a value, from its pixel's maps and the levels of all. */
  private static double[] parameters(
      ValueDistribution value, double[] own, ImageSpec image, int[] levels, int pixel) {
    double[] maps = value.maps().stream().mapToDouble(m -> own[m]).toArray();
    double[] all = Arrays.copyOf(maps, value.parameters());
    for (int c = 0; c < value.earlier(); c++) {
      all[maps.length + c] = image.scaled(levels[pixel * image.channels() + c]);
    }
    return all;
  }

  @Test
  void aMixtureMeansWhatThePaperSays() {
    SplittableRandom random = new SplittableRandom(8);
    for (int channels = 1; channels <= 4; channels++) {
      ImageSpec image = new ImageSpec(1, 1, channels, 16);
      var mixture = new Distribution.LogisticMixture(3);
      double[] maps = random.doubles(mixture.maps(image), -2, 2).toArray();
      int[] earlier = random.ints(channels, 0, 16).toArray();
      for (int c = 0; c < channels; c++) {
        var value = ValueDistribution.of(mixture, image, c);
        double[] parameters = parameters(value, maps, image, earlier, 0);
        double[] found = normalised(ReferenceExpression.of(value.logits(), parameters));
        double[] masses = new ReferenceMixture(mixture, image).masses(maps, c, earlier);
        for (int v = 0; v < found.length; v++) {
          assertEquals(Math.log(masses[v]), found[v], 1e-5, "channel " + c + ", level " + v);
        }
      }
    }
  }

  private static float[] parameters(
      ValueDistribution value, ImageSpec image, SplittableRandom random) {
    float[] parameters = new float[value.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] =
          i < value.maps().size()
              ? (float) random.nextDouble(-2, 2)
              : image.scaled(random.nextInt(image.levels()));
    }
    return parameters;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static double[] normalised(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double sum = Math.log(Arrays.stream(logits).map(l -> Math.exp(l - largest)).sum());
    return Arrays.stream(logits).map(l -> l - largest - sum).toArray();
  }

  private static void assertClose(double[] expected, double[] found, String what) {
    assertEquals(expected.length, found.length, what);
    for (int i = 0; i < expected.length; i++) {
      double tolerance = 2e-4 * Math.max(1, Math.abs(expected[i]));
      assertEquals(expected[i], found[i], tolerance, what + ", number " + i);
    }
  }
}
