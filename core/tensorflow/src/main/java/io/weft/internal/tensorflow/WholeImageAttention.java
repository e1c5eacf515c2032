package io.weft.internal.tensorflow;

import io.weft.expression.Expression;
import io.weft.expression.Ranks;
import io.weft.order.GenerationOrder;
import java.util.ArrayList;
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
    this.formula = new MaskedAttention<>(tf, type);
  }

  /**
   * Returns the results, [batch, height, width, maps].
   *
   * @param query [batch, height, width, maps], as are the others
   */
  Operand<T> of(
      Expression.Attention attention, Operand<T> query, Operand<T> keys, Operand<T> values) {
    int positions = lowering.shape().positions();
    int heads = attention.heads();
    int depth = attention.keyWidth();
    int width = attention.valueWidth();
    Operand<T> queries = formula.byHead(ranked(query, heads * depth), positions, heads, depth);
    Operand<T> allKeys = formula.byHead(ranked(keys, heads * depth), positions, heads, depth);
    Operand<T> allValues = formula.byHead(ranked(values, heads * width), positions, heads, width);
    Ranks ranks = attention.ranks();
    int size = (positions + BLOCKS - 1) / BLOCKS;
    List<Operand<T>> blocks = new ArrayList<>();
    for (int from = 0; from < positions; from += size) {
      int to = Math.min(positions, from + size);
      int[] ends =
          IntStream.range(from, to).map(rank -> ranks.end(ranks.order().position(rank))).toArray();
      int first = ranks.start(ends[0]);
      // Over nothing there is one key, masked.
      int last = Math.max(first + 1, ends[ends.length - 1]);
      blocks.add(
          formula.of(
              part(queries, from, to),
              part(allKeys, first, last),
              part(allValues, first, last),
              1 / Math.sqrt(depth),
              tf.dtypes.cast(inside(ranks, ends, first, last), query.type()),
              ends[0] == 0 ? MaskedAttention.Rows.MAY_BE_EMPTY : MaskedAttention.Rows.ARE_FULL));
    }
    Operand<T> all = blocks.size() == 1 ? blocks.get(0) : tf.concat(blocks, tf.constant(2));
    return placed(formula.sideBySide(all, positions, heads * width), heads * width);
  }

  /** Whether a key's rank, from first on, lies in the run of a query. */
  private Operand<TBool> inside(Ranks ranks, int[] ends, int first, int last) {
    Operand<TInt32> rank = tf.constant(new int[][] {IntStream.range(first, last).toArray()});
    Operand<TBool> before = tf.math.less(rank, column(ends));
    if (ranks.isPrefix()) {
      return before;
    }
    int[] starts = IntStream.of(ends).map(ranks::start).toArray();
    return tf.math.logicalAnd(before, tf.math.greaterEqual(rank, column(starts)));
  }

  private Operand<TInt32> column(int[] numbers) {
    return tf.reshape(tf.constant(numbers), tf.constant(new int[] {numbers.length, 1}));
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
