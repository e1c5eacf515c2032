package io.weft.internal.tensorflow;

import io.weft.expression.Binary;
import io.weft.expression.Connectivity;
import io.weft.expression.Expression;
import io.weft.expression.Parameter;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Runs an expression over whole images. Values are [batch, height, width, maps]; what holds for
 * every position is [batch, 1, 1, maps] or [maps] until it must be spread.
 *
 * @param <T> the floating type
 */
class ExpressionLowering<T extends TFloating> implements Expression.Cases<Operand<T>> {

  /** A matrix with what of it exists. */
  private record Masked(Parameter parameter, Connectivity connectivity) {}

  private final Surroundings<T> lowering;
  private final List<Shape> inputs;
  private final Operand<TInt32> batch;
  private final Ops tf;
  private final Map<Masked, Operand<T>> masked = new HashMap<>();
  private final IdentityHashMap<Expression, Operand<T>> known = new IdentityHashMap<>();
  private final IdentityHashMap<Expression, Operand<T>> matrices = new IdentityHashMap<>();
  private final IdentityHashMap<Expression, List<Output<T>>> parts = new IdentityHashMap<>();
  private final Map<Tap, Operand<T>> taps = new HashMap<>();
  private Splits splits = Splits.none();

  /**
   * Makes one for a layer's application.
   *
   * @param inputs the shapes of the layer's inputs
   * @param batch the number of images, a scalar
   */
  ExpressionLowering(Surroundings<T> lowering, List<Shape> inputs, Operand<TInt32> batch) {
    this.lowering = lowering;
    this.inputs = inputs;
    this.batch = batch;
    this.tf = lowering.tf();
  }

  /** Returns the value over the whole grid of the layer's output. */
  Operand<T> run(Expression expression) {
    splits = Splits.of(expression);
    return whole(expression);
  }

  /** Returns the value at every place, where it differs between places and where it does not. */
  Operand<T> whole(Expression expression) {
    boolean whole = isLocal(expression) || lowering.shape().isGlobal();
    return whole && !expression.taps().isEmpty() ? of(expression) : spread(of(expression));
  }

  /** Takes over which operands another lowering of the same expression splits. */
  final void splitAs(Splits found) {
    splits = found;
  }

  /** Returns the number of images, a scalar. */
  final Operand<TInt32> batch() {
    return batch;
  }

  /** Returns the value of what reads no input, [width]. */
  Operand<T> global(Expression expression) {
    if (!expression.taps().isEmpty()) {
      throw new IllegalArgumentException(
          "a vector of parameters reads no input, found a read of "
              + expression.taps().get(0).label());
    }
    return of(expression);
  }

  /** Returns the value, which may be the same everywhere and then has no more than one. */
  Operand<T> of(Expression expression) {
    Operand<T> value = known.get(expression);
    if (value == null) {
      value = expression.match(this);
      known.put(expression, value);
    }
    return value;
  }

  @Override
  public Operand<T> read(Expression.Read read) {
    return taps.computeIfAbsent(read.tap(), this::read);
  }

  @Override
  public Operand<T> vector(Expression.Vector vector) {
    return lowering.parameter(vector.parameter());
  }

  @Override
  public Operand<T> columnNorms(Expression.ColumnNorms norms) {
    Operand<T> matrix = matrix(norms.parameter(), norms.connectivity());
    return tf.math.sqrt(tf.sum(tf.math.square(matrix), tf.constant(0)));
  }

  @Override
  public Operand<T> constant(Expression.Constant constant) {
    float[] values = Floats.of(constant.values());
    return lowering.constant(values, values.length);
  }

  @Override
  public Operand<T> product(Expression.Product product) {
    return overGrid(product, matrix(product));
  }

  @Override
  public Operand<T> lookup(Expression.Lookup lookup) {
    int count = lookup.operand().width();
    int levels = lookup.levels();
    int maps = lookup.table().columns();
    Operand<T> values = tf.reshape(of(lookup.operand()), numbers(-1, count));
    Operand<TInt32> rows = Elementwise.level(tf, values, levels);
    if (count > 1) {
      int[] firsts = IntStream.range(0, count).map(value -> value * levels).toArray();
      rows = tf.math.add(rows, numbers(firsts));
    }
    Operand<T> table =
        tf.reshape(lowering.parameter(lookup.table()), numbers(lookup.table().rows(), maps));
    Operand<T> found = tf.gather(table, tf.reshape(rows, numbers(-1)), tf.constant(0));
    if (count > 1) {
      found =
          tf.linalg.transpose(
              tf.reshape(found, numbers(-1, count, maps)), tf.constant(new int[] {0, 2, 1}));
    }
    return tf.reshape(found, numbers(sizes(lookup.operand(), count * maps)));
  }

