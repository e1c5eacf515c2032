package io.weft.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.spec.ImageSpec;
import org.junit.jupiter.api.Test;

class MixtureScoresTest {

  private static final ImageSpec IMAGE = new ImageSpec(2, 2, 1, 2);

  @Test
  void theMixturesLikelihoodIsTheMeanOfTheMembers() {
    double[] first = {Math.log(0.5), Math.log(0.125)};
    double[] second = {Math.log(0.25), Math.log(0.375)};
    MixtureScores mixture = MixtureScores.of(IMAGE, first, second);
    assertEquals(2, mixture.members());
    assertEquals(2, mixture.size());
    assertEquals(Math.log(0.375), mixture.logLikelihood(0), 1e-15);
    assertEquals(Math.log(0.25), mixture.logLikelihood(1), 1e-15);
    assertEquals(-(Math.log(0.375) + Math.log(0.25)) / 2, mixture.meanNats(), 1e-15);
    assertEquals(2 / 4., mixture.bitsPerDimension(1), 1e-15);
    assertEquals(-(Math.log(0.5) + Math.log(0.125)) / 2, mixture.meanNats(0), 1e-15);
    first[0] = 0;
    assertEquals(Math.log(0.5), mixture.under(0)[0]);
  }

  /** A joint likelihood of a whole image is far below the least double. */
  @Test
  void nothingUnderflows() {
    MixtureScores mixture =
        MixtureScores.of(
            IMAGE,
            new double[] {-90_000, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY},
            new double[] {-90_001, -5, Double.NEGATIVE_INFINITY});
    double[] expected = {
      -90_000 + Math.log((1 + Math.exp(-1)) / 2), -5 - Math.log(2), Double.NEGATIVE_INFINITY
    };
    assertArrayEquals(expected, mixture.logLikelihoods(), 1e-9);
  }

  @Test
  void anAdvantageIsMeasuredImageByImage() {
    double[] better = {-10, -20, -30, -40};
    double[] worse = {-11, -23, -31, -40};
    MixtureScores.Advantage advantage = MixtureScores.of(IMAGE, better, worse).advantage(0, 1);
    // The differences are 1, 3, 1 and 0.
    assertEquals(1.25, advantage.nats(), 1e-12);
    double variance = (0.0625 + 3.0625 + 0.0625 + 1.5625) / 3;
    assertEquals(Math.sqrt(variance / 4), advantage.standardError(), 1e-12);
    assertEquals(3.5 / 4, advantage.likelier(), 1e-12);
    MixtureScores.Advantage reversed = MixtureScores.of(IMAGE, better, worse).advantage(1, 0);
    assertEquals(-1.25, reversed.nats(), 1e-12);
    assertEquals(0.5 / 4, reversed.likelier(), 1e-12);
    assertTrue(MixtureScores.of(IMAGE, better, worse).advantageOver(1).nats() < 1.25);
    double[] one = {-1};
    double[] impossible = {Double.NEGATIVE_INFINITY};
    assertTrue(Double.isNaN(MixtureScores.of(IMAGE, one, one).advantage(0, 1).standardError()));
    assertEquals(0, MixtureScores.of(IMAGE, impossible, impossible).advantage(0, 1).nats());
  }

  @Test
  void membersScoreTheSameImages() {
    assertThrows(IllegalArgumentException.class, () -> MixtureScores.of(IMAGE));
    double[] one = {-1};
    double[] two = {-1, -2};
    String unlike =
        assertThrows(IllegalArgumentException.class, () -> MixtureScores.of(IMAGE, two, one))
            .getMessage();
    assertTrue(unlike.contains("the first has 2 and number 1 has 1"), unlike);
    double[] bad = {Double.NaN};
    String none =
        assertThrows(IllegalArgumentException.class, () -> MixtureScores.of(IMAGE, one, bad))
            .getMessage();
    assertTrue(none.contains("image 0 has the log-likelihood NaN under member 1"), none);
  }
}
