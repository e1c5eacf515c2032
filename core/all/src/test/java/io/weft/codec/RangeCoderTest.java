package io.weft.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Symbols come back, in at most a byte more than they say. */
class RangeCoderTest {

  private static final int TOTAL = (int) RangeEncoder.TOTAL;

  @Test
  void adversarialStreams() {
    SplittableRandom random = new SplittableRandom(1);
    for (int stream = 0; stream < 4000; stream++) {
      int count = random.nextInt(200);
      int kind = stream % 5;
      int[] starts = new int[count];
      int[] frequencies = new int[count];
      RangeEncoder encoder = new RangeEncoder();
      double bits = 0;
      for (int i = 0; i < count; i++) {
        // Any; never, or nearly always; the last; the first; halves, which carry.
        int a = random.nextInt(TOTAL);
        starts[i] =
            switch (kind) {
              case 0 -> a;
              case 1 -> random.nextBoolean() ? 1 : 0;
              case 2 -> TOTAL - 1 - a % 9;
              case 3 -> 0;
              default -> TOTAL / 2 - 1;
            };
        int most = TOTAL - starts[i];
        frequencies[i] =
            switch (kind) {
              case 0 -> 1 + random.nextInt(most);
              case 1 -> starts[i] == 0 ? 1 : TOTAL - 1;
              case 2 -> most;
              case 3 -> 1 + a % 5;
              default -> i % 7 == 6 ? most : 2;
            };
        encoder.encode(starts[i], frequencies[i]);
        bits += 24 - Math.log(frequencies[i]) / Math.log(2);
      }
      byte[] bytes = encoder.finish();
      assertTrue(bytes.length <= Math.ceil(bits / 8 + 1e-3) + 1, bytes.length + " for " + bits);
      RangeDecoder decoder = new RangeDecoder(bytes);
      for (int i = 0; i < count; i++) {
        int next = decoder.next();
        assertTrue(
            starts[i] <= next && next < starts[i] + frequencies[i], "symbol " + i + " of " + kind);
        decoder.pass(starts[i], frequencies[i]);
      }
    }
  }

  @Test
  void nothingIsNoBytes() {
    assertEquals(0, new RangeEncoder().finish().length);
  }
}
