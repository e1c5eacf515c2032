package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.expression.Unary;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain and vector loops compute the same numbers, to the bit. */
class SameBitsTest {

  private static final Kernels PLAIN = JvmLoops.PLAIN.kernels();
  private static final Kernels VECTOR = JvmLoops.VECTOR.kernels();

  private static final float[] ENDS = {
    0,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    7.905311f,
    -7.905311f,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY
  };

  private static void assertSame(float[] plain, float[] vector, int n, String what) {
    for (int i = 0; i < n; i++) {
      assertEquals(
          Integer.toHexString(Float.floatToIntBits(plain[i])),
          Integer.toHexString(Float.floatToIntBits(vector[i])),
          what + " at " + i + ": " + plain[i] + ", " + vector[i]);
    }
  }

  /** Matrices of halves lie in another form, for a single row. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void products(boolean halves) {
    SplittableRandom random = new SplittableRandom(1);
    for (int columns : new int[] {1, 7, 16, 33, 64, 100, 160, 288}) {
      for (int depth : new int[] {0, 1, 5, 64, 211}) {
        for (int count : new int[] {1, 3, 8, 35}) {
          float[][] matrix = new float[depth][columns];
          for (float[] row : matrix) {
            fill(random, row);
            if (halves) {
              cut(row);
            }
          }
          float[] bias = new float[columns];
          fill(random, bias);
          float[] x = new float[count * depth];
          fill(random, x);
          float[] plain = new float[count * columns + Kernels.MARGIN];
          float[] vector = new float[count * columns + Kernels.MARGIN];
          PLAIN.multiply(
              PLAIN.pack(matrix, columns, bias),
              x,
              0,
              depth,
              count,
              plain,
              0,
              PLAIN.scratch(columns));
          VECTOR.multiply(
              VECTOR.pack(matrix, columns, bias),
              x,
              0,
              depth,
              count,
              vector,
              0,
              VECTOR.scratch(columns));
          assertSame(plain, vector, count * columns, columns + " x " + depth + " x " + count);
        }
      }
    }
  }

  private static void cut(float[] row) {
    for (int i = 0; i < row.length; i++) {
      row[i] = Float.intBitsToFloat(Float.floatToRawIntBits(row[i]) & 0xffff0000);
    }
  }

  private static void fill(SplittableRandom random, float[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(5) - 2));
    }
  }

  @Test
  void functionsOfAnyBits() {
    SplittableRandom random = new SplittableRandom(2);
    int n = 1 << 16;
    float[] x = new float[n + Kernels.MARGIN];
    float[] plain = new float[x.length];
    float[] vector = new float[x.length];
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < n; i++) {
        x[i] =
            round < 4
                ? Float.intBitsToFloat(random.nextInt())
                : (float) ((random.nextDouble() - 0.5) * (round < 12 ? 20 : 200));
      }
      System.arraycopy(ENDS, 0, x, 0, ENDS.length);
      for (Unary function : Unary.values()) {
        PLAIN.unary(function, x, plain, n);
        VECTOR.unary(function, x, vector, n);
        assertSame(plain, vector, n, function + "");
      }
    }
  }

  @Test
  void exponentials() {
    SplittableRandom random = new SplittableRandom(3);
    float[] x = new float[256];
    float[] y = new float[256];
    float[] z = new float[256];
    float[] plain = new float[16];
    float[] vector = new float[16];
    for (int round = 0; round < 5000; round++) {
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (-random.nextDouble() * 30);
      }
      PLAIN.exponentials(x, 0, 1, y, plain);
      VECTOR.exponentials(x, 0, 1, z, vector);
      assertSame(y, z, 256, "exponential");
      assertSame(plain, vector, 16, "sum");
    }
  }

  @Test
  void wholes() {
    SplittableRandom random = new SplittableRandom(5);
    float[] x = new float[256];
    int[] plain = new int[256];
    int[] vector = new int[256];
    for (int round = 0; round < 5000; round++) {
      double scale = round % 2 == 0 ? (1 << 24) - 256 : (1 << 24) / (1 + 9 * random.nextDouble());
      for (int i = 0; i < x.length; i++) {
        // Whole numbers and what is nearest to them, too: where rounding and cutting part.
        double near = Math.rint(random.nextDouble() * 1000) / scale;
        float f = (float) (i % 2 == 0 ? near : FastMath.exp((float) (-random.nextDouble() * 20)));
        x[i] = i % 8 == 0 ? Math.nextUp(f) : i % 8 == 2 ? Math.max(0, Math.nextDown(f)) : f;
      }
      x[round % 256] = 1;
      PLAIN.wholes(x, scale, plain);
      VECTOR.wholes(x, scale, vector);
      assertArrayEquals(plain, vector);
      for (int i = 0; i < x.length; i++) {
        assertEquals((int) StrictMath.floor(x[i] * scale), plain[i]);
      }
    }
  }

  /** What the coder takes for the likeliest level is the first of the largest mass. */
  @Test
  void theLargestMassIsOne() {
    SplittableRandom random = new SplittableRandom(6);
    for (JvmLoops loops : JvmLoops.values()) {
      SoftmaxMasses masses = new SoftmaxMasses(100, loops);
      float[] logits = new float[100];
      for (int round = 0; round < 1000; round++) {
        for (int i = 0; i < logits.length; i++) {
          logits[i] = (float) (random.nextDouble() * 1e-6 * Math.pow(10, round % 30));
        }
        masses.compute(logits, 0, 1);
        int likeliest = 0;
        for (int i = 0; i < logits.length; i++) {
          likeliest = masses.mass(i) > masses.mass(likeliest) ? i : likeliest;
        }
        assertEquals(1, masses.mass(likeliest));
        assertEquals(likeliest, masses.likeliest());
      }
    }
  }

  @Test
  void attention() {
    SplittableRandom random = new SplittableRandom(4);
    for (int n : new int[] {1, 3, 16, 65, 200}) {
      for (int width : new int[] {1, 8, 19, 70}) {
        float[] keys = new float[9 * n + Kernels.MARGIN];
        float[] query = new float[9];
        float[] rows = new float[n * width + Kernels.MARGIN];
        fill(random, keys);
        fill(random, query);
        fill(random, rows);
        float[] plain = attend(PLAIN, query, keys, rows, n, width);
        float[] vector = attend(VECTOR, query, keys, rows, n, width);
        assertSame(plain, vector, plain.length, n + " rows of " + width);
      }
    }
  }

  /** The weights, their sum, and the weighted sum of rows. */
  private static float[] attend(
      Kernels kernels, float[] query, float[] keys, float[] rows, int n, int width) {
    float[] scores = new float[n + Kernels.MARGIN];
    kernels.addProducts(query, 0, query.length, keys, 0, n, scores, n);
    float sum = kernels.weights(scores, 0.3f, n);
    float[] found = Arrays.copyOf(scores, n + 1 + width + Kernels.MARGIN);
    found[n] = sum;
    kernels.weighted(scores, n, rows, 0, width, width, found, n + 1);
    return Arrays.copyOf(found, n + 1 + width);
  }
}
