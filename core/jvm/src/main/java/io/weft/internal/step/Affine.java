package io.weft.internal.step;

import io.weft.expression.Binary;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Three instructions that are computed in one loop: (x - less) times + plus, where all but x is the
 * same in every row. So is every batch normalisation.
 *
 * @param x the number of the instruction that gives x
 * @param less of the one that gives what is subtracted
 * @param times of the one that gives the factors
 * @param plus of the one that gives what is added
 * @param difference of the one that subtracts
 * @param product of the one that multiplies
 */
record Affine(int x, int less, int times, int plus, int difference, int product) {

  /** Returns for each instruction of a group the three that end in it, if they do. */
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
    return Arrays.stream(all)
        .filter(Objects::nonNull)
        .anyMatch(a -> a.difference == index || a.product == index);
  }

  private static @Nullable Affine endingIn(BoundGroup group, int index, int[] users) {
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
        product.left(),
        sum.left());
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
