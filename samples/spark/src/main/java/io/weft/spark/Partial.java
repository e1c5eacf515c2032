package io.weft.spark;

import io.weft.engine.Gradient;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sum of a node of a step's tree, of all weights or of a slice of them, with the answers of
 * those who computed it.
 *
 * @param level the level of the node
 * @param index the number of the node among those of its level, or that of the slice
 * @param answers at least one
 * @param nats of the sum
 * @param values of the sum, see {@link Floats}; none where an answer is a failure
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record Partial(
    int level, int index, ArrayList<Answer> answers, double nats, byte @Nullable [] values)
    implements Serializable {

  static Partial of(GradientTask task, Answer answer, @Nullable Gradient sum) {
    return of(task.level(), task.index(), new ArrayList<>(List.of(answer)), sum);
  }

  static Partial of(int level, int index, ArrayList<Answer> answers, @Nullable Gradient sum) {
    return sum == null
        ? new Partial(level, index, answers, 0, null)
        : new Partial(level, index, answers, sum.nats(), Floats.bytes(sum.values()));
  }

  /** Returns the sum, if no answer is a failure. */
  Optional<Gradient> sum() {
    return Optional.ofNullable(values).map(bytes -> new Gradient(nats, Floats.values(bytes)));
  }

  /** Returns this as it travels. */
  byte[] bytes() {
    return Travelling.bytes(this, values == null ? 0 : values.length);
  }

  /** Returns this for some of the weights. */
  Partial part(int from, int to) {
    return of(level, index, answers, sum().map(all -> all.part(from, to)).orElse(null));
  }
}
