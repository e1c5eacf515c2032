package io.weft.internal.step;

import java.util.Arrays;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * A matrix in panels of two vectors of columns, and one of three or one if their number is odd. A
 * panel's rows follow one another, so that weights are read in one stream: [depth, columns of the
 * panel]. The last panel is filled up with zeros.
 */
final class VectorPanels implements Kernels.Matrix {

  /** The columns of one vector. */
  static final int L = FloatVector.SPECIES_PREFERRED.length();

  static final int PAIR = 2 * L;
  static final int WIDE = 3 * L;

  final float[] weights;
  final float[] bias;
  final int depth;
  final int columns;

  /** The columns that are multiplied by, from the first to the one behind the last. */
  final int begin;

  final int end;

  /** Whether it is laid out for 32 registers, not for 16. */
  final boolean manyRegisters;

  /** The same in halves, for a single row, if no number has more bits. */
  final int @Nullable [] halves;

  /** How many columns all panels have. */
  private final int all;

  VectorPanels(float[][] rows, int columns, float[] bias, boolean manyRegisters) {
    this.manyRegisters = manyRegisters;
    this.all = all(columns, manyRegisters);
    this.columns = columns;
    this.begin = 0;
    this.end = columns;
    this.depth = rows.length;
    this.bias = Arrays.copyOf(bias, all);
    this.halves = VectorHalves.pack(rows, columns);
    this.weights = new float[all * depth];
    for (int first = 0; first < columns; first += width(first)) {
      int width = Math.min(width(first), columns - first);
      for (int k = 0; k < depth; k++) {
        int to = first * depth + k * width(first);
        System.arraycopy(rows[k], first, weights, to, width);
      }
    }
  }

  /** Some columns of another one. */
  private VectorPanels(VectorPanels of, int begin, int end) {
    this.manyRegisters = of.manyRegisters;
    this.all = of.all;
    this.columns = of.columns;
    this.begin = begin;
    this.end = end;
    this.depth = of.depth;
    this.bias = of.bias;
    this.halves = of.halves;
    this.weights = of.weights;
  }

  /** As {@link Kernels#halves} says: of two or more panels, if each begins at a pair of vectors. */
  Optional<Kernels.Halves> inHalves() {
    int middle = middle(columns);
    return knowsHalves(columns, manyRegisters)
        ? Optional.of(
            new Kernels.Halves(
                new VectorPanels(this, 0, middle), new VectorPanels(this, middle, columns)))
        : Optional.empty();
  }

  /** As {@link Kernels#knowsHalves} says. */
  static boolean knowsHalves(int columns, boolean manyRegisters) {
    int middle = middle(columns);
    return middle > 0
        && middle < columns
        && width(0, all(columns, manyRegisters), manyRegisters) != WIDE;
  }

  private static int middle(int columns) {
    return (columns + PAIR) / 2 / PAIR * PAIR;
  }

  /**
   * As {@link Kernels#multipliesOnly} says: whether more than one panel is needed, or all of it.
   */
  static boolean multipliesOnly(int columns, boolean manyRegisters) {
    return columns >= width(0, all(columns, manyRegisters), manyRegisters);
  }

  /** The columns of the panel that begins at a column. */
  int width(int first) {
    return width(first, all, manyRegisters);
  }

  /**
   * Of an odd number of vectors three are the first panel, or one is the last: the more columns at
   * a time, the fewer instructions, as long as there are registers for the sums. Into 32 eight rows
   * by three vectors fit, into 16 four by two or eight by one.
   */
  private static int width(int first, int all, boolean manyRegisters) {
    if (all % PAIR == 0) {
      return PAIR;
    }
    if (manyRegisters) {
      return first == 0 ? WIDE : PAIR;
    }
    return first + PAIR <= all ? PAIR : L;
  }

  /** How many columns the panels of so many have. */
  private static int all(int columns, boolean manyRegisters) {
    int whole = (columns + L - 1) / L * L;
    return manyRegisters ? Math.max(PAIR, whole) : whole;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public float[] bias() {
    return bias;
  }
}
