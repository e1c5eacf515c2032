package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.distribution.Distribution.LogisticMixture;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.spec.ImageSpec;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The level of a mixture is found by halving, or from the masses of all: the same one. */
class LevelDrawTest {

  private static final double ALMOST_ONE = 0x1.fffffffffffffp-1;

  /** One value's distribution, and both ways to draw from it. */
  private static final class Drawn {
    final ImageSpec image;
    final int channel;
    final float[] parameters;
    final MixtureQuantile quantile;
    final LevelDraw draw;
    private final SoftmaxDraw softmax;
    private final SoftmaxMasses masses;

    Drawn(LogisticMixture mixture, ImageSpec image, int channel, float[] maps, JvmLoops loops) {
      this.image = image;
      this.channel = channel;
      this.parameters = maps;
      quantile = new MixtureQuantile(mixture, image, loops.kernels());
      draw = new LevelDraw(mixture, image, loops);
      softmax = new SoftmaxDraw(image.levels(), loops);
      masses = new SoftmaxMasses(image.levels(), loops);
    }

    int quick(double u) {
      return quantile.level(parameters, 0, channel, u);
    }

    int fromAllMasses(double u, double temperature) {
      return softmax.draw(draw.values().of(parameters, 0, channel), 0, temperature, u);
    }

    /** The probability of each level and all below it, but for the last. */
    double[] cumulative() {
      masses.compute(draw.values().of(parameters, 0, channel), 0, 1);
      double[] cumulative = new double[image.levels() - 1];
      double sum = 0;
      for (int v = 0; v < cumulative.length; v++) {
        sum += masses.mass(v);
        cumulative[v] = sum / masses.total();
      }
      return cumulative;
    }
  }

  /** Mixtures as networks say them, before and after training: flat ones and sharp ones. */
  private static void forMixtures(JvmLoops loops, int count, Consumer<Drawn> action) {
    SplittableRandom random = new SplittableRandom(5);
    for (int channels : new int[] {1, 3, 4}) {
      for (int levels : new int[] {2, 16, 256}) {
        for (int n = 0; n < count; n++) {
          ImageSpec image = new ImageSpec(1, 1, channels, levels);
          LogisticMixture mixture = new LogisticMixture(1 + n % 10);
          int channel = random.nextInt(channels);
          action.accept(
              new Drawn(mixture, image, channel, maps(image, channel, mixture, random), loops));
        }
      }
    }
  }

  private static float[] maps(
      ImageSpec image, int channel, LogisticMixture mixture, SplittableRandom random) {
    int components = mixture.components();
    int count = ValueDistribution.of(mixture, image, channel).parameters();
    float[] maps = new float[count];
    double sharpest = random.nextDouble(-7.5, 1);
    for (int m = 0; m < count - channel; m++) {
      maps[m] = (float) random.nextDouble(-2, 2);
    }
    for (int c = 0; c <= channel; c++) {
      int scales = mixture.firstMap(c) + components;
      for (int k = 0; k < components; k++) {
        maps[scales + k] = (float) random.nextDouble(sharpest, 2);
      }
    }
    for (int c = 0; c < channel; c++) {
      maps[count - channel + c] = image.scaled(random.nextInt(image.levels()));
    }
    return maps;
  }

  @ParameterizedTest
  @EnumSource
  void theLevelIsTheSameAsFromTheMassesOfAll(JvmLoops loops) {
    SplittableRandom random = new SplittableRandom(7);
    forMixtures(
        loops,
        20,
        drawn -> {
          for (int i = 0; i < 30; i++) {
            same(drawn, random.nextDouble());
          }
          same(drawn, 0);
          same(drawn, 1e-300);
          same(drawn, ALMOST_ONE);
          double[] boundaries = drawn.cumulative();
          for (int v = random.nextInt(16) % boundaries.length; v < boundaries.length; v += 16) {
            for (double beside : new double[] {0, 1e-15, 1e-9, 1e-7, 1e-5, MixtureQuantile.ERROR}) {
              same(drawn, Math.max(0, boundaries[v] - beside));
              same(drawn, Math.min(ALMOST_ONE, boundaries[v] + beside));
            }
          }
        });
  }

  private static void same(Drawn drawn, double u) {
    assertEquals(
        drawn.fromAllMasses(u, 1),
        drawn.draw.draw(drawn.parameters, 0, drawn.channel, 1, u),
        () -> drawn.image + ", channel " + drawn.channel + ", at " + u);
  }

  /** So far the two ways never differ by a quarter of the error that is allowed for. */
  @ParameterizedTest
  @EnumSource
  void nothingIsSaidNearABoundary(JvmLoops loops) {
    double near = 0.75 * MixtureQuantile.ERROR;
    forMixtures(
        loops,
        60,
        drawn -> {
          for (double boundary : drawn.cumulative()) {
            for (double u : new double[] {boundary - near, boundary, boundary + near}) {
              if (u >= 0 && u < 1) {
                assertEquals(MixtureQuantile.UNSURE, drawn.quick(u), () -> "at " + u);
              }
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void mostLevelsAreFoundWithoutTheMassesOfAll(JvmLoops loops) {
    SplittableRandom random = new SplittableRandom(11);
    int[] unsure = new int[1];
    int[] all = new int[1];
    forMixtures(
        loops,
        100,
        drawn -> {
          for (int i = 0; i < 30; i++) {
            unsure[0] += drawn.quick(random.nextDouble()) == MixtureQuantile.UNSURE ? 1 : 0;
            all[0]++;
          }
        });
    assertTrue(unsure[0] < 0.03 * all[0], unsure[0] + " of " + all[0]);
  }

  @ParameterizedTest
  @EnumSource
  void atOtherTemperaturesAllMassesDecide(JvmLoops loops) {
    forMixtures(
        loops,
        10,
        drawn -> {
          for (double u = 0.05; u < 1; u += 0.1) {
            assertEquals(
                drawn.fromAllMasses(u, 0.6),
                drawn.draw.draw(drawn.parameters, 0, drawn.channel, 0.6, u));
          }
        });
  }

  /** Such weights and means leave what float32 can say: whoever draws hears of it as before. */
  @ParameterizedTest
  @EnumSource
  void whatIsTooLargeIsLeftToTheMasses(JvmLoops loops) {
    ImageSpec image = new ImageSpec(1, 1, 1, 256);
    LogisticMixture one = new LogisticMixture(1);
    Drawn heavy = new Drawn(one, image, 0, new float[] {65, 0, 0}, loops);
    assertEquals(MixtureQuantile.UNSURE, heavy.quick(0.5));
    same(heavy, 0.5);
    Drawn far = new Drawn(one, image, 0, new float[] {0, 3e38f, -7}, loops);
    assertEquals(MixtureQuantile.UNSURE, far.quick(0.5));
    assertThrows(ArithmeticException.class, () -> far.draw.draw(far.parameters, 0, 0, 1, 0.5));
  }
}
