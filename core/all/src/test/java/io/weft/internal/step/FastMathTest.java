package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FastMathTest {

  @Test
  void tanhSigmoidAndEluAreWithinAMillionth() {
    for (float x = -30; x < 30; x += 0.00137f) {
      assertEquals(Math.tanh(x), FastMath.tanh(x), 1e-6, "tanh " + x);
      assertEquals(1 / (1 + Math.exp(-x)), FastMath.sigmoid(x), 1e-6, "sigmoid " + x);
      assertEquals(x > 0 ? x : Math.expm1(x), FastMath.elu(x), 1e-6, "elu " + x);
    }
  }

  @Test
  void expIsWithinAMillionthOfItsValue() {
    for (float x = -86; x < 87; x += 0.00173f) {
      assertEquals(1, FastMath.exp(x) / Math.exp(x), 1e-6, "exp " + x);
    }
    assertEquals(1, FastMath.exp(0));
  }

  @Test
  void logAndSoftplusAreWithinAMillionth() {
    for (float x = 1e-37f; x < 1e37f; x *= 1.00173f) {
      double log = Math.log(x);
      assertEquals(log, FastMath.log(x), 5e-7 * Math.max(1, Math.abs(log)), "log " + x);
    }
    for (float x = -80; x < 80; x += 0.00137f) {
      double softplus = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      assertEquals(1, FastMath.softplus(x) / softplus, 1e-6, "softplus " + x);
    }
  }

  @Test
  void theEndsAreTame() {
    assertEquals(Float.NEGATIVE_INFINITY, FastMath.log(0));
    assertEquals(Float.POSITIVE_INFINITY, FastMath.log(Float.POSITIVE_INFINITY));
    assertTrue(Float.isNaN(FastMath.log(-1)));
    assertEquals(0, FastMath.softplus(Float.NEGATIVE_INFINITY));
    assertEquals(1e30f, FastMath.softplus(1e30f));
    assertEquals(0, FastMath.exp(Float.NEGATIVE_INFINITY));
    assertEquals(0, FastMath.exp(-1e30f));
    assertEquals(Float.POSITIVE_INFINITY, FastMath.exp(1e30f));
    assertTrue(Float.isNaN(FastMath.exp(Float.NaN)));
    assertTrue(Float.isNaN(FastMath.tanh(Float.NaN)));
    assertEquals(1, FastMath.tanh(Float.POSITIVE_INFINITY), 1e-6);
    assertEquals(0, FastMath.sigmoid(Float.NEGATIVE_INFINITY), 1e-6);
    assertTrue(Math.abs(FastMath.tanh(1e30f)) <= 1.000001f);
  }
}
