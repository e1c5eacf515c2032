package io.weft.internal.step;

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

  /** For each product that is not constant, its matrix with the bias. */
  final Kernels.@Nullable Matrix[] matrices;

  /** For each look-up that is not constant, its table. */
  final @Nullable Table[] tables;

  private BoundGroup(GroupProgram program) {
    this.program = program;
    tables = new Table[program.instructions().size()];
    constants = new float[program.instructions().size()][];
    matrices = new Kernels.Matrix[program.instructions().size()];
  }

  /** Returns a group that is never computed. */
  static BoundGroup idle(GroupProgram program) {
    return new BoundGroup(program);
  }

  static BoundGroup bind(GroupProgram program, Weights weights, Kernels kernels) {
    BoundGroup group = new BoundGroup(program);
    BitSet constant = program.constants();
    for (int i = 0; i < program.instructions().size(); i++) {
      Instruction instruction = program.instructions().get(i);
      if (constant.get(i)) {
        group.constants[i] = group.evaluate(instruction, weights, kernels);
      } else if (instruction instanceof Instruction.Product product) {
        group.matrices[i] = group.pack(product, weights, kernels);
      } else if (instruction instanceof Instruction.LookupStep lookup) {
        group.tables[i] = Table.of(lookup, weights);
      }
    }
    return group;
  }

  /**
   * Returns whether a constant is used as a block of rows: by anything but as factors or a bias.
   */
  boolean inEveryRow(int constant) {
    if (constant == constants.length - 1) {
      return true;
    }
    for (int i = constant + 1; i < constants.length; i++) {
      Instruction user = program.instructions().get(i);
      boolean onceForAll =
          user instanceof Instruction.Product product
              && product.runs().stream().noneMatch(r -> r.value() == constant);
      if (constants[i] == null && !onceForAll && user.uses().anyMatch(u -> u == constant)) {
        return true;
      }
    }
    return false;
  }

  private Kernels.Matrix pack(Instruction.Product product, Weights weights, Kernels kernels) {
    float[] values = weights.values(product.parameter());
    Connectivity connectivity = product.connectivity();
    float[] factors = constant(product.factors());
    float[][] packed = new float[product.rows().size()][product.columns().size()];
    for (int r = 0; r < packed.length; r++) {
      int row = product.rows().get(r);
      for (int c = 0; c < packed[r].length; c++) {
        int column = product.columns().get(c);
        if (connectivity.connected(row, column)) {
          float value = values[row * connectivity.columns() + column];
          packed[r][c] = factors == null ? value : value * factors[c];
        }
      }
    }
    return kernels.pack(packed, product.width(), constant(product.bias()));
  }

  private float @Nullable [] constant(int instruction) {
    return instruction == Instruction.Product.NONE ? null : constants[instruction];
  }

  private float[] evaluate(Instruction instruction, Weights weights, Kernels kernels) {
    float[] result = instruction.match(new Evaluation(weights, kernels));
    return Arrays.copyOf(result, instruction.width());
  }

  /** The row that each kind of instruction gives where it depends on parameters only. */
  private final class Evaluation implements Instruction.Cases<float[]> {
    private final Weights weights;
    private final Kernels kernels;

    Evaluation(Weights weights, Kernels kernels) {
      this.weights = weights;
      this.kernels = kernels;
    }

    @Override
    public float[] parameter(Instruction.Parameter parameter) {
      float[] values = weights.values(parameter.parameter());
      float[] result = row(parameter);
      for (int c = 0; c < parameter.width(); c++) {
        result[c] = values[parameter.columns().get(c)];
      }
      return result;
    }

    @Override
    public float[] columnNorms(Instruction.ColumnNorms norms) {
      float[] values = weights.values(norms.parameter());
      Connectivity connectivity = norms.connectivity();
      float[] result = row(norms);
      for (int c = 0; c < norms.width(); c++) {
        int column = norms.columns().get(c);
        double sum = 0;
        for (int row = 0; row < connectivity.rows(); row++) {
          if (connectivity.connected(row, column)) {
            double value = values[row * connectivity.columns() + column];
            sum += value * value;
          }
        }
        result[c] = (float) Math.sqrt(sum);
      }
      return result;
    }

    @Override
    public float[] numbers(Instruction.Numbers numbers) {
      float[] result = row(numbers);
      for (int c = 0; c < numbers.width(); c++) {
        result[c] = numbers.values().get(c);
      }
      return result;
    }

    @Override
    public float[] copy(Instruction.Copy copy) {
      return gathered(copy.runs(), row(copy));
    }

    @Override
    public float[] product(Instruction.Product product) {
      int depth = product.rows().size();
      float[] input = gathered(product.runs(), new float[depth]);
      Kernels.Matrix matrix = pack(product, weights, kernels);
      float[] result = row(product);
      kernels.multiply(matrix, input, 0, depth, 1, result, 0, kernels.scratch(product.width()));
      return result;
    }

    @Override
    public float[] lookup(Instruction.LookupStep lookup) {
      float[] result = row(lookup);
      Table.of(lookup, weights).copyRow(gathered(lookup.runs(), new float[1])[0], result, 0);
      return result;
    }

    @Override
    public float[] unary(Instruction.UnaryStep unary) {
      float[] result = row(unary);
      kernels.unary(unary.function(), withMargin(unary.operand()), result, unary.width());
      return result;
    }

    @Override
    public float[] mean(Instruction.MeanStep mean) {
      float[] result = row(mean);
      Rows row = new Rows(constants[mean.operand()], 0, mean.count());
      RowMeans.of(row, mean.count(), 1, result, mean.width());
      return result;
    }

    @Override
    public float[] binary(Instruction.BinaryStep binary) {
      float[] result = row(binary);
      float[] left = withMargin(binary.left());
      float[] right = withMargin(binary.right());
      kernels.binary(binary.function(), left, right, result, binary.width());
      return result;
    }

    @Override
    public float[] attend(Instruction.Attend attend) {
      throw new IllegalStateException("depends on what has been drawn: " + attend);
    }

    private float[] row(Instruction instruction) {
      return new float[instruction.width() + Kernels.MARGIN];
    }

    private float[] withMargin(int constant) {
      return Arrays.copyOf(constants[constant], constants[constant].length + Kernels.MARGIN);
    }

    private float[] gathered(List<MapRun> runs, float[] into) {
      int at = 0;
      for (MapRun run : runs) {
        System.arraycopy(constants[run.value()], run.from(), into, at, run.length());
        at += run.length();
      }
      return into;
    }
  }
}
