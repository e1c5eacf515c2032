package io.weft.internal.tensorflow;

import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.NativeException;
import io.weft.engine.Precision;
import io.weft.expression.Parameter;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.lower.Phase;
import io.weft.spec.DefinitionException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** What a training step computes before it changes a weight: a loss and its gradients. */
final class LossGradients {

  private final Definition definition;
  private final NativeGraph graph;
  private final Ops tf;
  private final ImageFeed feed;
  private final OrderChoice choice;
  private final Placeholder<TInt64> key;
  private final Map<String, Operand<TFloat32>> weights;
  private final Predicate<String> trains;
  private final GraphLowering<TFloat32> network;
  private final Operand<TFloat32> loss;
  private final Map<String, Operand<TFloat32>> gradients;
  private final Float32Operations float32;

  /**
   * What a run is fed with, beside the images.
   *
   * @param noiseSeed the seed of its noise
   * @param number the step's number in its run
   * @param order the number of its generation order
   */
  record Draw(long noiseSeed, long number, int order) {}

  /**
   * Adds loss and gradients to a graph.
   *
   * @param tf what adds operations to the graph: one for all of it, which names them
   * @param weights the values of the parameters by full name
   * @param trains which trained parameters get a gradient, and statistics an update, by full name
   * @param steps how many steps the model had before, a scalar
   * @param loss makes the loss of the log-likelihoods of all colour values
   */
  LossGradients(
      Definition definition,
      NativeGraph graph,
      Ops tf,
      Precision precision,
      Map<String, Operand<TFloat32>> weights,
      Predicate<String> trains,
      Operand<TFloat32> steps,
      Function<Operand<TFloat32>, Operand<TFloat32>> loss) {
    this.definition = definition.serving(definition.orders());
    this.graph = graph;
    this.weights = weights;
    this.trains = trains;
    this.tf = tf;
    LayerGraph layers = this.definition.graph();
    feed = new ImageFeed(tf, layers);
    choice = OrderChoice.of(tf, definition.orders());
    key = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
    network =
        new GraphLowering<>(
            layers,
            tf.withSubScope("train"),
            TFloat32.class,
            Phase.TRAINING,
            new GraphLowering.Feeds<>(
                feed.scaled(tf, TFloat32.class),
                feed.features(tf, TFloat32.class),
                key,
                Optional.of(steps)),
            weights,
            choice);
    DistributionForm.Trained<TFloat32> trained =
        DistributionForm.of(tf, TFloat32.class, definition.image(), definition.distribution())
            .trained(network.output(), feed.integers(tf));
    this.loss = loss.apply(trained.nats());
    gradients = gradients(layers.parameters(), trained);
    float32 =
        switch (precision) {
          case FLOAT32 -> Float32Operations.none();
          case BFLOAT16 -> Float32Operations.of(graph.graph());
        };
  }

  /**
   * Checks that a definition has something to train.
   *
   * @throws DefinitionException if not
   */
  static void checkTrains(Definition definition) {
    if (definition.parameterCount() == 0) {
      throw new DefinitionException(
          "model \""
              + definition.name()
              + "\" has nothing to train: no layer that its output depends on has a learned"
              + " parameter");
    }
  }

  private Map<String, Operand<TFloat32>> gradients(
      Map<String, Parameter> parameters, DistributionForm.Trained<TFloat32> trained) {
    List<String> names =
        parameters.keySet().stream()
            .filter(n -> parameters.get(n).trainable() && trains.test(n))
            .toList();
    Output<?>[] found =
        gradientsOfLoss(
            names.stream().map(n -> weights.get(n).asOutput()).toArray(Output<?>[]::new), trained);
    Map<String, Operand<TFloat32>> result = new LinkedHashMap<>();
    for (int i = 0; i < found.length; i++) {
      @SuppressWarnings("unchecked")
      Operand<TFloat32> gradient = (Operand<TFloat32>) found[i];
      result.put(names.get(i), gradient);
    }
    return result;
  }