  @Override
  public Operand<T> unary(Expression.UnaryCall call) {
    return Elementwise.unary(tf, call.function(), of(call.operand()));
  }

  /** Whether the value differs between positions, so that it already has the output's grid. */
  private boolean isLocal(Expression expression) {
    return !expression.taps().stream().allMatch(this::isGlobal);
  }

  /** Whether a tap gives the same value everywhere, because its input has no other. */
  private boolean isGlobal(Tap tap) {
    return tap.positions() instanceof PositionMap.Global && inputs.get(tap.input()).isGlobal();
  }

  /** Returns a value at every place that is the same everywhere. */
  Operand<T> spread(Operand<T> value) {
    Shape shape = lowering.shape();
    Operand<TInt32> sizes =
        tf.stack(
            List.of(
                batch, tf.constant(shape.height()), tf.constant(shape.width()), tf.constant(1)));
    return tf.math.add(value, tf.fill(sizes, lowering.scalar(0)));
  }

  /** Returns what a tap reads, at every place. */
  Operand<T> read(Tap tap) {
    Operand<T> input = lowering.input(tap.input());
    if (isGlobal(tap)) {
      return input;
    }
    Shape from = inputs.get(tap.input());
    if (tap.positions() instanceof PositionMap.Offset o
        && from.sameGrid(lowering.shape())
        && from.height() == o.height()
        && from.width() == o.width()) {
      return o.rows() == 0 && o.columns() == 0 ? input : shifted(input, from, o);
    }
    if (tap.positions() instanceof PositionMap.Earlier e) {
      var at = new PositionMap.Offset(e.rows(), e.columns(), from.height(), from.width());
      return tf.math.mul(shifted(input, from, at), lowering.earlier(e.rows(), e.columns()));
    }
    return tap.positions().follows().isPresent()
        ? inOrder(input, from, tap)
        : gathered(input, from, tap);
  }

  private Operand<T> shifted(Operand<T> input, Shape shape, PositionMap.Offset o) {
    int rows = within(o.rows(), shape.height());
    int columns = within(o.columns(), shape.width());
    int[][] padding = {
      {0, 0},
      {Math.max(0, -rows), Math.max(0, rows)},
      {Math.max(0, -columns), Math.max(0, columns)},
      {0, 0}
    };
    return tf.slice(
        tf.pad(input, tf.constant(padding), lowering.scalar(0)),
        tf.constant(new int[] {0, Math.max(0, rows), Math.max(0, columns), 0}),
        tf.constant(new int[] {-1, shape.height(), shape.width(), shape.maps()}));
  }

  /** A distance of the whole image or more reads nothing, whatever it is. */
  private static int within(int distance, int size) {
    return Math.max(-size, Math.min(size, distance));
  }

  /** Positions that differ between the orders of the run. */
  private Operand<T> inOrder(Operand<T> input, Shape from, Tap tap) {
    int[][] index =
        lowering.orders().stream().map(order -> look(from, tap.under(order))).toArray(int[][]::new);
    return lookedUp(input, from, lowering.numbersPerOrder(index));
  }

  /** Any other footprint: a look-up of positions. */
  private Operand<T> gathered(Operand<T> input, Shape from, Tap tap) {
    return lookedUp(input, from, tf.constant(look(from, tap)));
  }

  private int[] look(Shape from, Tap tap) {
    Shape to = lowering.shape();
    int[] index = new int[to.positions()];
    for (int q = 0; q < index.length; q++) {
      int source = tap.source(q / to.width(), q % to.width());
      index[q] = source == PositionMap.NONE ? from.positions() : source;
    }
    return index;
  }

  /** Positions by their numbers, with one row of zeros for those outside. */
  private Operand<T> lookedUp(Operand<T> input, Shape from, Operand<TInt32> index) {
    Shape to = lowering.shape();
    Operand<T> flat = tf.reshape(input, tf.constant(new int[] {-1, from.positions(), from.maps()}));
    Operand<T> extended =
        tf.pad(flat, tf.constant(new int[][] {{0, 0}, {0, 1}, {0, 0}}), lowering.scalar(0));
    return tf.reshape(
        tf.gather(extended, index, tf.constant(1)),
        tf.constant(new int[] {-1, to.height(), to.width(), from.maps()}));
  }

  @Override
  public Operand<T> binary(Expression.BinaryCall call) {
    if (call.function() == Binary.ADD && call.right() instanceof Expression.Vector bias) {
      // BiasAdd, not Add: its gradient sums by rows, and TensorFlow makes it part of the product.
      Operand<T> vector = lowering.parameter(bias.parameter());
      if (call.left() instanceof Expression.Product product) {
        return overGrid(product, tf.nn.biasAdd(matrix(product), vector));
      }
      Operand<T> left = of(call.left());
      if (left.shape().numDimensions() > 1) {
        return tf.nn.biasAdd(left, vector);
      }
    }
    return Elementwise.binary(tf, call.function(), of(call.left()), of(call.right()));
  }

