package io.weft.testing;

import io.weft.define.Definition;
import io.weft.distribution.Distribution;
import io.weft.expression.Attended;
import io.weft.expression.Expression;
import io.weft.expression.Parameter;
import io.weft.expression.PositionMap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.HashMap;
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
    float[] parameters = new float[ValueDistribution.of(distribution, image, channel).parameters()];
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
      Own own = new Own(applied, values, new double[result.length][]);
      for (int q = 0; q < result.length; q++) {
        result[q] = own.at(q);
      }
    }
    return result;
  }

  /** A layer's output, each position computed when somebody first asks for it. */
  private final class Own {
    private final Node.Applied node;
    private final double[][][] values;
    private final double[][] known;

    Own(Node.Applied node, double[][][] values, double[][] known) {
      this.node = node;
      this.values = values;
      this.known = known;
    }

    double[] at(int q) {
      if (known[q] == null) {
        known[q] = new Position(node, q, values, this).of(node.expression());
      }
      return known[q];
    }
  }

  private final class Position extends ReferenceExpression {
    private final Node.Applied node;
    private final int row;
    private final int column;
    private final double[][][] values;
    private final Own own;

    Position(Node.Applied node, int q, double[][][] values, Own own) {
      this.own = own;
      this.node = node;
      this.row = q / node.shape().width();
      this.column = q % node.shape().width();
      this.values = values;
    }

    @Override
    public double[] read(Expression.Read read) {
      int source = read.tap().source(row, column);
      if (source == PositionMap.NONE) {
        return new double[read.width()];
      }
      return read.tap().isOwn()
          ? own.at(source)
          : values[node.inputs().get(read.tap().input())][source];
    }

    @Override
    protected List<double[]> attended(Attended attended) {
      List<double[]> rows = new ArrayList<>();
      double[][] input = values[node.inputs().get(attended.tap().input())];
      attended.tap().positions().each(row, column, q -> rows.add(input[q]));
      return rows;
    }

    @Override
    protected float[] parameter(Parameter parameter) {
      return weights.get(node.fullName(parameter));
    }
  }
}
