package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.distribution.Distribution;
import io.weft.distribution.Distribution.LogisticMixture;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.spec.ImageSpec;
import io.weft.testing.ReferenceMixture;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LevelLogitsTest {

  @ParameterizedTest
  @EnumSource
  void massesOfAMixtureAreTheDefinitions(JvmLoops loops) {
    SplittableRandom random = new SplittableRandom(3);
    for (int channels = 1; channels <= 4; channels++) {
      for (int levels : new int[] {2, 3, 16, 256}) {
        for (int components : new int[] {1, 5, 10}) {
          ImageSpec image = new ImageSpec(1, 1, channels, levels);
          LogisticMixture mixture = new LogisticMixture(components);
          check(image, mixture, loops, ordinary(mixture.maps(image), random), random);
        }
      }
    }
  }

  private static double[] ordinary(int maps, SplittableRandom random) {
    return random.doubles(maps, -2, 2).toArray();
  }

  private static void check(
      ImageSpec image,
      LogisticMixture mixture,
      JvmLoops loops,
      double[] maps,
      SplittableRandom random) {
    ReferenceMixture reference = new ReferenceMixture(mixture, image);
    int[] earlier = random.ints(image.channels(), 0, image.levels()).toArray();
    float[] logits = new float[image.levels()];
    for (int c = 0; c < image.channels(); c++) {
      LevelLogits.of(mixture, image, loops)
          .write(parameters(image, mixture, maps, c, earlier, 3), 3, c, logits);
      double[] masses = reference.masses(rounded(maps), c, earlier);
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit);
      }
      for (int v = 0; v < masses.length; v++) {
        double expected = Math.log(masses[v]);
        assertEquals(
            expected,
            logits[v] - Math.log(sum),
            2e-5 * Math.max(1, Math.abs(expected)),
            image + " of " + mixture + ", channel " + c + ", level " + v);
      }
    }
  }

  private static double[] rounded(double[] maps) {
    double[] rounded = maps.clone();
    for (int m = 0; m < maps.length; m++) {
      rounded[m] = (float) maps[m];
    }
    return rounded;
  }

  /** The parameters of a channel's value, from {@code offset} on. */
  private static float[] parameters(
      ImageSpec image,
      Distribution distribution,
      double[] maps,
      int channel,
      int[] earlier,
      int offset) {
    float[] parameters =
        new float[offset + ValueDistribution.of(distribution, image, channel).parameters()];
    int at = offset;
    for (int m = 0; m < maps.length; m++) {
      if (distribution.describes(image, channel, m)) {
        parameters[at++] = (float) maps[m];
      }
    }
    for (int c = 0; c < channel; c++) {
      parameters[at++] = image.scaled(earlier[c]);
    }
    return parameters;
  }

  /** A sharp logistic far from its level, a flat one, and both beyond what the network may say. */
  @ParameterizedTest
  @EnumSource
  void massesSumToOneHoweverExtreme(JvmLoops loops) {
    for (int levels : new int[] {2, 7, 256}) {
      ImageSpec image = new ImageSpec(1, 1, 1, levels);
      for (float logScale : new float[] {-1e30f, -50, -7, -3, 0, 4, 20, 79, 100, 1e30f}) {
        for (float mean : new float[] {-1e6f, -30, -1, -0.5f, 0, 1e-3f, 0.999f, 1, 5, 1e6f}) {
          float[] logits = new float[levels];
          LevelLogits.of(Distribution.logisticMixture(1), image, loops)
              .write(new float[] {0.7f, mean, logScale}, 0, 0, logits);
          double sum = 0;
          for (float logit : logits) {
            assertTrue(Float.isFinite(logit), logit + " at " + mean + ", " + logScale);
            sum += Math.exp(logit - 0.7);
          }
          assertEquals(1, sum, 2e-5, "mean " + mean + ", log-scale " + logScale);
        }
      }
    }
  }
}
