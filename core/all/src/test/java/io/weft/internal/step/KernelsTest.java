package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.expression.Binary;
import io.weft.expression.Unary;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both kinds of loops compute what they say. */
class KernelsTest {

  private static final float[] SPECIAL = {
    0,
    -0f,
    1e-30f,
    -1e30f,
    1e30f,
    -87,
    88,
    87.5f,
    90,
    -100,
    100,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY
  };

  private static float[] random(SplittableRandom random, int n) {
    float[] x = new float[n + Kernels.MARGIN];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (random.nextDouble() * 4 - 2);
    }
    return x;
  }

  /** Within two millionths; where that is no number or infinite, so is the other. */
  private static void assertNear(double expected, float found, String what) {
    float rounded = (float) expected;
    if (Float.isNaN(rounded) || Float.isInfinite(rounded)) {
      assertEquals(rounded, found, what);
    } else {
      assertEquals(expected, found, 2e-6 * Math.max(1, Math.abs(expected)), what);
    }
  }

  @ParameterizedTest
  @CsvSource({"PLAIN, 1", "PLAIN, 35", "VECTOR, 1", "VECTOR, 5", "VECTOR, 15", "VECTOR, 35"})
  void productsOfAllShapes(JvmLoops loops, int count) {
    productsOfAllShapes(loops.kernels(), count);
  }

  /** Each processor has one of them; the other one's are right too, and of the same bits. */
  @ParameterizedTest
  @CsvSource({"1", "5", "15", "35"})
  void productsForFewAndManyRegisters(int count) throws ReflectiveOperationException {
    Kernels few = vectorKernels(false);
    Kernels many = vectorKernels(true);
    productsOfAllShapes(few, count);
    productsOfAllShapes(many, count);
    SplittableRandom random = new SplittableRandom(count);
    for (int columns : new int[] {8, 22, 24, 44, 80, 128}) {
      float[][] matrix = new float[60][];
      Arrays.setAll(matrix, k -> Arrays.copyOf(random(random, columns), columns));
      float[] x = random(random, count * 60);
      float[] expected = product(JvmLoops.PLAIN.kernels(), matrix, columns, x, count);
      assertArrayEquals(expected, product(few, matrix, columns, x, count));
      assertArrayEquals(expected, product(many, matrix, columns, x, count));
    }
  }

  private static float[] product(
      Kernels kernels, float[][] matrix, int columns, float[] x, int count) {
    Kernels.Matrix packed = kernels.pack(matrix, columns, null);
    float[] result = new float[count * columns + Kernels.MARGIN];
    kernels.multiply(packed, x, 0, matrix.length, count, result, 0, kernels.scratch(columns));
    return Arrays.copyOf(result, count * columns);
  }

  /** By name, as {@link JvmLoops} loads them. */
  private static Kernels vectorKernels(boolean manyRegisters) throws ReflectiveOperationException {
    assertTrue(JvmLoops.VECTOR.isAvailable());
    return Class.forName(JvmLoops.class.getPackageName() + ".VectorKernels")
        .asSubclass(Kernels.class)
        .getDeclaredConstructor(boolean.class)
        .newInstance(manyRegisters);
  }

  private static void productsOfAllShapes(Kernels kernels, int count) {
    SplittableRandom random = new SplittableRandom(count);
    for (int columns : new int[] {1, 7, 16, 22, 24, 31, 32, 44, 48, 64, 80, 100, 128, 160, 256}) {
      for (int depth : new int[] {0, 1, 5, 64}) {
        float[][] matrix = new float[depth][];
        Arrays.setAll(matrix, k -> Arrays.copyOf(random(random, columns), columns));
        float[] bias = Arrays.copyOf(random(random, columns), columns);
        int stride = depth + 3;
        float[] x = random(random, 2 + count * stride);
        float[] found = new float[5 + count * columns + Kernels.MARGIN];
        Arrays.fill(found, 7);
        Kernels.Matrix packed = kernels.pack(matrix, columns, bias);
        kernels.multiply(packed, x, 2, stride, count, found, 5, kernels.scratch(columns));
        for (int r = 0; r < count; r++) {
          for (int c = 0; c < columns; c++) {
            double sum = bias[c];
            for (int k = 0; k < depth; k++) {
              sum += x[2 + r * stride + k] * matrix[k][c];
            }
            assertEquals(sum, found[5 + r * columns + c], 1e-4, columns + " x " + depth);
          }
        }
        int end = 5 + count * columns + (kernels.multipliesOnly(columns) ? 0 : Kernels.MARGIN);
        for (int i = 0; i < found.length; i = i == 4 ? end : i + 1) {
          assertEquals(7, found[i], columns + " columns, written at " + i);
        }
        float[] alone = new float[columns + Kernels.MARGIN];
        kernels.multiply(packed, x, 2, stride, 1, alone, 0, kernels.scratch(columns));
        assertArrayEquals(
            Arrays.copyOf(alone, columns),
            Arrays.copyOfRange(found, 5, 5 + columns),
            "a row on its own");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"PLAIN, 1, 32", "PLAIN, 35, 32", "VECTOR, 1, 32", "VECTOR, 15, 32", "VECTOR, 1, 16"})
  void aProductInPartsHasTheSameBits(JvmLoops loops, int count, int bits) {
    Kernels kernels = loops.kernels();
    SplittableRandom random = new SplittableRandom(count);
    for (int columns : new int[] {7, 22, 32, 44, 80, 100, 160}) {
      int depth = 21;
      float[][] matrix = new float[depth][];
      Arrays.setAll(matrix, k -> rounded(random(random, columns), columns, bits));
      float[] x = random(random, count * depth);
      float[][] scratch = kernels.scratch(columns);
      Kernels.Matrix packed = kernels.pack(matrix, columns, random(random, columns));
      float[] whole = new float[count * columns + Kernels.MARGIN];
      kernels.multiply(packed, x, 0, depth, count, whole, 0, scratch);

      float[] parts = new float[count * columns];
      for (int r = 0; r < count; r++) {
        System.arraycopy(packed.bias(), 0, parts, r * columns, columns);
      }
      more(kernels, packed, 0, 2, x, 0, depth, count, parts, scratch);
      more(kernels, packed, 2, 18, x, 2, depth, count, parts, scratch);
      more(kernels, packed, 20, 1, x, 20, depth, count, parts, scratch);
      assertArrayEquals(Arrays.copyOf(whole, parts.length), parts, columns + " columns");
    }
  }

  /** Goes on with the sums of all columns by some rows of a matrix. */
  private static void more(
      Kernels kernels,
      Kernels.Matrix matrix,
      int row,
      int depth,
      float[] x,
      int from,
      int stride,
      int count,
      float[] sums,
      float[][] scratch) {
    int columns = matrix.columns();
    kernels.multiplyAndAdd(
        matrix, row, depth, x, from, stride, count, sums, 0, columns, sums, 0, scratch);
  }

  /** Each half has its columns of the whole, to the bit, and nothing else changes. */
  @ParameterizedTest
  @CsvSource({"1, 32", "1, 16", "3, 32", "3, 16", "15, 32"})
  void halvesOfAProductAreTheWhole(int count, int bits) throws ReflectiveOperationException {
    int depth = 21;
    for (boolean manyRegisters : new boolean[] {false, true}) {
      Kernels kernels = vectorKernels(manyRegisters);
      int halved = 0;
      for (int columns : new int[] {1, 16, 31, 44, 64, 70, 80, 96, 160, 300, 320}) {
        SplittableRandom random = new SplittableRandom(columns);
        float[][] matrix = new float[depth][];
        Arrays.setAll(matrix, k -> rounded(random(random, columns), columns, bits));
        Kernels.Matrix packed = kernels.pack(matrix, columns, random(random, columns));
        Kernels.Halves halves = kernels.halves(packed).orElse(null);
        assertEquals(halves != null, kernels.knowsHalves(packed.columns()));
        if (halves == null) {
          continue;
        }
        halved++;
        float[] x = random(random, count * depth);
        float[][] scratch = kernels.scratch(columns);
        float[] whole = new float[count * columns + Kernels.MARGIN];
        kernels.multiply(packed, x, 0, depth, count, whole, 0, scratch);
        float[] first = new float[count * columns];
        Arrays.fill(first, Float.NaN);
        kernels.multiply(halves.first(), x, 0, depth, count, first, 0, scratch);
        float[] last = new float[count * columns];
        Arrays.fill(last, Float.NaN);
        kernels.multiply(halves.last(), x, 0, depth, count, last, 0, scratch);
        int firsts = 0;
        for (int i = 0; i < first.length; i++) {
          boolean isFirst = !Float.isNaN(first[i]);
          firsts += isFirst ? 1 : 0;
          assertEquals(!isFirst, !Float.isNaN(last[i]), "one of them has " + i + " of " + columns);
          assertEquals(whole[i], isFirst ? first[i] : last[i], columns + " columns, at " + i);
        }
        assertEquals(0.5, firsts / (double) first.length, 0.25, columns + " columns");
        // Sums are gone on with in halves as well.
        float[] parts = new float[count * columns];
        for (int r = 0; r < count; r++) {
          System.arraycopy(packed.bias(), 0, parts, r * columns, columns);
        }
        more(kernels, halves.last(), 0, 9, x, 0, depth, count, parts, scratch);
        more(kernels, halves.first(), 0, 9, x, 0, depth, count, parts, scratch);
        more(kernels, halves.first(), 9, 12, x, 9, depth, count, parts, scratch);
        more(kernels, halves.last(), 9, 12, x, 9, depth, count, parts, scratch);
        assertArrayEquals(Arrays.copyOf(whole, parts.length), parts, columns + " columns");
      }
      assertTrue(halved >= 3, halved + " matrices have halves");
    }
    assertTrue(JvmLoops.PLAIN.kernels().halves(pack(JvmLoops.PLAIN.kernels())).isEmpty());
  }

  private static Kernels.Matrix pack(Kernels kernels) {
    return kernels.pack(new float[4][320], 320, null);
  }

  /** Numbers that need no more than their first bits. */
  private static float[] rounded(float[] row, int columns, int bits) {
    float[] rounded = new float[columns];
    for (int c = 0; c < columns; c++) {
      rounded[c] = Float.intBitsToFloat(Float.floatToRawIntBits(row[c]) & (-1 << (32 - bits)));
    }
    return rounded;
  }

  @ParameterizedTest
  @EnumSource
  void sumsDoNotStartFromMinusZero(JvmLoops loops) {
    float[] bias = loops.kernels().pack(new float[1][1], 1, new float[] {-0f}).bias();
    assertEquals(0, Float.floatToRawIntBits(bias[0]));
  }

  @ParameterizedTest
  @EnumSource
  void functionsOfOneValue(JvmLoops loops) {
    SplittableRandom random = new SplittableRandom(1);
    for (int n : new int[] {1, 15, 16, 33, 200}) {
      for (Unary function : Unary.values()) {
        float[] x = random(random, n);
        float[] y = new float[x.length];
        loops.kernels().unary(function, x, y, n);
        for (int i = 0; i < n; i++) {
          double expected = function.apply(x[i]);
          assertNear(expected, y[i], function + " of " + x[i]);
        }
      }
    }
  }

  /** Rows that lie apart, of all widths: the loops of short rows write beyond their ends. */
  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 22, 33, 64})
  void functionsOfRowsThatLieApart(int width) {
    Kernels kernels = JvmLoops.VECTOR.kernels();
    assertTrue(kernels.takesRowsAnywhere());
    SplittableRandom random = new SplittableRandom(width);
    int rows = 5;
    Rows x = new Rows(random(random, 3 + rows * (width + 7)), 3, width + 7);
    Rows y = new Rows(random(random, 2 + rows * (width + 1)), 2, width + 1);
    float[] together = new float[rows * width + Kernels.MARGIN];
    for (Unary function : Unary.values()) {
      Rows apart = result(rows, width);
      kernels.unary(function, together(x, width, rows), together, rows * width);
      kernels.unary(function, x, apart, rows);
      assertRows(together, apart, rows, function.name());
    }
    for (Binary function : Binary.values()) {
      Rows apart = result(rows, width);
      float[] left = together(x, width, rows);
      kernels.binary(function, left, together(y, width, rows), together, rows * width);
      kernels.binary(function, x, y, apart, rows);
      assertRows(together, apart, rows, function.name());
    }
    Rows apart = result(rows, width);
    float[] row = random(random, width);
    float[] constants = new float[rows * width + Kernels.MARGIN];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(row, 0, constants, r * width, width);
    }
    Rows beside = new Rows(together(x, width, rows), 0, width);
    Rows expected = new Rows(together, 0, width);
    JvmLoops.PLAIN.kernels().affine(beside, constants, constants, constants, expected, rows);
    kernels.affine(x, row, row, row, apart, rows);
    assertRows(together, apart, rows, "affine");
    JvmLoops.PLAIN.kernels().affineRelu(beside, constants, constants, constants, expected, rows);
    kernels.affineRelu(x, row, row, row, apart, rows);
    assertRows(together, apart, rows, "affine, relu");
  }

  /** Rows in the middle of an array of sevens. */
  private static Rows result(int rows, int width) {
    float[] numbers = new float[5 + rows * width + Kernels.MARGIN];
    Arrays.fill(numbers, 7);
    return new Rows(numbers, 5, width);
  }

  private static void assertRows(float[] expected, Rows found, int rows, String what) {
    int n = rows * found.stride;
    assertArrayEquals(
        Arrays.copyOf(expected, n),
        Arrays.copyOfRange(found.numbers, found.from, found.from + n),
        what);
    assertOnlyRows(found, rows, what);
  }

  /** Nothing is written before rows, nor behind them if there the loops say so. */
  private static void assertOnlyRows(Rows found, int rows, String what) {
    boolean only = JvmLoops.VECTOR.kernels().writesOnly(found.stride);
    int end = found.at(rows);
    for (int i = 0; i < found.numbers.length; i++) {
      if (i < found.from || (only && i >= end)) {
        assertEquals(7, found.numbers[i], what + " at " + i);
      }
    }
  }

  private static float[] together(Rows rows, int width, int count) {
    float[] all = new float[count * width + Kernels.MARGIN];
    for (int r = 0; r < count; r++) {
      System.arraycopy(rows.numbers, rows.at(r), all, r * width, width);
    }
    return all;
  }

  /** Each step is rounded by itself, and rows have the same numbers at any width. */
  @ParameterizedTest
  @EnumSource
  void affineFunctionsOfRows(JvmLoops loops) {
    int rows = 9;
    for (int width : new int[] {1, 16, 22, 64}) {
      SplittableRandom random = new SplittableRandom(width);
      float[] x = random(random, rows * width);
      float[][] row = {random(random, width), random(random, width), random(random, width)};
      float[][] all = new float[3][rows * width + Kernels.MARGIN];
      for (int i = 0; i < rows * width; i++) {
        for (int k = 0; k < 3; k++) {
          all[k][i] = row[k][i % width];
        }
      }
      float[] y = new float[rows * width + Kernels.MARGIN];
      x[0] = Float.NaN;
      Rows result = new Rows(y, 0, width);
      loops.kernels().affine(new Rows(x, 0, width), all[0], all[1], all[2], result, rows);
      for (int i = 0; i < rows * width; i++) {
        assertEquals(affine(x[i], all, i), y[i], width + " wide, at " + i);
      }
      loops.kernels().affineRelu(new Rows(x, 0, width), all[0], all[1], all[2], result, rows);
      for (int i = 0; i < rows * width; i++) {
        assertEquals(Math.max(0, affine(x[i], all, i)), y[i], width + " wide, ReLU at " + i);
      }
    }
  }

  private static float affine(float x, float[][] constants, int i) {
    float product = (x - constants[0][i]) * constants[1][i];
    return product + constants[2][i];
  }

  /** Wherever the one that is none stands, and whatever stands before and behind. */
  @ParameterizedTest
  @EnumSource
  void finiteNumbers(JvmLoops loops) {
    float[] none = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    for (int n : new int[] {1, 2, 15, 16, 33, 256}) {
      float[] x = random(new SplittableRandom(n), n + 2);
      x[0] = Float.NaN;
      x[1] = Float.MAX_VALUE;
      x[n + 1] = Float.NaN;
      assertTrue(loops.kernels().areFinite(x, 1, n), n + " numbers");
      for (int at = 1; at <= n; at++) {
        float before = x[at];
        x[at] = none[at % 3];
        assertFalse(loops.kernels().areFinite(x, 1, n), n + " numbers, at " + at);
        x[at] = before;
      }
    }
  }

  @Test
  void plainLoopsRefuseRowsThatLieApart() {
    Kernels kernels = JvmLoops.PLAIN.kernels();
    Rows apart = new Rows(new float[200], 0, 3);
    assertThrows(
        IllegalArgumentException.class,
        () -> kernels.unary(Unary.EXP, apart, new Rows(new float[200], 0, 2), 4));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            kernels.unary(
                Unary.EXP, new Rows(new float[200], 0, 3), new Rows(new float[200], 9, 3), 4));
  }

  @Test
  void meansOfRowsAreTheSameForAnyNumberOfRows() {
    float[] x = random(new SplittableRandom(3), 7 * 60);
    float[] means = new float[7 * 2];
    RowMeans.of(new Rows(x, 0, 60), 60, 7, means, 2);
    for (int r = 0; r < 7; r++) {
      float sum = 0;
      for (int i = 0; i < 60; i++) {
        sum += x[r * 60 + i];
      }
      float[] twice = {sum / 60, sum / 60};
      assertArrayEquals(twice, Arrays.copyOfRange(means, 2 * r, 2 * r + 2), "row " + r);
    }
  }

  /** The number before is only taken again where it has the same bits. */
  @ParameterizedTest
  @EnumSource
  void rootsOfNumbersThatComeAgain(JvmLoops loops) {
    float[] x = Arrays.copyOf(new float[] {0, -0f, 2, 2, 3, 2}, 6 + Kernels.MARGIN);
    float[] y = new float[x.length];
    loops.kernels().unary(Unary.RSQRT, x, y, 6);
    for (int i = 0; i < 6; i++) {
      assertEquals((float) Unary.RSQRT.apply(x[i]), y[i], "of " + x[i]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void functionsOfOneValueAtTheEnds(JvmLoops loops) {
    float[] x = Arrays.copyOf(SPECIAL, SPECIAL.length + Kernels.MARGIN);
    float[] y = new float[x.length];
    for (Unary function :
        new Unary[] {
          Unary.EXP, Unary.LOG, Unary.TANH, Unary.SIGMOID, Unary.ELU, Unary.RELU, Unary.SOFTPLUS
        }) {
      loops.kernels().unary(function, x, y, SPECIAL.length);
      for (int i = 0; i < SPECIAL.length; i++) {
        assertNear(function.apply(x[i]), y[i], function + " of " + x[i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void functionsOfTwoValues(JvmLoops loops) {
    SplittableRandom random = new SplittableRandom(1);
    for (int n : new int[] {1, 15, 16, 33, 200}) {
      for (Binary function : Binary.values()) {
        float[] x = random(random, n);
        float[] y = random(random, n);
        float[] z = new float[x.length];
        loops.kernels().binary(function, x, y, z, n);
        for (int i = 0; i < n; i++) {
          float expected =
              switch (function) {
                case ADD -> x[i] + y[i];
                case SUBTRACT -> x[i] - y[i];
                case MULTIPLY -> x[i] * y[i];
                case DIVIDE -> x[i] / y[i];
                case MAXIMUM -> Math.max(x[i], y[i]);
                case MINIMUM -> Math.min(x[i], y[i]);
              };
          assertEquals(expected, z[i], function.name());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void levelsAreDrawnAsOftenAsTheyShould(JvmLoops loops) {
    for (int levels : new int[] {2, 16, 17, 200, 256}) {
      float[] logits = random(new SplittableRandom(levels), levels + 3);
      SoftmaxDraw draw = new SoftmaxDraw(levels, loops);
      double[] masses = new double[levels];
      Arrays.setAll(masses, k -> Math.exp(logits[3 + k] / 0.5));
      double total = Arrays.stream(masses).sum();
      double before = 0;
      for (int k = 0; k < levels; k++) {
        double after = before + masses[k] / total;
        assertEquals(k, draw.draw(logits, 3, 0.5, before + 1e-5));
        assertEquals(k, draw.draw(logits, 3, 0.5, after - 1e-5));
        before = after;
      }
      assertTrue(draw.draw(logits, 3, 0.5, Math.nextDown(1.0)) < levels);
    }
  }

  @ParameterizedTest
  @EnumSource
  void logitsThatAreNoneAreNamed(JvmLoops loops) {
    SoftmaxDraw draw = new SoftmaxDraw(40, loops);
    float[] logits = new float[40];
    logits[33] = Float.NaN;
    var error = assertThrows(ArithmeticException.class, () -> draw.draw(logits, 0, 1, 0.5));
    assertEquals("the logit of level 33 is NaN", error.getMessage());
  }

  @Test
  void testsRunWithTheModule() {
    assertEquals(JvmLoops.VECTOR, JvmLoops.best());
  }

  /** One head of attention over runs of all lengths, and the same bits in both kinds of loops. */
  @ParameterizedTest
  @EnumSource(JvmLoops.class)
  void attentionOverRunsOfAllLengths(JvmLoops loops) {
    Kernels kernels = loops.kernels();
    SplittableRandom random = new SplittableRandom(5);
    for (int n : new int[] {1, 2, 15, 16, 17, 63, 64, 65, 100, 784}) {
      for (int width : new int[] {1, 5, 16, 40, 64, 100}) {
        int depth = 7;
        int stride = n + 9;
        float[] query = random(random, depth + 2);
        float[] keys = random(random, 3 + depth * stride);
        float[] rows = random(random, 1 + n * (width + 2));
        float[] scores = new float[n + 2 * Kernels.MARGIN];
        kernels.addProducts(query, 2, depth, keys, 3, stride, scores, n);
        double[] weights = new double[n];
        double most = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < n; s++) {
          for (int k = 0; k < depth; k++) {
            weights[s] += (double) query[2 + k] * keys[3 + k * stride + s];
          }
          assertNear(weights[s], scores[s], "product " + s + " of " + n);
          most = Math.max(most, weights[s]);
        }
        float sum = kernels.weights(scores, 0.5f, n);
        double total = 0;
        for (int s = 0; s < n; s++) {
          weights[s] = Math.exp((weights[s] - most) * 0.5);
          assertNear(weights[s], scores[s], "weight " + s + " of " + n);
          total += weights[s];
        }
        assertEquals(total, sum, 1e-5 * total);
        float[] result = new float[4 + width + Kernels.MARGIN];
        kernels.weighted(scores, n, rows, 1, width + 2, width, result, 4);
        for (int j = 0; j < width; j++) {
          double expected = 0;
          for (int s = 0; s < n; s++) {
            expected += weights[s] * rows[1 + s * (width + 2) + j];
          }
          assertEquals(expected, result[4 + j], 2e-5 * Math.sqrt(n), "value " + j + " of " + n);
        }
      }
    }
  }
}
