package io.weft.internal.tensorflow;

import io.weft.expression.Expression;
import io.weft.expression.Ranks;
import io.weft.order.GenerationOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Attention over whole images. Positions are put in the order of the run; then queries are taken in
 * blocks, each with the keys that any of it attends to: about half of what the full square costs in
 * time and memory.
 *
 * @param <T> the floating type
 */
final class WholeImageAttention<T extends TFloating> {

  private static final int BLOCKS = 7;

  private final Surroundings<T> lowering;
  private final Ops tf;
  private final MaskedAttention<T> formula;

  WholeImageAttention(Surroundings<T> lowering, Class<T> type) {
    this.lowering = lowering;
    this.tf = lowering.tf();
    this.formula = new MaskedAttention<>(tf, type, MaskedAttention.Products.WHOLE_IMAGES);
  }

  /**
   * What is attended to, [batch, heads, positions, width], positions in the order of the run.
   *
   * @param <T> the floating type
   */
  record Memory<T extends TFloating>(Operand<T> keys, Operand<T> values) {}

  /** Returns what some attention is paid to. */
  Memory<T> memory(Expression.Attention attention) {
    int heads = attention.heads();
    return new Memory<>(
        byHead(lowering.input(attention.keys().tap().input()), heads, attention.keyWidth()),
        byHead(lowering.input(attention.values().tap().input()), heads, attention.valueWidth()));
  }

  private Operand<T> byHead(Operand<T> feature, int heads, int width) {
    int positions = lowering.shape().positions();
    return formula.byHead(ranked(feature, heads * width), positions, heads, width);
  }

  /**
   * Returns the results, [batch, height, width, maps].
   *
   * @param query [batch, height, width, maps]
   */
  Operand<T> of(Expression.Attention attention, Operand<T> query) {
    int positions = lowering.shape().positions();
    int heads = attention.heads();
    Operand<T> queries = byHead(query, heads, attention.keyWidth());
    Memory<T> memory = memory(attention);
    Ranks ranks = attention.ranks();
    int size = (positions + BLOCKS - 1) / BLOCKS;
    List<Operand<T>> blocks = new ArrayList<>();
    for (int from = 0; from < positions; from += size) {
      int to = Math.min(positions, from + size);
      int[] ends =
          IntStream.range(from, to).map(rank -> ranks.end(ranks.order().position(rank))).toArray();
      blocks.add(some(attention, part(queries, from, to), memory, new int[][] {ends}));
    }
    Operand<T> all = blocks.size() == 1 ? blocks.get(0) : tf.concat(blocks, tf.constant(2));
    int maps = heads * attention.valueWidth();
    return placed(formula.sideBySide(all, positions, maps), maps);
  }

  /**
   * Returns the results at some positions, [positions, batch, maps].
   *
   * @param query [positions, batch, maps]
   * @param positions for each order those that it is, or one line for all orders
   */
  Operand<T> at(
      Expression.Attention attention, Operand<T> query, Memory<T> memory, int[][] positions) {
    int heads = attention.heads();
    int count = positions[0].length;
    Operand<T> queries = formula.byHead(turned(query), count, heads, attention.keyWidth());
    Ranks ranks = attention.ranks();
    List<GenerationOrder> orders = lowering.orders();
    int[][] ends = new int[orders.size()][];
    for (int o = 0; o < ends.length; o++) {
      Ranks under = new Ranks(ranks.span(), orders.get(o));
      ends[o] =
          IntStream.of(positions[Math.min(o, positions.length - 1)]).map(under::end).toArray();
    }
    Operand<T> found = some(attention, queries, memory, ends);
    return turned(formula.sideBySide(found, count, heads * attention.valueWidth()));
  }

  /** [positions, batch, maps] as [batch, positions, maps], and back. */
  private Operand<T> turned(Operand<T> rows) {
    return tf.linalg.transpose(rows, tf.constant(new int[] {1, 0, 2}));
  }

  /** Some queries, of which each order says where their runs end. */
  private Operand<T> some(
      Expression.Attention attention, Operand<T> queries, Memory<T> memory, int[][] ends) {
    Ranks ranks = attention.ranks();
    IntSummaryStatistics all = Arrays.stream(ends).flatMapToInt(Arrays::stream).summaryStatistics();
    int first = ranks.start(all.getMin());
    // Over nothing there is one key, masked.
    int last = Math.max(first + 1, all.getMax());
    return formula.of(
        queries,
        part(memory.keys(), first, last),
        part(memory.values(), first, last),
        1 / Math.sqrt(attention.keyWidth()),
        tf.dtypes.cast(inside(ranks, ends, first, last), queries.type()),
        all.getMin() == 0 ? MaskedAttention.Rows.MAY_BE_EMPTY : MaskedAttention.Rows.ARE_FULL);
  }

  /** Whether a key's rank, from first on, lies in the run of a query. */
  private Operand<TBool> inside(Ranks ranks, int[][] ends, int first, int last) {
    Operand<TInt32> rank = tf.constant(new int[][] {IntStream.range(first, last).toArray()});
    Operand<TBool> before = tf.math.less(rank, column(ends));
    if (ranks.isPrefix()) {
      return before;
    }
    int[][] starts =
        Arrays.stream(ends)
            .map(e -> IntStream.of(e).map(ranks::start).toArray())
            .toArray(int[][]::new);
    return tf.math.logicalAnd(before, tf.math.greaterEqual(rank, column(starts)));
  }

  private Operand<TInt32> column(int[][] numbers) {
    Operand<TInt32> own =
        numbers.length == 1 ? tf.constant(numbers[0]) : lowering.numbersPerOrder(numbers);
    return tf.reshape(own, tf.constant(new int[] {numbers[0].length, 1}));
  }

  private Operand<T> part(Operand<T> heads, int from, int to) {
    return tf.slice(
        heads,
        tf.constant(new int[] {0, 0, from, 0}),
        tf.constant(new int[] {-1, -1, to - from, -1}));
  }

  /** The positions of a feature in the order of the run, [batch, positions, maps]. */
  private Operand<T> ranked(Operand<T> feature, int maps) {
    Operand<T> rows =
        tf.reshape(feature, tf.constant(new int[] {-1, lowering.shape().positions(), maps}));
    return isInOrder() ? rows : moved(rows, WholeImageAttention::positions);
  }

  /** Back from there. */
  private Operand<T> placed(Operand<T> rows, int maps) {
    Operand<T> placed = isInOrder() ? rows : moved(rows, WholeImageAttention::ranks);
    return tf.reshape(
        placed,
        tf.constant(new int[] {-1, lowering.shape().height(), lowering.shape().width(), maps}));
  }

  private boolean isInOrder() {
    return lowering.orders().stream().allMatch(GenerationOrder::isRaster);
  }

  private interface Permutation {
    int[] of(GenerationOrder order);
  }

  private Operand<T> moved(Operand<T> rows, Permutation permutation) {
    int[][] all = lowering.orders().stream().map(permutation::of).toArray(int[][]::new);
    return tf.gather(rows, lowering.numbersPerOrder(all), tf.constant(1));
  }

  private static int[] positions(GenerationOrder order) {
    return IntStream.range(0, order.pixels()).map(order::position).toArray();
  }

  private static int[] ranks(GenerationOrder order) {
    return IntStream.range(0, order.pixels()).map(order::rank).toArray();
  }
}
