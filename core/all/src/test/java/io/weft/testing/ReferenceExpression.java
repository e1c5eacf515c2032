package io.weft.testing;

import io.weft.expression.Attended;
import io.weft.expression.Connectivity;
import io.weft.expression.Expression;
import io.weft.expression.Parameter;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/** The expression language at one position as plainly as it can be written, in double precision. */
public abstract class ReferenceExpression implements Expression.Cases<double[]> {

  private final IdentityHashMap<Expression, double[]> known = new IdentityHashMap<>();

  /** Returns an expression of one input whose values are given. */
  public static double[] of(Expression expression, double[] input) {
    return new ReferenceExpression() {
      @Override
      public double[] read(Expression.Read read) {
        return input;
      }

      @Override
      protected float[] parameter(Parameter parameter) {
        throw new AssertionError("no parameters here, found " + parameter);
      }
    }.of(expression);
  }

  /** Returns the values of a parameter. */
  protected abstract float[] parameter(Parameter parameter);

  public final double[] of(Expression e) {
    double[] value = known.get(e);
    if (value == null) {
      value = e.match(this);
      known.put(e, value);
    }
    return value;
  }

  @Override
  public double[] vector(Expression.Vector vector) {
    float[] numbers = parameter(vector.parameter());
    double[] result = new double[vector.width()];
    Arrays.setAll(result, i -> numbers[i]);
    return result;
  }

  @Override
  public double[] columnNorms(Expression.ColumnNorms norms) {
    float[] matrix = parameter(norms.parameter());
    double[] result = new double[norms.width()];
    for (int i = 0; i < matrix.length; i++) {
      int column = i % result.length;
      if (norms.connectivity().connected(i / result.length, column)) {
        result[column] += (double) matrix[i] * matrix[i];
      }
    }
    Arrays.setAll(result, c -> Math.sqrt(result[c]));
    return result;
  }

  @Override
  public double[] constant(Expression.Constant constant) {
    return constant.values().stream().mapToDouble(v -> v).toArray();
  }

  @Override
  public double[] product(Expression.Product product) {
    double[] x = of(product.operand());
    float[] matrix = parameter(product.parameter());
    Connectivity connectivity = product.connectivity();
    double[] result = new double[product.width()];
    for (int o = 0; o < result.length; o++) {
      for (int i = 0; i < x.length; i++) {
        if (connectivity.connected(i, o)) {
          result[o] += x[i] * matrix[i * result.length + o];
        }
      }
    }
    return result;
  }

  @Override
  public double[] lookup(Expression.Lookup lookup) {
    double[] x = of(lookup.operand());
    float[] table = parameter(lookup.table());
    int maps = lookup.table().columns();
    double[] result = new double[lookup.width()];
    for (int c = 0; c < x.length; c++) {
      long level = Math.round((x[c] + 1) / 2 * (lookup.levels() - 1));
      int row = c * lookup.levels() + (int) Math.max(0, Math.min(lookup.levels() - 1, level));
      for (int m = 0; m < maps; m++) {
        result[m * x.length + c] = table[row * maps + m];
      }
    }
    return result;
  }

  @Override
  public double[] unary(Expression.UnaryCall call) {
    return Arrays.stream(of(call.operand())).map(call.function()::apply).toArray();
  }

  @Override
  public double[] binary(Expression.BinaryCall call) {
    double[] x = of(call.left());
    double[] y = of(call.right());
    double[] result = new double[x.length];
    Arrays.setAll(
        result,
        i ->
            switch (call.function()) {
              case ADD -> x[i] + y[i];
              case SUBTRACT -> x[i] - y[i];
              case MULTIPLY -> x[i] * y[i];
              case DIVIDE -> x[i] / y[i];
              case MAXIMUM -> Math.max(x[i], y[i]);
              case MINIMUM -> Math.min(x[i], y[i]);
            });
    return result;
  }

  /** Returns a row of each attended position, in any order. */
  protected List<double[]> attended(Attended attended) {
    throw new AssertionError("no attention here, found " + attended);
  }

  @Override
  public double[] attention(Expression.Attention attention) {
    double[] query = of(attention.query());
    List<double[]> keys = attended(attention.keys());
    List<double[]> values = attended(attention.values());
    double[] result = new double[attention.width()];
    int depth = attention.keyWidth();
    int each = attention.valueWidth();
    for (int h = 0; h < attention.heads(); h++) {
      double[] weights = new double[keys.size()];
      double sum = 0;
      for (int j = 0; j < weights.length; j++) {
        double score = 0;
        for (int k = h * depth; k < (h + 1) * depth; k++) {
          score += query[k] * keys.get(j)[k];
        }
        weights[j] = Math.exp(score / Math.sqrt(depth));
        sum += weights[j];
      }
      for (int j = 0; j < weights.length; j++) {
        for (int v = h * each; v < (h + 1) * each; v++) {
          result[v] += weights[j] / sum * values.get(j)[v];
        }
      }
    }
    return result;
  }

  @Override
  public double[] concat(Expression.Concat concat) {
    List<double[]> parts = concat.operands().stream().map(this::of).toList();
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  @Override
  public double[] slice(Expression.Slice slice) {
    return Arrays.copyOfRange(of(slice.operand()), slice.from(), slice.from() + slice.width());
  }

  @Override
  public double[] mean(Expression.Mean mean) {
    double[] x = of(mean.operand());
    double[] result = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = i % mean.groups(); j < x.length; j += mean.groups()) {
        result[i] += x[j] * mean.groups() / x.length;
      }
    }
    return result;
  }
}
