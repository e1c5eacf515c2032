package io.weft.internal.tensorflow;

import io.weft.expression.Binary;
import io.weft.expression.Connectivity;
import io.weft.expression.Expression;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.internal.thread.Interruption;
import io.weft.lower.Lowering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Runs an expression that reads its own output over whole images: front after front (rows,
 * diagonals), each as operations of its own, since TensorFlow Java has no gradient of loops. What
 * does not depend on the own output is computed for all positions at once before.
 *
 * <p>Values of a front are [positions, batch, maps], so that its neighbours are slices of the first
 * dimension. The parts of an output that is a concatenation are kept apart: a state of several
 * parts is neither put together nor taken apart between fronts.
 *
 * <p>Fronts are put together by DynamicStitch and cut by StridedSlice, whose gradients are one
 * operation each. Those of Concat, Pad and Slice work with shapes that TensorFlow tries to evaluate
 * while it builds them, by a walk through the graph behind: for seven diagonal layers that took a
 * third of the time to the first step.
 *
 * @param <T> the floating type
 */
final class RecurrentLowering<T extends TFloating> {

  private final Surroundings<T> place;
  private final Ops tf;
  private final ExpressionLowering<T> image;
  private final FrontPlan plan;
  private final Lowering<T> orders;
  private final List<Expression> parts;
  private final Splits splits;

  /** What depends on the own output, by identity. */
  private final Set<Expression> own = Collections.newSetFromMap(new IdentityHashMap<>());

  /** What reads anything, by identity. */
  private final Set<Expression> reading = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Sizes and places, of which fronts share most: each is an operation of the graph. */
  private final Map<String, Operand<TInt32>> known = new HashMap<>();

  private @Nullable Operand<T> zero;

  /** Zeros by positions and maps. */
  private final Map<List<Integer>, Operand<T>> nothing = new HashMap<>();

  /** What does not depend on the own output, front by front. */
  private final IdentityHashMap<Expression, List<? extends Operand<T>>> given =
      new IdentityHashMap<>();

  /** What attention is paid to, by identity. */
  private final IdentityHashMap<Expression.Attention, WholeImageAttention.Memory<T>> memories =
      new IdentityHashMap<>();

  /** For each front that has been computed its parts. */
  private final List<List<Operand<T>>> values = new ArrayList<>();

  /**
   * Makes one for a layer's application.
   *
   * @param place where the layer stands
   * @param orders the same, for what differs between generation orders
   * @param image runs what does not depend on the own output
   */
  RecurrentLowering(
      Surroundings<T> place,
      Lowering<T> orders,
      ExpressionLowering<T> image,
      Expression expression) {
    this.place = place;
    this.orders = orders;
    this.tf = place.tf();
    this.image = image;
    this.plan = FrontPlan.of(place.shape(), expression, orders.orders());
    this.parts =
        expression instanceof Expression.Concat concat ? concat.operands() : List.of(expression);
    this.splits = Splits.of(expression);
    expression.visit(this::sort);
  }

  private void sort(Expression e) {
    boolean isOwn = e instanceof Expression.Read read && read.tap().isOwn();
    if (isOwn || e.operands().stream().anyMatch(own::contains)) {
      own.add(e);
    }
    if (e instanceof Expression.Read
        || e instanceof Expression.Attention
        || e.operands().stream().anyMatch(reading::contains)) {
      reading.add(e);
    }
  }

  private Operand<TInt32> numbers(int... values) {
    return known.computeIfAbsent(Arrays.toString(values), v -> tf.constant(values));
  }

  private Operand<TInt32> padding(int[][] values) {
    return known.computeIfAbsent(Arrays.deepToString(values), v -> tf.constant(values));
  }

  private Operand<T> zero() {
    if (zero == null) {
      zero = place.scalar(0);
    }
    return zero;
  }

