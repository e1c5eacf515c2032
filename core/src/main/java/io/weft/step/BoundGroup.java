package io.weft.step;

import io.weft.expression.Connectivity;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group's program with its weights: matrices packed to the rows and columns in use, and whatever
 * depends on parameters only computed once.
 */
final class BoundGroup {

  final GroupProgram program;

  /** For each instruction that is one, the row that it gives everywhere. */
  final float[] @Nullable [] constants;

  /** For each product that is not constant, its matrix, an array for each row. */
  final float[] @Nullable [][] matrices;

  private BoundGroup(GroupProgram program) {
    this.program = program;
    constants = new float[program.instructions().size()][];
    matrices = new float[program.instructions().size()][][];
  }

  /** Returns a group that is never computed. */
  static BoundGroup idle(GroupProgram program) {
    return new BoundGroup(program);
  }

  static BoundGroup bind(GroupProgram program, Weights weights) {
    BoundGroup group = new BoundGroup(program);
    BitSet constant = program.constants();
    for (int i = 0; i < program.instructions().size(); i++) {
      Instruction instruction = program.instructions().get(i);
      if (constant.get(i)) {
        group.constants[i] = group.evaluate(instruction, weights);
      } else if (instruction instanceof Instruction.Product product) {
        group.matrices[i] = pack(product, weights);
      }
    }
    return group;
  }

  /** Returns whether a constant is used as a block of rows: by anything but as a bias. */
  boolean inEveryRow(int constant) {
    if (constant == constants.length - 1) {
      return true;
    }
    for (int i = constant + 1; i < constants.length; i++) {
      Instruction user = program.instructions().get(i);
      boolean bias =
          user instanceof Instruction.Product product
              && product.bias() == constant
              && product.runs().stream().noneMatch(r -> r.value() == constant);
      if (constants[i] == null && !bias && user.uses().anyMatch(u -> u == constant)) {
        return true;
      }
    }
    return false;
  }

  private static float[][] pack(Instruction.Product product, Weights weights) {
    float[] values = weights.values(product.parameter());
    Connectivity connectivity = product.connectivity();
    float[][] packed = new float[product.rows().size()][product.columns().size()];
    for (int r = 0; r < packed.length; r++) {
      int row = product.rows().get(r);
      for (int c = 0; c < packed[r].length; c++) {
        int column = product.columns().get(c);
        if (connectivity.connected(row, column)) {
          packed[r][c] = values[row * connectivity.columns() + column];
        }
      }
    }
    return packed;
  }

  private float[] evaluate(Instruction instruction, Weights weights) {
    float[] result = new float[instruction.width()];
    if (instruction instanceof Instruction.Parameter parameter) {
      float[] values = weights.values(parameter.parameter());
      for (int c = 0; c < result.length; c++) {
        result[c] = values[parameter.columns().get(c)];
      }
    } else if (instruction instanceof Instruction.Fill fill) {
      Arrays.fill(result, fill.number());
    } else if (instruction instanceof Instruction.Copy copy) {
      gather(copy.runs(), result);
    } else if (instruction instanceof Instruction.Product product) {
      float[] input = new float[product.rows().size()];
      gather(product.runs(), input);
      float[][] matrix = pack(product, weights);
      if (product.bias() != Instruction.Product.NO_BIAS) {
        result = constants[product.bias()].clone();
      }
      for (int r = 0; r < input.length; r++) {
        Kernels.add1(result, input[r], matrix[r], result.length);
      }
    } else if (instruction instanceof Instruction.UnaryStep unary) {
      Kernels.unary(unary.function(), constants[unary.operand()], result, result.length);
    } else if (instruction instanceof Instruction.BinaryStep binary) {
      Kernels.binary(
          binary.function(),
          constants[binary.left()],
          constants[binary.right()],
          result,
          result.length);
    }
    return result;
  }

  private void gather(List<Run> runs, float[] into) {
    int at = 0;
    for (Run run : runs) {
      System.arraycopy(constants[run.value()], run.from(), into, at, run.length());
      at += run.length();
    }
  }
}
