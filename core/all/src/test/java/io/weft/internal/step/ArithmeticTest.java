package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The emulated fused multiply-add is Java's, to the bit. */
class ArithmeticTest {

  private static final float[] SPECIAL = {
    0,
    -0f,
    1,
    -1,
    1.5f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Math.nextUp(1f),
    Math.nextDown(1f),
    Math.nextDown(Float.MIN_NORMAL),
    0x1p-75f,
    0x1p75f
  };

  private static void check(float a, float b, float c) {
    int expected = Float.floatToIntBits(Math.fma(a, b, c));
    int found = Float.floatToIntBits(Arithmetic.emulated(a, b, c));
    if (expected != found) {
      assertEquals(
          Float.intBitsToFloat(expected), Float.intBitsToFloat(found), a + " x " + b + " + " + c);
    }
  }

  @Test
  void aThreadThatRoundsSubnormalsToZeroIsRefused() {
    assertDoesNotThrow(() -> Arithmetic.checkSubnormals());
    var refused = assertThrows(IllegalStateException.class, () -> Arithmetic.checkSubnormals(0));
    assertTrue(refused.getMessage().contains("native library"), refused.getMessage());
  }

  @Test
  void ofSpecialNumbers() {
    for (float a : SPECIAL) {
      for (float b : SPECIAL) {
        for (float c : SPECIAL) {
          check(a, b, c);
        }
      }
    }
  }

  @Test
  void ofAnyBits() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1_000_000; i++) {
      check(
          Float.intBitsToFloat(random.nextInt()),
          Float.intBitsToFloat(random.nextInt()),
          Float.intBitsToFloat(random.nextInt()));
    }
  }

  /** Few digits make exact halves; a summand far below tips them. */
  @Test
  void besideHalves() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 1_000_000; i++) {
      float a = few(random, 13, 8);
      float b = few(random, 13, 8);
      float c = few(random, 3, 60);
      check(a, b, c);
      check(c, a, b);
      check(a, c, b);
      float tiny = Math.scalb(few(random, 12, 4), -70);
      check(tiny, Math.scalb(few(random, 12, 4), -70), Math.scalb(few(random, 3, 4), -145));
    }
  }

  /** A number of so many random digits, by a power of two of at most so much. */
  private static float few(SplittableRandom random, int digits, int power) {
    float whole = (random.nextInt(1 << digits) | 1) * (random.nextBoolean() ? 1 : -1);
    return Math.scalb(whole, random.nextInt(2 * power) - power);
  }
}
