package io.weft.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.internal.step.JvmLoops;
import io.weft.spec.ImageSpec;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frequencies of any logits add up, and say what a softmax says. */
class FrequenciesTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 16, 255, 256})
  void addUpAndLeaveNothingOut(int levels) {
    SplittableRandom random = new SplittableRandom(4);
    Frequencies frequencies = new Frequencies(new ImageSpec(1, 1, 1, levels), JvmLoops.best());
    float[] logits = new float[levels];
    for (int round = 0; round < 300; round++) {
      for (int k = 0; k < levels; k++) {
        logits[k] = (float) (random.nextDouble() * Math.pow(10, random.nextInt(31)));
      }
      logits[random.nextInt(levels)] = round % 2 == 0 ? 3 : Float.NEGATIVE_INFINITY;
      frequencies.set(0, 0, logits);
      for (int k = 0; k < levels; k++) {
        assertTrue(frequencies.frequency(k) >= 1);
        assertEquals(k, frequencies.level(frequencies.start(k)));
        assertEquals(k, frequencies.level(frequencies.start(k) + frequencies.frequency(k) - 1));
      }
      assertEquals(
          RangeEncoder.TOTAL, frequencies.start(levels - 1) + frequencies.frequency(levels - 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 256})
  void costTheBitsOfTheSoftmax(int levels) {
    SplittableRandom random = new SplittableRandom(5);
    Frequencies frequencies = new Frequencies(new ImageSpec(1, 1, 1, levels), JvmLoops.best());
    float[] logits = new float[levels];
    for (int round = 0; round < 300; round++) {
      double sum = 0;
      for (int k = 0; k < levels; k++) {
        logits[k] = (float) (10 * random.nextDouble());
        sum += Math.exp(logits[k]);
      }
      frequencies.set(0, 0, logits);
      double mean = 0;
      double coded = 0;
      for (int k = 0; k < levels; k++) {
        double p = Math.exp(logits[k]) / sum;
        mean -= p * Math.log(p) / Math.log(2);
        coded += p * (RangeEncoder.TOTAL_BITS - Math.log(frequencies.frequency(k)) / Math.log(2));
      }
      assertEquals(mean, coded, 1e-4);
    }
  }

  @Test
  void noDistributionIsRefusedByThePixel() {
    Frequencies frequencies = new Frequencies(new ImageSpec(4, 5, 3, 2), JvmLoops.best());
    String message =
        assertThrows(
                ArithmeticException.class, () -> frequencies.set(7, 22, new float[] {Float.NaN, 0}))
            .getMessage();
    assertEquals(
        "cannot code channel 1 of pixel (1, 2) of image 7: the logit of level 0 is NaN; the weights"
            + " are not usable (did training diverge?)",
        message);
  }
}
