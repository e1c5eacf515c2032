package io.weft.internal.tensorflow;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Scoring;
import io.weft.graph.LayerGraph;
import io.weft.lower.Phase;
import io.weft.order.GenerationOrder;
import io.weft.spec.Condition;
import io.weft.weight.Weights;
import java.util.List;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * A definition compiled for scoring: images and conditions in, log-likelihoods out. Calls from
 * several threads take turns where weights change, and run side by side otherwise.
 */
public final class ScoringProgram implements Scoring {

  private final List<Condition> conditions;
  private final NativeGraph graph;
  private final Variables variables;
  private final ImageFeed feed;
  private final OrderChoice choice;
  private final Operand<TFloat32> output;
  private final Operand<TFloat32> logLikelihoods;

  private ScoringProgram(Definition definition, List<GenerationOrder> orders, NativeGraph graph) {
    this.graph = graph;
    LayerGraph layers = definition.graph();
    conditions = definition.conditions();
    Ops tf = graph.ops();
    feed = new ImageFeed(tf, layers);
    choice = OrderChoice.of(tf, orders);
    variables = new Variables(tf, "weights", layers.parameters(), p -> true);
    Operand<TInt64> noKey = tf.constant(new long[2]);
    output =
        new GraphLowering<>(
                layers,
                tf,
                TFloat32.class,
                Phase.INFERENCE,
                new GraphLowering.Feeds<>(
                    feed.scaled(tf, TFloat32.class), feed.features(tf, TFloat32.class), noKey),
                variables.values(),
                choice)
            .output();
    logLikelihoods =
        WhereFinite.of(
            tf,
            output,
            DistributionForm.of(tf, TFloat32.class, definition.image(), definition.distribution())
                .logLikelihood(output, feed.integers(tf)));
  }

  /**
   * Compiles a definition for its own order and gives the program its weights.
   *
   * @throws io.weft.spec.DefinitionException if a layer's whole-image form fails
   */
  public static ScoringProgram of(Definition definition, Weights weights, TensorFlowEngine engine) {
    return of(definition, List.of(definition.order()), weights, engine);
  }

  /**
   * Compiles a definition for several orders, of which each call takes one.
   *
   * @param orders orders that the definition {@linkplain Definition#serving serves} together
   * @throws io.weft.spec.DefinitionException if a layer's whole-image form fails
   */
  public static ScoringProgram of(
      Definition definition,
      List<GenerationOrder> orders,
      Weights weights,
      TensorFlowEngine engine) {
    return CloseOnFailure.of(
        CloseOnFailure.of(
            engine.open(definition.graph()),
            graph -> new ScoringProgram(definition, orders, graph)),
        program -> {
          program.use(weights);
          return program;
        });
  }

  @Override
  public void use(Weights weights) {
    graph.run(session -> variables.assign(session, weights));
  }

  /**
   * Returns the log-likelihood of every colour value, [image, row, column, channel].
   *
   * @param indices which examples
   */
  public float[] logLikelihoods(Examples examples, int... indices) {
    return run(examples, 0, indices, logLikelihoods);
  }

  @Override
  public float[] logLikelihoods(Batch batch, int order) {
    return run(batch, Objects.checkIndex(order, choice.orders().size()), logLikelihoods);
  }

  /**
   * Returns the network's output, [image, row, column, map]: the reference that incremental
   * sampling must agree with.
   *
   * @param indices which examples
   */
  public float[] output(Examples examples, int... indices) {
    return run(examples, 0, indices, output);
  }

  private float[] run(Examples examples, int order, int[] indices, Operand<TFloat32> fetched) {
    return run(Batch.of(examples, conditions, indices), order, fetched);
  }

  private float[] run(Batch batch, int order, Operand<TFloat32> fetched) {
    return graph.use(
        session -> {
          try (TInt32 number = TInt32.scalarOf(order);
              BatchTensors tensors = BatchTensors.of(batch);
              var result =
                  choice.feed(tensors.feed(session.runner(), feed), number).fetch(fetched).run()) {
            return Variables.floats(result.get(0));
          }
        });
  }

  @Override
  public void close() {
    graph.close();
  }
}