  /** Returns the value over the whole grid of the layer's output. */
  Operand<T> run() {
    for (int front = 0; front < plan.count(); front++) {
      Interruption.check();
      Front lowering = new Front(front);
      values.add(parts.stream().map(lowering::whole).toList());
    }
    List<Operand<T>> whole = new ArrayList<>();
    for (int part = 0; part < parts.size(); part++) {
      int p = part;
      List<Operand<T>> fronts = values.stream().map(front -> front.get(p)).toList();
      whole.add(inPlace(fronts));
    }
    Shape shape = place.shape();
    Operand<T> positions = joined(whole, 2);
    return tf.reshape(
        tf.linalg.transpose(positions, tf.constant(new int[] {1, 0, 2})),
        tf.constant(new int[] {-1, shape.height(), shape.width(), shape.maps()}));
  }

  /** Fronts put where their positions lie. */
  private Operand<T> inPlace(List<Operand<T>> fronts) {
    if (fronts.size() == 1 || plan.orders() > 1) {
      return picked(joined(fronts, 0), plan.slotOfPosition());
    }
    int[] positions = plan.positionOfSlot()[0];
    List<Operand<TInt32>> places = new ArrayList<>();
    int from = 0;
    for (int front = 0; front < plan.count(); front++) {
      int size = plan.size(front);
      places.add(numbers(Arrays.copyOfRange(positions, from, from + size)));
      from += size;
    }
    return tf.dynamicStitch(places, fronts);
  }

  private Operand<T> joined(List<Operand<T>> values, int axis) {
    return values.size() == 1 ? values.get(0) : tf.concat(values, tf.constant(axis));
  }

  /** Entries of the first dimension in the order that {@code index} has for each order. */
  private Operand<T> picked(Operand<T> value, int[][] index) {
    boolean asItIs =
        index.length == 1 && Arrays.equals(index[0], IntStream.range(0, plan.slots()).toArray());
    return asItIs ? value : tf.gather(value, index(index), tf.constant(0));
  }

  private Operand<TInt32> index(int[][] index) {
    if (index.length == 1) {
      return tf.constant(index[0]);
    }
    float[][] numbers = new float[index.length][index[0].length];
    for (int o = 0; o < index.length; o++) {
      for (int i = 0; i < numbers[o].length; i++) {
        numbers[o][i] = index[o][i];
      }
    }
    return tf.dtypes.cast(orders.perOrder(numbers, index[0].length), TInt32.class);
  }

  /** The whole value of what does not depend on the own output, cut into fronts. */
  private List<? extends Operand<T>> given(Expression expression) {
    Shape shape = place.shape();
    Operand<T> flat =
        tf.reshape(
            image.whole(expression),
            tf.constant(new int[] {-1, shape.positions(), expression.width()}));
    Operand<T> inOrder =
        picked(tf.linalg.transpose(flat, tf.constant(new int[] {1, 0, 2})), plan.positionOfSlot());
    if (plan.count() == 1) {
      return List.of(inOrder);
    }
    int[] sizes = IntStream.range(0, plan.count()).map(plan::size).toArray();
    return tf.splitV(inOrder, tf.constant(sizes), tf.constant(0), (long) sizes.length).output();
  }

  /** One front. */
  private final class Front extends ExpressionLowering<T> {
    private final int front;

    /** Every part of the own output is read at the same places. */
    private final Map<Tap, FrontPlan.Sources> sources = new HashMap<>();

    Front(int front) {
      super(place, List.of(), image.batch());
      this.front = front;
      splitAs(splits);
    }

    @Override
    Operand<T> of(Expression expression) {
      if (own.contains(expression)) {
        return super.of(expression);
      }
      if (!reading.contains(expression)) {
        return image.of(expression);
      }
      // What only takes a part of another value is best taken where that is split.
      return expression instanceof Expression.Slice
          ? super.of(expression)
          : given.computeIfAbsent(expression, RecurrentLowering.this::given).get(front);
    }

    @Override
    Operand<T> whole(Expression expression) {
      Operand<T> value = of(expression);
      return reading.contains(expression) ? value : spread(value);
    }