  private Output<?>[] gradientsOfLoss(
      Output<?>[] values, DistributionForm.Trained<TFloat32> trained) {
    try {
      return graph.use(
          session ->
              trained
                  .byOutput()
                  .map(byOutput -> throughOutput(values, trained.nats(), byOutput))
                  .orElseGet(() -> graph.graph().addGradients(loss.asOutput(), values)));
    } catch (NativeException e) {
      throw new DefinitionException(
          "model \""
              + definition.name()
              + "\" cannot be trained: a layer uses an operation that TensorFlow Java has no"
              + " gradient for (compose it of others), or does not use what its expression reads ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private Output<?>[] throughOutput(
      Output<?>[] values, Operand<TFloat32> nats, UnaryOperator<Operand<TFloat32>> byOutput) {
    @SuppressWarnings("unchecked")
    Operand<TFloat32> byNats =
        (Operand<TFloat32>)
            graph.graph().addGradients(loss.asOutput(), new Output<?>[] {nats.asOutput()})[0];
    return graph
        .graph()
        .addGradients(
            null,
            new Output<?>[] {network.output().asOutput()},
            values,
            new Output<?>[] {byOutput.apply(byNats).asOutput()});
  }

  /** Returns the loss. */
  Operand<TFloat32> loss() {
    return loss;
  }

  /** Returns the gradients by full parameter name. */
  Map<String, Operand<TFloat32>> gradients() {
    return Collections.unmodifiableMap(gradients);
  }

  /** Returns what replaces statistics after a step, by full parameter name. */
  Map<String, Operand<TFloat32>> updates() {
    Map<String, Operand<TFloat32>> updates = new LinkedHashMap<>(network.updates());
    updates.keySet().removeIf(name -> !trains.test(name));
    return updates;
  }

  /** What is done with a run that is fed. */
  @FunctionalInterface
  interface Work<R> {
    R of(Session.Runner runner);
  }

  /** Returns what comes of a run on some images. */
  <R> R run(Session session, Batch batch, Draw draw, Work<R> work) {
    try (TInt64 noise = TInt64.vectorOf(draw.noiseSeed(), draw.number());
        TInt32 order = TInt32.scalarOf(draw.order());
        BatchTensors tensors = BatchTensors.of(batch)) {
      return work.of(choice.feed(tensors.feed(session.runner(), feed), order).feed(key, noise));
    }
  }

  /** Keeps in float32 what has to be in a run that asks for gradients. */
  Session.Runner withFloat32(Session.Runner runner) {
    return float32.in(runner);
  }

  /**
   * Says where a run on some images goes wrong: the first parameter, then layer in the order of the
   * graph, whose value is not finite, else the last parameter whose gradient is not.
   *
   * @param feeding feeds what else the graph reads
   */
  Optional<String> diagnose(
      Session session, Batch batch, Draw draw, UnaryOperator<Session.Runner> feeding) {
    List<Node> nodes = definition.graph().nodes();
    List<String> names = new ArrayList<>();
    List<Operand<TBool>> checks = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (network.value(i) != null) {
        names.add("the value of layer " + nodes.get(i).name());
        checks.add(allFinite(network.value(i)));
      }
    }
    weights.forEach(
        (name, value) -> {
          names.add(0, "parameter " + name);
          checks.add(0, allFinite(value));
        });
    names.add("the loss");
    checks.add(tf.math.isFinite(loss));
    List<String> backwards = new ArrayList<>(gradients.keySet());
    Collections.reverse(backwards);
    for (String name : backwards) {
      names.add("the gradient of " + name);
      checks.add(allFinite(gradients.get(name)));
    }
    return run(
        session,
        batch,
        draw,
        fed -> {
          Session.Runner runner = feeding.apply(fed);
          checks.forEach(runner::fetch);
          try (var result = runner.run()) {
            for (int i = 0; i < names.size(); i++) {
              if (!((TBool) result.get(i)).getBoolean()) {
                return Optional.of(names.get(i));
              }
            }
          }
          return Optional.empty();
        });
  }

  private Operand<TBool> allFinite(Operand<TFloat32> value) {
    return tf.reduceAll(
        tf.math.isFinite(tf.reshape(value, tf.constant(new int[] {-1}))), tf.constant(0));
  }
}
