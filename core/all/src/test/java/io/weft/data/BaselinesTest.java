package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.spec.ImageSpec;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BaselinesTest {

  @Test
  void aCaseCountedByHand() {
    ImageSpec spec = new ImageSpec(2, 1, 1, 2);
    ImageSet train = ImageSet.of(spec, new int[] {0, 1, 0, 1});
    ImageSet validation = ImageSet.of(spec, new int[] {0, 0});
    // Row 0: (2 + 1) / (2 + 2) for the 0 seen; row 1: (0 + 1) / (2 + 2).
    double bits = -(Math.log(3 / 4.0) + Math.log(1 / 4.0)) / Math.log(2) / 2;
    Baselines baselines = Baselines.of(train, validation);
    assertEquals(bits, baselines.marginal(), 1e-12);
    assertEquals(1, baselines.uniform(), 1e-12);
  }

  @Test
  void equalsTheStraightForwardSum() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 50; round++) {
      ImageSpec spec = TestData.randomSpec(random);
      ImageSet train = TestData.random(random, random.nextInt(1, 20), spec);
      ImageSet validation = TestData.random(random, random.nextInt(1, 20), spec);
      double nats = 0;
      for (int i = 0; i < spec.values(); i++) {
        for (int image = 0; image < validation.size(); image++) {
          int count = 1;
          for (int other = 0; other < train.size(); other++) {
            if (train.image(other)[i] == validation.image(image)[i]) {
              count++;
            }
          }
          nats -= Math.log(count / (double) (train.size() + spec.levels()));
        }
      }
      double bits = nats / Math.log(2) / validation.size() / spec.values();
      assertEquals(bits, Baselines.of(train, validation).marginal(), 1e-9);
    }
  }

  @Test
  void onDigitsTheMarginalIsFarBelowTheUniform() {
    ImageSet.Split digits = EmbeddedDigits.count(2000).seed(1).grey().split(0.2, 1);
    Baselines baselines = Baselines.of(digits.train(), digits.validation());
    assertEquals(8, baselines.uniform(), 1e-12);
    assertTrue(baselines.marginal() < 4, "marginal " + baselines.marginal());
  }

  @Test
  void refusesWhatDoesNotMatch() {
    ImageSet digits = EmbeddedDigits.count(10).size(8).grey();
    assertThrows(IllegalArgumentException.class, () -> Baselines.of(digits, digits.quantised(4)));
    assertThrows(IllegalArgumentException.class, () -> Baselines.of(digits.take(0), digits));
    assertThrows(IllegalArgumentException.class, () -> Baselines.of(digits, digits.take(0)));
  }
}
