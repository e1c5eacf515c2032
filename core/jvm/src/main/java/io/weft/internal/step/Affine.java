package io.weft.internal.step;

import io.weft.expression.Binary;
import io.weft.expression.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Three instructions that are computed in one loop: (x - less) times + plus, where all but x is the
 * same in every row. So is every batch normalisation; and with it, as a fourth, its ReLU.
 *
 * @param x the number of the instruction that gives x
 * @param less of the one that gives what is subtracted
 * @param times of the one that gives the factors
 * @param plus of the one that gives what is added
 * @param inner of those that are computed on the way to the last one
 */
record Affine(int x, int less, int times, int plus, List<Integer> inner) {

  /** Returns for each instruction of a group those that end in it, if they do. */
  static @Nullable Affine[] of(BoundGroup group) {
    List<Instruction> instructions = group.program.instructions();
    int[] users = new int[instructions.size()];
    instructions.forEach(i -> i.uses().forEach(u -> users[u]++));
    @Nullable Affine[] found = new Affine[instructions.size()];
    Arrays.setAll(found, i -> endingIn(group, i, users));
    return found;
  }

  /** Returns whether an instruction is computed as part of another one. */
  static boolean isInner(@Nullable Affine[] all, int index) {
    return Arrays.stream(all).filter(Objects::nonNull).anyMatch(a -> a.inner.contains(index));
  }

  /** Returns whether a ReLU is the last one. */
  boolean isRectified() {
    return inner.size() == 3;
  }

  private static @Nullable Affine endingIn(BoundGroup group, int index, int[] users) {
    if (group.constants[index] != null
        || !(group.program.instructions().get(index) instanceof Instruction.UnaryStep step)
        || step.function() != Unary.RELU
        || users[step.operand()] != 1) {
      return sum(group, index, users);
    }
    Affine sum = sum(group, step.operand(), users);
    if (sum == null) {
      return null;
    }
    var inner = List.of(sum.inner.get(0), sum.inner.get(1), step.operand());
    return new Affine(sum.x, sum.less, sum.times, sum.plus, inner);
  }

  private static @Nullable Affine sum(BoundGroup group, int index, int[] users) {
    Instruction.BinaryStep sum = byConstant(group, index, Binary.ADD);
    if (sum == null || users[sum.left()] != 1) {
      return null;
    }
    Instruction.BinaryStep product = byConstant(group, sum.left(), Binary.MULTIPLY);
    if (product == null || users[product.left()] != 1) {
      return null;
    }
    Instruction.BinaryStep difference = byConstant(group, product.left(), Binary.SUBTRACT);
    if (difference == null) {
      return null;
    }
    return new Affine(
        difference.left(),
        difference.right(),
        product.right(),
        sum.right(),
        List.of(product.left(), sum.left()));
  }

  private static Instruction.@Nullable BinaryStep byConstant(
      BoundGroup group, int index, Binary function) {
    return group.constants[index] == null
            && group.program.instructions().get(index) instanceof Instruction.BinaryStep step
            && step.function() == function
            && group.constants[step.left()] == null
            && group.constants[step.right()] != null
        ? step
        : null;
  }
}
