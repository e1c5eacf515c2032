package io.weft.testing;

import io.weft.define.Definition;
import io.weft.expression.Connectivity;
import io.weft.expression.Expression;
import io.weft.expression.Parameter;
import io.weft.expression.PositionMap;
import io.weft.graph.ConditionValues;
import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The network as plainly as it can be written: every expression at every position of a complete
 * image, in double precision. What every fast way is compared with.
 */
public final class ReferenceNetwork {

  private final Definition definition;
  private final Map<String, float[]> weights = new HashMap<>();

  public ReferenceNetwork(Definition definition, Weights weights) {
    this.definition = definition;
    weights.names().forEach(name -> this.weights.put(name, weights.values(name)));
  }

  /**
   * Returns the output maps, [position][map].
   *
   * @param levels a complete image, row-major, channel last
   */
  public double[][] output(int[] levels, ConditionValues conditions) {
    LayerGraph graph = definition.graph();
    double[][][] values = new double[graph.nodes().size()][][];
    boolean[] live = graph.live();
    for (int n = 0; n < values.length; n++) {
      if (!live[n]) {
        continue;
      }
      values[n] = node(graph.nodes().get(n), levels, conditions, values);
    }
    return values[graph.output()];
  }

  /** Returns the parameters of one value's distribution, taken from {@link #output}. */
  public float[] parameters(double[][] output, int[] levels, int position, int channel) {
    ImageSpec image = definition.image();
    Distribution distribution = definition.distribution();
    float[] parameters = new float[distribution.parameters(image, channel)];
    int at = 0;
    for (int m = 0; m < output[position].length; m++) {
      if (distribution.describes(image, channel, m)) {
        parameters[at++] = (float) output[position][m];
      }
    }
    for (int c = 0; at < parameters.length; c++) {
      parameters[at++] = image.scaled(levels[position * image.channels() + c]);
    }
    return parameters;
  }

  private double[][] node(
      Node node, int[] levels, ConditionValues conditions, double[][][] values) {
    double[][] result = new double[node.shape().positions()][node.shape().maps()];
    if (node instanceof Node.Image) {
      for (int i = 0; i < levels.length; i++) {
        int channels = node.shape().maps();
        result[i / channels][i % channels] = definition.image().scaled(levels[i]);
      }
    } else if (node instanceof Node.Given given) {
      float[] feature = conditions.feature(given.condition());
      for (int i = 0; i < feature.length; i++) {
        result[i / node.shape().maps()][i % node.shape().maps()] = feature[i];
      }
    } else if (node instanceof Node.Applied applied) {
      for (int q = 0; q < result.length; q++) {
        result[q] = new Position(applied, q, values).of(applied.expression());
      }
    }
    return result;
  }

  private final class Position {
    private final Node.Applied node;
    private final int row;
    private final int column;
    private final double[][][] values;
    private final IdentityHashMap<Expression, double[]> known = new IdentityHashMap<>();

    Position(Node.Applied node, int q, double[][][] values) {
      this.node = node;
      this.row = q / node.shape().width();
      this.column = q % node.shape().width();
      this.values = values;
    }

    double[] of(Expression e) {
      double[] value = known.get(e);
      if (value == null) {
        value = compute(e);
        known.put(e, value);
      }
      return value;
    }

    private double[] compute(Expression e) {
      double[] result = new double[e.width()];
      if (e instanceof Expression.Read read) {
        int source = read.tap().positions().source(row, column);
        return source == PositionMap.NONE
            ? result
            : values[node.inputs().get(read.tap().input())][source];
      } else if (e instanceof Expression.Vector vector) {
        float[] numbers = parameter(vector.parameter());
        Arrays.setAll(result, i -> numbers[i]);
      } else if (e instanceof Expression.ColumnNorms norms) {
        norms(norms, result);
      } else if (e instanceof Expression.Constant constant) {
        Arrays.fill(result, constant.value());
      } else if (e instanceof Expression.UnaryCall call) {
        double[] x = of(call.operand());
        Arrays.setAll(result, i -> call.function().apply(x[i]));
      } else if (e instanceof Expression.BinaryCall call) {
        double[] x = of(call.left());
        double[] y = of(call.right());
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
      } else if (e instanceof Expression.Mean mean) {
        double[] x = of(mean.operand());
        for (int i = 0; i < x.length; i++) {
          for (int j = i % mean.groups(); j < x.length; j += mean.groups()) {
            result[i] += x[j] * mean.groups() / x.length;
          }
        }
      } else if (e instanceof Expression.Slice slice) {
        return Arrays.copyOfRange(of(slice.operand()), slice.from(), slice.from() + slice.width());
      } else if (e instanceof Expression.Concat concat) {
        List<double[]> parts = concat.operands().stream().map(this::of).toList();
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
      } else if (e instanceof Expression.Product product) {
        product(product, result);
      }
      return result;
    }

    private void product(Expression.Product product, double[] result) {
      double[] x = of(product.operand());
      float[] matrix = parameter(product.parameter());
      Connectivity connectivity = product.connectivity();
      for (int o = 0; o < result.length; o++) {
        for (int i = 0; i < x.length; i++) {
          if (connectivity.connected(i, o)) {
            result[o] += x[i] * matrix[i * result.length + o];
          }
        }
      }
    }

    private void norms(Expression.ColumnNorms norms, double[] result) {
      float[] matrix = parameter(norms.parameter());
      for (int i = 0; i < matrix.length; i++) {
        int column = i % result.length;
        if (norms.connectivity().connected(i / result.length, column)) {
          result[column] += (double) matrix[i] * matrix[i];
        }
      }
      Arrays.setAll(result, c -> Math.sqrt(result[c]));
    }

    private float[] parameter(Parameter parameter) {
      return weights.get(node.fullName(parameter));
    }
  }
}
