package io.weft.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An array of float32 numbers of any number of dimensions, row-major. Immutable: what changes an
 * arrangement returns another. Axes are counted from 0.
 */
public final class Tensor {

  /** What a parameter may have at most, and more than a JVM's array should. */
  private static final long MOST_VALUES = 1 << 29;

  private final List<Integer> dimensions;
  private final float[] values;

  private Tensor(List<Integer> dimensions, float[] values) {
    this.dimensions = dimensions;
    this.values = values;
  }

  /**
   * Returns an array of the given sizes; no size makes a single number.
   *
   * @param dimensions 0 or above
   * @param values row-major, as many as the sizes multiply to; copied
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static Tensor of(List<Integer> dimensions, float... values) {
    return taking(List.copyOf(dimensions), values.clone());
  }

  /** Returns an array that takes the values over. */
  static Tensor taking(List<Integer> dimensions, float[] values) {
    if (count(dimensions) != values.length) {
      throw new IllegalArgumentException(
          "an array of "
              + dimensions
              + " has "
              + count(dimensions)
              + " values, found "
              + values.length);
    }
    return new Tensor(dimensions, values);
  }

  /** Returns an array with the same number everywhere. */
  static Tensor filled(List<Integer> dimensions, float value) {
    float[] values = new float[(int) count(dimensions)];
    Arrays.fill(values, value);
    return new Tensor(List.copyOf(dimensions), values);
  }

  /**
   * Returns how many values an array of these sizes has.
   *
   * @throws IllegalArgumentException if a size is below 0, or there are more than 2^29 values
   */
  static long count(List<? extends Number> dimensions) {
    long count = 1;
    for (Number dimension : dimensions) {
      long size = dimension.longValue();
      if (size < 0 || size > MOST_VALUES || (count *= size) > MOST_VALUES) {
        throw new IllegalArgumentException(
            "an array has sizes from 0 and at most 2^29 values, found " + dimensions);
      }
    }
    return count;
  }

  /** Returns the sizes. */
  public List<Integer> dimensions() {
    return dimensions;
  }

  /** Returns the number of values. */
  public int size() {
    return values.length;
  }

  /** Returns a copy of the values, row-major. */
  public float[] values() {
    return values.clone();
  }

  /** Returns the values themselves, for reading only. */
  float[] shared() {
    return values;
  }

