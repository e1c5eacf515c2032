package io.weft.internal.tensorflow;

import io.weft.expression.Expression;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The operands of an expression that its slices cut into parts without a gap or an overlap, as a
 * gate does. One Split serves them all, and its gradient is one Concat, where each Slice's would be
 * a copy of the whole operand, zero but for that part, and a sum of these copies.
 */
final class Splits {

  /** For each such operand where its parts begin, from 0 on, and where the last one ends. */
  private final IdentityHashMap<Expression, List<Integer>> bounds = new IdentityHashMap<>();

  private Splits() {}

  /** Returns no splits. */
  static Splits none() {
    return new Splits();
  }

  /** Returns those within {@code root}. */
  static Splits of(Expression root) {
    IdentityHashMap<Expression, List<Expression.Slice>> slices = new IdentityHashMap<>();
    root.visit(
        e -> {
          if (e instanceof Expression.Slice slice) {
            slices.computeIfAbsent(slice.operand(), o -> new ArrayList<>()).add(slice);
          }
        });
    Splits splits = new Splits();
    slices.forEach((operand, cuts) -> splits.consider(operand, cuts));
    return splits;
  }

  private void consider(Expression operand, List<Expression.Slice> slices) {
    List<Integer> found = new ArrayList<>(List.of(0));
    for (Cut cut : slices.stream().map(Cut::of).distinct().sorted(Cut.FROM_THE_FIRST).toList()) {
      if (cut.from() != found.get(found.size() - 1)) {
        return;
      }
      found.add(cut.from() + cut.width());
    }
    if (found.get(found.size() - 1) == operand.width()) {
      bounds.put(operand, found);
    }
  }

  /** What a slice takes of its operand. */
  private record Cut(int from, int width) {
    static final Comparator<Cut> FROM_THE_FIRST = Comparator.comparingInt(Cut::from);

    static Cut of(Expression.Slice slice) {
      return new Cut(slice.from(), slice.width());
    }
  }

  /** Returns how wide the parts of {@code operand} are, first to last; none if it is not split. */
  int[] widths(Expression operand) {
    List<Integer> found = bounds.getOrDefault(operand, List.of(0));
    int[] widths = new int[found.size() - 1];
    for (int part = 0; part < widths.length; part++) {
      widths[part] = found.get(part + 1) - found.get(part);
    }
    return widths;
  }

  /** Returns which part of its operand, which is split, a slice is. */
  int part(Expression.Slice slice) {
    return bounds.get(slice.operand()).indexOf(slice.from());
  }
}
