package io.weft.internal.tensorflow;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The one formula of attention, softmax(q . k / sqrt(d)) times the values, of which a mask takes
 * some; where it takes all, the result is 0, and so is its gradient.
 *
 * @param <T> the floating type
 */
final class MaskedAttention<T extends TFloating> {

  /** Taken from a score, it leaves no weight beside any other; no overflow in bfloat16 either. */
  private static final double FAR = 1e9;

  private final Ops tf;
  private final Class<T> type;
  private final Products products;

  MaskedAttention(Ops tf, Class<T> type, Products products) {
    this.tf = tf;
    this.type = type;
    this.products = products;
  }

  /** What operations multiply with. */
  enum Products {
    /**
     * Einsum: oneDNN multiplies, in bfloat16 too where that is asked for, and its gradient is of
     * Einsum again; those of BatchMatMul in any version are of its third, which oneDNN does not
     * know.
     */
    WHOLE_IMAGES,
    /** BatchMatMul: for the few rows of a step, where oneDNN takes longer to begin. */
    STEPS
  }

  /**
   * Returns the results, [batch, heads, n, width].
   *
   * @param query [batch, heads, n, depth]
   * @param keys [batch, heads, m, depth]
   * @param values [batch, heads, m, width]
   * @param inside [n, m], 1 for what is attended to, else 0
   * @param rows whether a row of that may be all zeros
   */
  Operand<T> of(
      Operand<T> query,
      Operand<T> keys,
      Operand<T> values,
      double scale,
      Operand<T> inside,
      Rows rows) {
    Operand<T> scores = scores(tf.math.mul(query, tf.constant(type, scale)), keys);
    Operand<T> far = tf.math.mul(tf.math.sub(inside, tf.constant(type, 1)), tf.constant(type, FAR));
    Operand<T> weights = tf.nn.softmax(tf.math.add(scores, far));
    if (rows == Rows.MAY_BE_EMPTY) {
      weights = tf.math.mul(weights, inside);
    }
    return weighted(weights, values);
  }

  private Operand<T> scores(Operand<T> query, Operand<T> keys) {
    return switch (products) {
      case WHOLE_IMAGES -> tf.linalg.einsum(List.of(query, keys), "bhnd,bhmd->bhnm");
      case STEPS -> tf.train.batchMatMul(query, keys, type, BatchMatMul.adjY(true));
    };
  }

  private Operand<T> weighted(Operand<T> weights, Operand<T> values) {
    return switch (products) {
      case WHOLE_IMAGES -> tf.linalg.einsum(List.of(weights, values), "bhnm,bhmw->bhnw");
      case STEPS -> tf.train.batchMatMul(weights, values, type);
    };
  }

  /** What is known of a mask. */
  enum Rows {
    /** Some rows may attend to nothing. */
    MAY_BE_EMPTY,
    /** Each attends to something. */
    ARE_FULL
  }

  /** Returns [batch, n, heads x width] as [batch, heads, n, width]. */
  Operand<T> byHead(Operand<T> rows, int n, int heads, int width) {
    return tf.linalg.transpose(
        tf.reshape(rows, tf.constant(new int[] {-1, n, heads, width})), swap());
  }

  /** Returns [batch, heads, n, width] as [batch, n, heads x width]. */
  Operand<T> sideBySide(Operand<T> heads, int n, int width) {
    return tf.reshape(tf.linalg.transpose(heads, swap()), tf.constant(new int[] {-1, n, width}));
  }

  private Operand<TInt32> swap() {
    return tf.constant(new int[] {0, 2, 1, 3});
  }
}