  /**
   * Returns the same values with their axes in another order, as NumPy's {@code transpose} and
   * PyTorch's {@code permute} have it.
   *
   * @param axes which axis of this comes first, second and so on; each once
   * @throws IllegalArgumentException if it is not each axis once
   */
  public Tensor transposed(int... axes) {
    int[] sorted = axes.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, IntStream.range(0, dimensions.size()).toArray())) {
      throw new IllegalArgumentException(
          "transposing an array of "
              + dimensions
              + " takes each of its axes, from 0, once; found "
              + Arrays.toString(axes));
    }
    int[] strides = strides();
    return gathered(
        IntStream.of(axes).mapToObj(dimensions::get).toList(),
        0,
        IntStream.of(axes).map(axis -> strides[axis]).toArray());
  }

  private int[] strides() {
    int[] strides = new int[dimensions.size()];
    int stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= dimensions.get(axis);
    }
    return strides;
  }

  /** Returns the values at {@code from} plus each index times its stride. */
  private Tensor gathered(List<Integer> sizes, int from, int... strides) {
    float[] result = new float[(int) count(sizes)];
    int[] index = new int[sizes.size()];
    int at = from;
    for (int i = 0; i < result.length; i++) {
      result[i] = values[at];
      for (int axis = index.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < sizes.get(axis)) {
          break;
        }
        at -= index[axis] * strides[axis];
        index[axis] = 0;
      }
    }
    return new Tensor(List.copyOf(sizes), result);
  }

  /**
   * Returns the same values, in the same order, under other sizes.
   *
   * @throws IllegalArgumentException if these multiply to another number
   */
  public Tensor reshaped(List<Integer> sizes) {
    if (count(sizes) != values.length) {
      throw new IllegalArgumentException(
          "an array of "
              + dimensions
              + " has "
              + values.length
              + " values, and does not become one of "
              + sizes);
    }
    return new Tensor(List.copyOf(sizes), values);
  }

  /**
   * Returns the part of this with indices {@code from} to {@code to}, without {@code to}, of one
   * axis.
   *
   * @throws IllegalArgumentException if there is no such part
   */
  public Tensor part(int axis, int from, int to) {
    checkAxis(axis);
    if (from < 0 || to <= from || to > dimensions.get(axis)) {
      throw new IllegalArgumentException(
          "axis "
              + axis
              + " of an array of "
              + dimensions
              + " has indices 0 to "
              + (dimensions.get(axis) - 1)
              + ", found the part "
              + from
              + " to "
              + to
              + " (which is not in it)");
    }
    List<Integer> sizes = new ArrayList<>(dimensions);
    sizes.set(axis, to - from);
    int[] strides = strides();
    return gathered(sizes, from * strides[axis], strides);
  }

  /**
   * Returns arrays one behind the other along an axis.
   *
   * @param parts at least one, with the same sizes but along that axis
   * @throws IllegalArgumentException if there is none, or their sizes differ elsewhere
   */
  public static Tensor joined(int axis, List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("joining takes at least one array, found none");
    }
    Tensor first = parts.get(0);
    first.checkAxis(axis);
    List<Integer> sizes = new ArrayList<>(first.dimensions);
    sizes.set(axis, 0);
    for (Tensor part : parts) {
      List<Integer> others = new ArrayList<>(part.dimensions);
      if (others.size() == sizes.size()) {
        others.set(axis, sizes.get(axis));
      }
      if (!others.equals(sizes)) {
        throw new IllegalArgumentException(
            "arrays that are joined along axis "
                + axis
                + " have the same sizes along all others, found "
                + parts.stream().map(Tensor::toString).collect(Collectors.joining(" and ")));
      }
      sizes.set(axis, sizes.get(axis) + part.dimensions.get(axis));
    }
    float[] result = new float[(int) count(sizes)];
    int outer = first.dimensions.subList(0, axis).stream().reduce(1, (a, b) -> a * b);
    int at = 0;
    for (int i = 0; i < outer; i++) {
      for (Tensor part : parts) {
        int run = part.values.length / Math.max(1, outer);
        System.arraycopy(part.values, i * run, result, at, run);
        at += run;
      }
    }
    return new Tensor(List.copyOf(sizes), result);
  }

  /**
   * Returns the sum with an array of the same sizes.
   *
   * @throws IllegalArgumentException if it has others
   */
  public Tensor plus(Tensor other) {
    if (!other.dimensions.equals(dimensions)) {
      throw new IllegalArgumentException(
          "arrays that are added have the same sizes, found " + this + " and " + other);
    }
    float[] sum = values.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.values[i];
    }
    return new Tensor(dimensions, sum);
  }

  /**
   * Returns g v / |v|, where this is v: the weights of a weight-normalised layer (Salimans and
   * Kingma 2016, equation 2). A length is of all that has one index of the first axis, as in
   * PyTorch's {@code weight_norm}, whose axis is 0 unless said otherwise.
   *
   * @param lengths g: one number for each index of the first axis
   * @throws IllegalArgumentException if there are more or fewer, or this is a single number
   */
  public Tensor withLengths(Tensor lengths) {
    checkAxis(0);
    int rows = dimensions.get(0);
    if (lengths.size() != rows) {
      throw new IllegalArgumentException(
          "weight normalisation of "
              + this
              + " takes a length for each of its "
              + rows
              + " first indices, found "
              + lengths);
    }
    float[] result = values.clone();
    int run = result.length / Math.max(1, rows);
    for (int row = 0; row < rows; row++) {
      double squares = 0;
      for (int i = row * run; i < (row + 1) * run; i++) {
        squares += (double) values[i] * values[i];
      }
      double factor = lengths.values[row] / StrictMath.sqrt(squares);
      for (int i = row * run; i < (row + 1) * run; i++) {
        result[i] = (float) (values[i] * factor);
      }
    }
    return new Tensor(dimensions, result);
  }

  private void checkAxis(int axis) {
    if (axis < 0 || axis >= dimensions.size()) {
      throw new IllegalArgumentException(
          "an array of "
              + dimensions
              + " has "
              + dimensions.size()
              + " axes, counted from 0; found axis "
              + axis);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor
        && dimensions.equals(tensor.dimensions)
        && Arrays.equals(values, tensor.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(dimensions, Arrays.hashCode(values));
  }

  /** Returns the sizes, such as "[16, 8, 3, 3]". */
  @Override
  public String toString() {
    return dimensions.toString();
  }
}
