package io.weft.spark;

import io.weft.engine.Gradient;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum of a node of a step's tree, of all weights or of a slice of them, with the answers of
 * those who computed it.
 *
 * @param level the level of the node
 * @param index the number of the node among those of its level, or that of the slice
 * @param answers at least one
 * @param sum none where an answer is a failure
 */
record Partial(int level, int index, ArrayList<Answer> answers, @Nullable Gradient sum)
    implements Serializable {

  static Partial of(GradientTask task, Answer answer, @Nullable Gradient sum) {
    return new Partial(task.level(), task.index(), new ArrayList<>(List.of(answer)), sum);
  }

  /** Returns this for some of the weights. */
  Partial part(int from, int to) {
    return new Partial(level, index, answers, sum == null ? null : sum.part(from, to));
  }
}
