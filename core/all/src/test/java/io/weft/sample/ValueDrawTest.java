package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.distribution.Distribution;
import io.weft.spec.ImageSpec;
import org.junit.jupiter.api.Test;

class ValueDrawTest {

  private static final double ALMOST_ONE = 0x1.fffffffffffffp-1;

  private static ValueDraw softmax(int levels, double temperature) {
    return new ValueDraw(Distribution.softmax(), new ImageSpec(1, 1, 1, levels), temperature);
  }

  @Test
  void levelsComeAsOftenAsTheSoftmaxSays() {
    float[] logits = {0.3f, -1.2f, 2.1f, -0.4f, 0.9f};
    for (double temperature : new double[] {0.5, 1, 3}) {
      ValueDraw drawing = softmax(5, temperature);
      int n = 100_000;
      int[] found = new int[5];
      for (int i = 0; i < n; i++) {
        found[drawing.draw(logits, 0, 0, CounterRandom.uniform(11, i, 0, 0))]++;
      }
      double total = 0;
      for (float logit : logits) {
        total += Math.exp(logit / temperature);
      }
      double chi = 0;
      for (int k = 0; k < 5; k++) {
        double expected = n * Math.exp(logits[k] / temperature) / total;
        chi += (found[k] - expected) * (found[k] - expected) / expected;
      }
      // Four degrees of freedom: above 23.5 once in 10,000.
      assertTrue(chi < 23.5, "chi-square " + chi);
    }
  }

  @Test
  void isTheInverseOfTheCumulativeDistribution() {
    float[] logits = {(float) Math.log(0.25), (float) Math.log(0.5), (float) Math.log(0.25)};
    ValueDraw drawing = softmax(3, 1);
    assertEquals(0, drawing.draw(logits, 0, 0, 0));
    assertEquals(0, drawing.draw(logits, 0, 0, 0.2499));
    assertEquals(1, drawing.draw(logits, 0, 0, 0.2501));
    assertEquals(1, drawing.draw(logits, 0, 0, 0.7499));
    assertEquals(2, drawing.draw(logits, 0, 0, 0.7501));
    assertEquals(2, drawing.draw(logits, 0, 0, ALMOST_ONE));
  }

  @Test
  void neverALevelWithoutMass() {
    float none = -Float.MAX_VALUE;
    ValueDraw drawing = softmax(4, 1);
    for (double u : new double[] {0, 1e-300, 0.5, ALMOST_ONE}) {
      assertEquals(1, drawing.draw(new float[] {none, 5, none, none}, 0, 0, u));
      assertEquals(2, drawing.draw(new float[] {-1e30f, -1e30f, 1e30f, -1e30f}, 0, 0, u));
      int level = softmax(4, 1).draw(new float[] {-500, 3, 3, -500}, 0, 0, u);
      assertTrue(level == 1 || level == 2, "level " + level);
    }
  }

  @Test
  void coldIsTheLikeliest() {
    for (double temperature : new double[] {1e-3, 1e-300, Double.MIN_VALUE}) {
      assertEquals(2, softmax(3, temperature).draw(new float[] {1, -1, 1.5f}, 0, 0, 0.01));
    }
    assertEquals(1, softmax(2, Double.MAX_VALUE).draw(new float[] {80, -80}, 0, 0, 0.75));
  }

  @Test
  void bernoulliIsTheLogitOfLevelOne() {
    ValueDraw drawing = new ValueDraw(Distribution.bernoulli(), new ImageSpec(1, 1, 1, 2), 1);
    float logit = (float) Math.log(0.3 / 0.7);
    assertEquals(0, drawing.draw(new float[] {9, logit}, 1, 0, 0.699));
    assertEquals(1, drawing.draw(new float[] {9, logit}, 1, 0, 0.701));
  }

  @Test
  void whatIsNotADistributionIsRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      var error =
          assertThrows(
              ArithmeticException.class, () -> softmax(2, 1).draw(new float[] {0, bad}, 0, 0, 0.5));
      assertTrue(error.getMessage().contains("parameter 1"), error.getMessage());
      assertThrows(
          ArithmeticException.class, () -> softmax(2, 1).probabilities(new float[] {0, bad}, 0, 0));
    }
  }
}
