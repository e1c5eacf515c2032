package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {

  private static final int N = 200_000;

  @Test
  void isUniformAlongEveryCoordinate() {
    uniform(i -> CounterRandom.uniform(i, 3, 5, 1));
    uniform(i -> CounterRandom.uniform(7, i, 5, 1));
    uniform(i -> CounterRandom.uniform(7, 3, (int) i, 1));
    uniform(i -> CounterRandom.uniform(7, i / 3, 5, (int) (i % 3)));
    uniform(i -> CounterRandom.uniform(i << 40, 0, 0, 0));
  }

  /** 64 bins: chi-square has 63 degrees of freedom, mean 63, deviation 11.2. */
  private static void uniform(LongToDoubleFunction values) {
    int[] bins = new int[64];
    double product = 0;
    double before = 0.5;
    for (long i = 0; i < N; i++) {
      double u = values.applyAsDouble(i);
      assertTrue(u >= 0 && u < 1, "u = " + u);
      bins[(int) (u * 64)]++;
      product += (u - 0.5) * (before - 0.5);
      before = u;
    }
    double expected = N / 64.0;
    double chi = 0;
    for (int bin : bins) {
      chi += (bin - expected) * (bin - expected) / expected;
    }
    assertTrue(chi > 25 && chi < 125, "chi-square " + chi);
    // The correlation of neighbours has a deviation of 1 / sqrt(N).
    assertEquals(0, product * 12 / N, 5 / Math.sqrt(N));
  }

  @Test
  void neighboursNeverMeet() {
    Set<Double> seen = new HashSet<>();
    for (int seed = -2; seed < 3; seed++) {
      for (long image = 0; image < 20; image++) {
        for (int position = 0; position < 200; position++) {
          for (int channel = 0; channel < 3; channel++) {
            assertTrue(seen.add(CounterRandom.uniform(seed, image, position, channel)));
          }
        }
      }
    }
  }

  @Test
  void isFixedForAllTime() {
    assertEquals(CounterRandom.uniform(1, 2, 3, 0), CounterRandom.uniform(1, 2, 3, 0));
    assertNotEquals(CounterRandom.uniform(1, 2, 3, 0), CounterRandom.uniform(2, 1, 3, 0));
    assertEquals(
        0.5,
        LongStream.range(0, N)
            .mapToDouble(i -> CounterRandom.uniform(i, i, 0, 0))
            .average()
            .orElse(0),
        0.005);
  }
}
