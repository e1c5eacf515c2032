package io.weft.internal.tensorflow;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.lower.Phase;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The start of parameters that depends on data: {@link Initializer.OutputDeviation} and {@link
 * Initializer.OutputMean} (Salimans and Kingma 2016, section 3). In the order of the graph each
 * layer's output is measured, under what the layers before it have become; all in one pass.
 *
 * <p>Measured is the function that scores and samples: dropout drops nothing. Maps that are the
 * same for all examples and positions are centred but not scaled.
 */
public final class DataInitialisation {

  /** A smaller variance is that of rounding. */
  private static final float LEAST_VARIANCE = 1e-12f;

  private final Weights weights;
  private final Variables variables;
  private final Map<String, Operand<TFloat32>> found = new LinkedHashMap<>();

  private DataInitialisation(Weights weights, Variables variables) {
    this.weights = weights;
    this.variables = variables;
  }

  /**
   * Returns weights in which the parameters that start so, and still are where {@link
   * Weights#initial} puts them, are measured.
   *
   * @param indices the examples to measure on
   */
  public static Weights of(
      Definition definition,
      Weights weights,
      TensorFlowEngine engine,
      Examples examples,
      int[] indices) {
    boolean none =
        weights.names().stream().allMatch(n -> weights.parameter(n).initializer().isKnown());
    if (none) {
      return weights;
    }
    LayerGraph layers = definition.graph();
    try (NativeGraph graph = engine.open(layers)) {
      Ops tf = graph.ops();
      ImageFeed feed = new ImageFeed(tf, layers);
      Variables variables = new Variables(tf, "weights", layers.parameters(), p -> true);
      DataInitialisation start = new DataInitialisation(weights, variables);
      new GraphLowering<>(
          layers,
          tf,
          TFloat32.class,
          Phase.INFERENCE,
          new GraphLowering.Feeds<>(
              feed.scaled(tf, TFloat32.class),
              feed.features(tf, TFloat32.class),
              tf.constant(new long[2])),
          variables.values(),
          OrderChoice.only(layers.order()),
          start::adjust);
      return graph.use(session -> start.run(definition, session, feed, examples, indices));
    }
  }

  private Weights run(
      Definition definition, Session session, ImageFeed feed, Examples examples, int[] indices) {
    if (found.isEmpty()) {
      return weights;
    }
    Map<String, float[]> arrays = Variables.arrays(weights);
    variables.assign(session, arrays);
    try (BatchTensors batch =
        BatchTensors.of(Batch.of(examples, definition.conditions(), indices))) {
      Session.Runner runner = batch.feed(session.runner(), feed);
      found.values().forEach(runner::fetch);
      try (var result = runner.run()) {
        int at = 0;
        for (String name : found.keySet()) {
          arrays.put(name, Variables.floats(result.get(at++)));
        }
      }
    }
    return Weights.of(definition, arrays);
  }

  private Operand<TFloat32> adjust(Node.Applied node, Ops tf, Operand<TFloat32> output) {
    List<Parameter> scales = fresh(node, Initializer.OutputDeviation.class);
    List<Parameter> biases = fresh(node, Initializer.OutputMean.class);
    if (scales.isEmpty() && biases.isEmpty()) {
      return output;
    }
    Operand<TInt32> axes = tf.constant(new int[] {0, 1, 2});
    Operand<TFloat32> mean = tf.math.mean(output, axes, Mean.keepDims(true));
    Operand<TFloat32> centred = tf.math.sub(output, mean);
    Operand<TFloat32> adjusted = biases.isEmpty() ? output : centred;
    Operand<TFloat32> factor = tf.constant(1f);
    if (!scales.isEmpty()) {
      var target = (Initializer.OutputDeviation) scales.get(0).initializer();
      factor = factor(tf, tf.math.mean(tf.math.square(centred), axes), target);
      adjusted = tf.math.mul(adjusted, factor);
    }
    for (Parameter scale : scales) {
      put(node, scale, tf.math.mul(variables.value(node.fullName(scale)), factor));
    }
    for (Parameter bias : biases) {
      Operand<TFloat32> flat = tf.reshape(mean, tf.constant(new int[] {bias.size()}));
      put(node, bias, tf.math.neg(tf.math.mul(flat, factor)));
    }
    return adjusted;
  }

  private static Operand<TFloat32> factor(
      Ops tf, Operand<TFloat32> variance, Initializer.OutputDeviation target) {
    Operand<TFloat32> least = tf.constant(LEAST_VARIANCE);
    Operand<TFloat32> scaled =
        tf.math.mul(
            tf.math.rsqrt(tf.math.maximum(variance, least)), tf.constant((float) target.target()));
    return tf.select(tf.math.greater(variance, least), scaled, tf.onesLike(variance));
  }

  private void put(Node.Applied node, Parameter parameter, Operand<TFloat32> value) {
    found.put(node.fullName(parameter), value);
  }

  /** The parameters of a node that start so and have not left their start. */
  private List<Parameter> fresh(Node.Applied node, Class<? extends Initializer> start) {
    List<Parameter> fresh = new ArrayList<>();
    for (Parameter parameter : node.parameters()) {
      if (start.isInstance(parameter.initializer())
          && weights.isInitial(node.fullName(parameter))) {
        fresh.add(parameter);
      }
    }
    return fresh;
  }
}