  /**
   * A product of all positions of all images, [positions, maps], as [batch, height, width, maps].
   */
  private Operand<T> overGrid(Expression.Product product, Operand<T> rows) {
    return tf.reshape(rows, numbers(sizes(product.operand(), product.parameter().columns())));
  }

  /** Returns whole numbers as a constant vector. */
  Operand<TInt32> numbers(int... values) {
    return tf.constant(values);
  }

  /** Returns the sizes of a value of so many maps that differs where {@code like} does. */
  int[] sizes(Expression like, int maps) {
    boolean local = isLocal(like);
    int height = local ? lowering.shape().height() : 1;
    int width = local ? lowering.shape().width() : 1;
    return new int[] {-1, height, width, maps};
  }

  private Operand<T> matrix(Expression.Product product) {
    Operand<T> value = matrices.get(product);
    if (value == null) {
      value = multiplied(product);
      matrices.put(product, value);
    }
    return value;
  }

  private Operand<T> multiplied(Expression.Product product) {
    Parameter parameter = product.parameter();
    Operand<T> matrix = matrix(parameter, product.connectivity());
    Operand<T> rows = tf.reshape(of(product.operand()), numbers(-1, parameter.rows()));
    return tf.linalg.matMul(rows, matrix);
  }

  /** Returns a matrix, [rows, columns], zero where it has no entries. */
  Operand<T> matrix(Parameter parameter, Connectivity connectivity) {
    return masked.computeIfAbsent(new Masked(parameter, connectivity), this::masked);
  }

  private Operand<T> masked(Masked masked) {
    Parameter parameter = masked.parameter();
    Connectivity connectivity = masked.connectivity();
    Operand<T> matrix =
        tf.reshape(
            lowering.parameter(parameter),
            tf.constant(new int[] {parameter.rows(), parameter.columns()}));
    return connectivity.isFull()
        ? matrix
        : tf.math.mul(
            matrix, lowering.constant(connectivity.mask(), parameter.rows(), parameter.columns()));
  }

  @Override
  public Operand<T> slice(Expression.Slice slice) {
    Operand<T> value = of(slice.operand());
    int[] widths = splits.widths(slice.operand());
    if (widths.length > 0) {
      return parts
          .computeIfAbsent(slice.operand(), operand -> split(value, widths))
          .get(splits.part(slice));
    }
    int[] from = new int[value.shape().numDimensions()];
    int[] sizes = new int[from.length];
    Arrays.fill(sizes, -1);
    from[from.length - 1] = slice.from();
    sizes[from.length - 1] = slice.width();
    return tf.slice(value, numbers(from), numbers(sizes));
  }

  @Override
  public Operand<T> mean(Expression.Mean mean) {
    int each = mean.width() / mean.groups();
    Operand<T> grouped =
        tf.reshape(whole(mean.operand()), tf.constant(new int[] {-1, each, mean.groups()}));
    Operand<T> means = tf.math.mean(grouped, tf.constant(1), Mean.keepDims(true));
    return tf.reshape(
        tf.tile(means, tf.constant(new int[] {1, each, 1})), tf.constant(wholeSizes(mean.width())));
  }

  /** Returns the sizes of a value of so many maps at every place. */
  int[] wholeSizes(int maps) {
    return new int[] {-1, lowering.shape().height(), lowering.shape().width(), maps};
  }

  @Override
  public Operand<T> attention(Expression.Attention attention) {
    Operand<T> query = whole(attention.query());
    return new WholeImageAttention<>(lowering, query.type()).of(attention, query);
  }

  private List<Output<T>> split(Operand<T> value, int[] widths) {
    Operand<TInt32> last = tf.constant(value.shape().numDimensions() - 1);
    return Arrays.stream(widths).distinct().count() == 1
        ? tf.split(last, value, (long) widths.length).output()
        : tf.splitV(value, numbers(widths), last, (long) widths.length).output();
  }

  @Override
  public Operand<T> concat(Expression.Concat concat) {
    List<Expression> operands = concat.operands();
    if (operands.get(0).width() == 1 && operands.stream().allMatch(o -> o == operands.get(0))) {
      Operand<T> value = whole(operands.get(0));
      int[] multiples = new int[value.shape().numDimensions()];
      Arrays.fill(multiples, 1);
      multiples[multiples.length - 1] = operands.size();
      return tf.tile(value, tf.constant(multiples));
    }
    List<Operand<T>> values = new ArrayList<>();
    for (Expression operand : operands) {
      values.add(whole(operand));
    }
    return tf.concat(values, tf.constant(-1));
  }
}
