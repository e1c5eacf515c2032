package io.weft.internal.tensorflow;

import io.weft.expression.Expression;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The operands of an expression that its slices cut into equal parts, all of which are used, as a
 * gate does. One Split serves them all, and its gradient is one Concat, where each Slice's would be
 * a copy of the whole operand, zero but for that part, and a sum of these copies.
 */
final class EvenSplits {

  private final IdentityHashMap<Expression, Integer> parts = new IdentityHashMap<>();

  private EvenSplits() {}

  /** Returns no splits. */
  static EvenSplits none() {
    return new EvenSplits();
  }

  /** Returns those within {@code root}. */
  static EvenSplits of(Expression root) {
    IdentityHashMap<Expression, List<Expression.Slice>> slices = new IdentityHashMap<>();
    root.visit(
        e -> {
          if (e instanceof Expression.Slice slice) {
            slices.computeIfAbsent(slice.operand(), o -> new ArrayList<>()).add(slice);
          }
        });
    EvenSplits splits = new EvenSplits();
    slices.forEach(
        (operand, cuts) -> {
          int width = cuts.get(0).width();
          boolean even =
              operand.width() % width == 0
                  && cuts.stream().allMatch(c -> c.width() == width && c.from() % width == 0);
          long used = cuts.stream().mapToInt(Expression.Slice::from).distinct().count();
          if (even && used == operand.width() / width) {
            splits.parts.put(operand, operand.width() / width);
          }
        });
    return splits;
  }

  /** Returns into how many parts {@code operand} is split, 0 if it is not. */
  int parts(Expression operand) {
    return parts.getOrDefault(operand, 0);
  }
}
