package io.weft.spark;

import io.weft.engine.Gradient;
import java.io.Serializable;
import java.nio.ByteBuffer;
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
 * @param sum none where an answer is a failure
 */
record Partial(int level, int index, List<Answer> answers, Optional<Gradient> sum) {

  /** All but the numbers; of those how many there are. */
  private record Head(
      int level, int index, ArrayList<Answer> answers, @Nullable Double nats, int count)
      implements Serializable {}

  static Partial of(GradientTask task, Answer answer, Optional<Gradient> sum) {
    return new Partial(task.level(), task.index(), List.of(answer), sum);
  }

  /**
   * Returns this as it travels: all numbers are copied once, to their place, for an array of
   * millions of them takes longer to make than to fill.
   */
  byte[] bytes() {
    float[] values = sum.map(Gradient::values).orElse(new float[0]);
    byte[] head =
        Travelling.bytes(
            new Head(
                level,
                index,
                new ArrayList<>(answers),
                sum.map(Gradient::nats).orElse(null),
                values.length));
    ByteBuffer all = ByteBuffer.allocate(Integer.BYTES + head.length + Floats.size(values.length));
    Floats.put(values, all.putInt(head.length).put(head));
    return all.array();
  }

  /** Returns what bytes say. */
  static Partial of(byte[] bytes) {
    ByteBuffer all = ByteBuffer.wrap(bytes);
    byte[] first = new byte[all.getInt()];
    all.get(first);
    Head head = Travelling.value(first, Head.class);
    return new Partial(
        head.level,
        head.index,
        head.answers,
        Optional.ofNullable(head.nats)
            .map(nats -> new Gradient(nats, Floats.values(all, head.count))));
  }

  /** Returns this for some of the weights. */
  Partial part(int from, int to) {
    return new Partial(level, index, answers, sum.map(all -> all.part(from, to)));
  }
}
