package io.weft.internal.step;

import io.weft.expression.Expression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * An expression of one input, compiled to run on one row of values at a time: the logits of a
 * distribution of which no quicker way is known. Not for use by several threads at once.
 */
final class RowProgram implements Expression.Cases<float[]> {

  private final Kernels kernels;
  private final float[] input;
  private final float[] output;
  private final int width;
  private final IdentityHashMap<Expression, float[]> rows = new IdentityHashMap<>();
  private final List<Runnable> steps = new ArrayList<>();

  /**
   * Compiles an expression.
   *
   * @param inputs how many values it reads
   */
  RowProgram(Expression expression, int inputs, Kernels kernels) {
    this.kernels = kernels;
    this.width = expression.width();
    this.input = row(inputs);
    expression.visit(e -> rows.put(e, e.match(this)));
    this.output = rows.get(expression);
  }

  /**
   * Computes a row.
   *
   * @param from where the values are, from {@code offset} on
   * @param to takes the result
   */
  void run(float[] from, int offset, float[] to) {
    System.arraycopy(from, offset, input, 0, input.length - Kernels.MARGIN);
    for (Runnable step : steps) {
      step.run();
    }
    System.arraycopy(output, 0, to, 0, width);
  }

  @Override
  public float[] read(Expression.Read read) {
    return input;
  }

  @Override
  public float[] constant(Expression.Constant constant) {
    float[] row = row(constant.width());
    for (int i = 0; i < constant.width(); i++) {
      row[i] = constant.values().get(i);
    }
    return row;
  }

  @Override
  public float[] unary(Expression.UnaryCall call) {
    float[] x = rows.get(call.operand());
    float[] row = row(call.width());
    steps.add(() -> kernels.unary(call.function(), x, row, call.width()));
    return row;
  }

  @Override
  public float[] binary(Expression.BinaryCall call) {
    float[] x = rows.get(call.left());
    float[] y = rows.get(call.right());
    float[] row = row(call.width());
    int width = call.width();
    steps.add(() -> kernels.binary(call.function(), x, y, row, width));
    return row;
  }

  @Override
  public float[] concat(Expression.Concat concat) {
    float[] row = row(concat.width());
    int at = 0;
    List<Expression> operands = concat.operands();
    for (int i = 0; i < operands.size(); ) {
      Expression operand = operands.get(i);
      int end = i + 1;
      while (operand.width() == 1 && end < operands.size() && operands.get(end) == operand) {
        end++;
      }
      place(rows.get(operand), operand.width(), row, at, end - i);
      at += operand.width() * (end - i);
      i = end;
    }
    return row;
  }

  /** Copies values, or one value as often as it is repeated. */
  private void place(float[] x, int width, float[] row, int at, int times) {
    if (times == 1) {
      steps.add(() -> System.arraycopy(x, 0, row, at, width));
    } else {
      steps.add(() -> Arrays.fill(row, at, at + times, x[0]));
    }
  }

  @Override
  public float[] slice(Expression.Slice slice) {
    float[] x = rows.get(slice.operand());
    float[] row = row(slice.width());
    steps.add(() -> System.arraycopy(x, slice.from(), row, 0, slice.width()));
    return row;
  }

  @Override
  public float[] mean(Expression.Mean mean) {
    float[] x = rows.get(mean.operand());
    float[] row = row(mean.width());
    int groups = mean.groups();
    steps.add(
        () -> {
          for (int g = 0; g < groups; g++) {
            float sum = 0;
            for (int i = g; i < mean.width(); i += groups) {
              sum += x[i];
            }
            for (int i = g; i < mean.width(); i += groups) {
              row[i] = sum * groups / mean.width();
            }
          }
        });
    return row;
  }

  @Override
  public float[] vector(Expression.Vector vector) {
    throw noParameters(vector.parameter().name());
  }

  @Override
  public float[] columnNorms(Expression.ColumnNorms norms) {
    throw noParameters(norms.parameter().name());
  }

  @Override
  public float[] product(Expression.Product product) {
    throw noParameters(product.parameter().name());
  }

  @Override
  public float[] lookup(Expression.Lookup lookup) {
    throw noParameters(lookup.table().name());
  }

  @Override
  public float[] attention(Expression.Attention attention) {
    throw new IllegalArgumentException("a row program has one position, and attends to no others");
  }

  private static IllegalArgumentException noParameters(String name) {
    return new IllegalArgumentException(
        "a row program has no weights, but the expression uses parameter \"" + name + "\"");
  }

  private static float[] row(int width) {
    return new float[width + Kernels.MARGIN];
  }
}