    @Override
    Operand<T> spread(Operand<T> value) {
      return tf.math.add(value, zeros(1));
    }

    private Operand<T> zeros(int maps) {
      return zeros(plan.size(front), maps);
    }

    private Operand<T> zeros(int positions, int maps) {
      return nothing.computeIfAbsent(
          List.of(positions, maps),
          sizes ->
              tf.fill(
                  tf.stack(List.of(tf.constant(positions), batch(), tf.constant(maps))), zero()));
    }

    @Override
    int[] sizes(Expression like, int maps) {
      return wholeSizes(maps);
    }

    @Override
    int[] wholeSizes(int maps) {
      return new int[] {plan.size(front), -1, maps};
    }

    @Override
    Operand<TInt32> numbers(int... values) {
      return RecurrentLowering.this.numbers(values);
    }

    @Override
    Operand<T> matrix(Parameter parameter, Connectivity connectivity) {
      return image.matrix(parameter, connectivity);
    }

    /** A sum of two values of the front is AddN, whose gradient asks for no shapes. */
    @Override
    public Operand<T> binary(Expression.BinaryCall call) {
      return call.function() == Binary.ADD
              && call.left() != call.right()
              && reading.contains(call.left())
              && reading.contains(call.right())
          ? tf.math.addN(List.of(of(call.left()), of(call.right())))
          : super.binary(call);
    }

    @Override
    Operand<T> read(Tap tap) {
      return joined(IntStream.range(0, parts.size()).mapToObj(part -> own(tap, part)).toList(), 2);
    }

    /** With a query of the own output; its keys and values are known ahead, as all inputs are. */
    @Override
    public Operand<T> attention(Expression.Attention attention) {
      Operand<T> query = whole(attention.query());
      var whole = new WholeImageAttention<>(place, query.type());
      return whole.at(
          attention,
          query,
          memories.computeIfAbsent(attention, whole::memory),
          plan.positions(front));
    }

    @Override
    public Operand<T> slice(Expression.Slice slice) {
      if (slice.operand() instanceof Expression.Read read && read.tap().isOwn()) {
        int start = 0;
        for (int part = 0; part < parts.size(); part++) {
          int width = parts.get(part).width();
          if (slice.from() == start && slice.width() == width) {
            return own(read.tap(), part);
          }
          start += width;
        }
      }
      return super.slice(slice);
    }

    /** One part of what a tap reads of the own output. */
    private Operand<T> own(Tap tap, int part) {
      FrontPlan.Sources read = sources.computeIfAbsent(tap, t -> plan.sources(front, t));
      List<Operand<T>> fronts = read.fronts().stream().map(f -> values.get(f).get(part)).toList();
      int maps = parts.get(part).width();
      if (fronts.isEmpty()) {
        return zeros(maps);
      }
      if (read.run().isPresent()) {
        return run(fronts.get(0), read.run().get(), maps);
      }
      Operand<T> all =
          tf.pad(joined(fronts, 0), padding(new int[][] {{0, 1}, {0, 0}, {0, 0}}), zero());
      return tf.gather(all, index(read.index().toArray(int[][]::new)), tf.constant(0));
    }

    private Operand<T> run(Operand<T> value, FrontPlan.FrontRun run, int maps) {
      Operand<T> cut =
          run.isWhole()
              ? value
              : tf.stridedSlice(
                  value, numbers(run.from()), numbers(run.from() + run.length()), numbers(1));
      return run.before() + run.after() == 0 ? cut : amongZeros(cut, run, maps);
    }

    private Operand<T> amongZeros(Operand<T> value, FrontPlan.FrontRun run, int maps) {
      int end = run.before() + run.length();
      int[] outside =
          IntStream.concat(
                  IntStream.range(0, run.before()), IntStream.range(end, end + run.after()))
              .toArray();
      return tf.dynamicStitch(
          List.of(numbers(outside), numbers(IntStream.range(run.before(), end).toArray())),
          List.of(zeros(outside.length, maps), value));
    }
  }
}
