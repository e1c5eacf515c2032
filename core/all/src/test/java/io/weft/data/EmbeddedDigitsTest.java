package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedDigitsTest {

  @Test
  void theyAreTheSameOnEveryMachine() {
    assertEquals(
        "a13b63d6396501d43c668f66008c2ae9aa51a84ee57f6f70ddb7b743eb1e7cc3",
        EmbeddedDigits.count(200).seed(7).grey().fingerprint(),
        "28x28, 256 levels");
    assertEquals(
        "1fca82061c5a114251fe607f2d20e2f5da2f1c637aebfc9839c1569d5816c114",
        EmbeddedDigits.count(200).size(16).seed(7).colour().fingerprint());
  }

  @Test
  void theSeedDecidesAndTheCountDoesNot() {
    EmbeddedDigits hundred = EmbeddedDigits.count(100).seed(1);
    assertEquals(
        hundred.grey().fingerprint(),
        EmbeddedDigits.count(256).seed(1).grey().take(100).fingerprint());
    assertNotEquals(hundred.grey().fingerprint(), hundred.seed(2).grey().fingerprint());
  }

  @Test
  void everyRunOfTenHoldsEveryDigitOnce() {
    ImageSet digits = EmbeddedDigits.count(500).size(8).grey();
    assertEquals(10, digits.classes());
    for (int from = 0; from < 500; from += 10) {
      int start = from;
      assertArrayEquals(
          IntStream.range(0, 10).toArray(),
          IntStream.range(0, 10).map(i -> digits.label(start + i)).sorted().toArray());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 16, 255, 256})
  void theLevelsAreThoseOfTheRoundedDrawing(int levels) {
    EmbeddedDigits recipe = EmbeddedDigits.count(50).size(14).seed(3);
    assertEquals(
        recipe.grey().quantised(levels).fingerprint(), recipe.levels(levels).grey().fingerprint());
    assertEquals(levels, recipe.levels(levels).colour().levels());
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 14, 16, 20, 28, 64})
  void everyDigitHasInkOnPaper(int size) {
    ImageSet digits = EmbeddedDigits.count(100).size(size).levels(2).grey();
    for (int image = 0; image < digits.size(); image++) {
      int ink = IntStream.of(digits.image(image)).sum();
      assertTrue(ink > size * size / 40 && ink < size * size / 2, ink + " of " + size);
    }
  }

  /** Nearest class mean: far better than chance at 28 and at 14, and far from all there is. */
  @ParameterizedTest
  @ValueSource(ints = {14, 28})
  void theClassesCanBeToldApartButNotByTheirMeansAlone(int size) {
    EmbeddedDigits recipe = EmbeddedDigits.count(2000).size(size);
    double[][] means = means(recipe.seed(1).grey());
    ImageSet test = recipe.seed(2).grey();
    int right = 0;
    for (int image = 0; image < test.size(); image++) {
      if (nearest(means, test.image(image)) == test.label(image)) {
        right++;
      }
    }
    double accuracy = right / (double) test.size();
    assertTrue(accuracy > 0.6 && accuracy < 0.99, "accuracy " + accuracy);
  }

  private static double[][] means(ImageSet set) {
    double[][] means = new double[set.classes()][set.spec().values()];
    for (int image = 0; image < set.size(); image++) {
      int[] values = set.image(image);
      for (int i = 0; i < values.length; i++) {
        means[set.label(image)][i] += values[i] * (double) set.classes() / set.size();
      }
    }
    return means;
  }

  private static int nearest(double[][] means, int[] values) {
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int c = 0; c < means.length; c++) {
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += (values[i] - means[c][i]) * (values[i] - means[c][i]);
      }
      if (sum < least) {
        least = sum;
        best = c;
      }
    }
    return best;
  }

  @Test
  void coloursDifferAndInkStandsOut() {
    ImageSet set = EmbeddedDigits.count(200).size(20).seed(5).colour();
    assertEquals(3, set.channels());
    int colourful = 0;
    for (int image = 0; image < set.size(); image++) {
      int[] values = set.image(image);
      int lowest = 255 * 3;
      int highest = 0;
      for (int i = 0; i < values.length; i += 3) {
        int sum = values[i] + values[i + 1] + values[i + 2];
        lowest = Math.min(lowest, sum);
        highest = Math.max(highest, sum);
        if (values[i] != values[i + 1]) {
          colourful++;
        }
      }
      assertTrue(highest - lowest > 150, "contrast " + (highest - lowest));
    }
    assertTrue(colourful > set.size() * 200);
  }

  @Test
  void recipesAreChecked() {
    EmbeddedDigits one = EmbeddedDigits.count(1);
    assertThrows(IllegalArgumentException.class, () -> EmbeddedDigits.count(0));
    assertThrows(IllegalArgumentException.class, () -> one.size(7));
    assertThrows(IllegalArgumentException.class, () -> one.size(513));
    assertThrows(IllegalArgumentException.class, () -> one.levels(1));
    assertThrows(
        IllegalArgumentException.class,
        () -> EmbeddedDigits.count(Integer.MAX_VALUE).size(28).grey());
  }
}
