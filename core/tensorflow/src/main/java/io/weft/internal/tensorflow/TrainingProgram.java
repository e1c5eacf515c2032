package io.weft.internal.tensorflow;

import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.NativeException;
import io.weft.engine.Precision;
import io.weft.engine.TrainingSteps;
import io.weft.expression.Parameter;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.lower.Phase;
import io.weft.spec.DefinitionException;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * A definition compiled for training: one run is one step of its optimiser. Weights live in the
 * program until they are fetched.
 *
 * <p>Not for use by several threads at once.
 */
public final class TrainingProgram implements TrainingSteps {

  /** The numbers of a step that are fed, by their place. */
  private static final int KEEP = 0;

  private static final int STEPS = 1;

  /** The first of the optimiser's, its rate. */
  private static final int OPTIMISER = 2;

  private final Definition definition;
  private final Settings settings;
  private final NativeGraph graph;
  private final Ops tf;
  private final ImageFeed feed;
  private final OrderChoice choice;
  private final Placeholder<TInt64> key;
  private final Placeholder<TFloat32> numbers;
  private final Variables weights;
  private final OptimiserForm optimiser;
  private final int optimiserNumbers;
  private final Map<String, Variables> slots = new LinkedHashMap<>();
  private final Optional<Variables> average;
  private final GraphLowering<TFloat32> network;
  private final Map<String, Operand<TFloat32>> gradients = new LinkedHashMap<>();
  private final Operand<TFloat32> loss;
  private final Operand<TFloat32> norm;
  private final List<Op> updates = new ArrayList<>();
  private final List<Operation> exactSums = new ArrayList<>();

  private TrainingProgram(Definition definition, Settings settings, NativeGraph graph) {
    this.graph = graph;
    tf = graph.ops();
    this.definition = definition;
    this.settings = settings;
    LayerGraph layers = definition.graph();
    Map<String, Parameter> parameters = layers.parameters();
    feed = new ImageFeed(tf, layers);
    choice = OrderChoice.of(tf, definition.orders());
    key = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
    optimiser = OptimiserForm.of(settings.optimiser());
    optimiserNumbers = optimiser.numbers(0, 0).size();
    numbers =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(OPTIMISER + optimiserNumbers)));
    weights = new Variables(tf, "weights", parameters, p -> true);
    settings
        .optimiser()
        .slots()
        .forEach(
            slot -> slots.put(slot, new Variables(tf, slot, parameters, Parameter::trainable)));
    average =
        settings.averaged()
            ? Optional.of(new Variables(tf, "average", parameters, Parameter::trainable))
            : Optional.empty();
    network = lower(layers);
    loss = tf.math.neg(mean(logLikelihoodOf(network.output())));
    gradients.putAll(gradients(parameters));
    if (settings.precision() == Precision.BFLOAT16) {
      // BiasAddGrad adds up in the type that it is in, and bfloat16 soon takes no further summand.
      // What a run asks for by name stays as it is: in float32.
      graph.graph().operations().forEachRemaining(this::keepBiasGradient);
    }
    norm = globalNorm();
    update();
  }

  /**
   * Compiles a definition for training from the given state.
   *
   * @param weights the model's weights: what a new run starts from, and the Polyak average of one
   *     that is resumed, unless the state has another
   * @param state what a run that is resumed has left; nothing for a new run
   * @throws io.weft.spec.DefinitionException if there is nothing to train, or a layer's whole-image
   *     form fails or has no gradient
   */
  public static TrainingProgram of(
      Definition definition,
      Settings settings,
      TensorFlowEngine engine,
      Weights weights,
      Optional<TrainingState> state) {
    if (definition.parameterCount() == 0) {
      throw new DefinitionException(
          "model \""
              + definition.name()
              + "\" has nothing to train: no layer that its output depends on has a learned"
              + " parameter");
    }
    return CloseOnFailure.of(
        CloseOnFailure.of(
            engine.open(definition.graph(), settings.precision()),
            graph -> new TrainingProgram(definition, settings, graph)),
        program -> {
          program.start(weights, state);
          return program;
        });
  }

  private void start(Weights kept, Optional<TrainingState> state) {
    Map<String, float[]> raw = Variables.arrays(state.map(TrainingState::raw).orElse(kept));
    Map<String, float[]> zeros = new LinkedHashMap<>();
    raw.forEach((name, array) -> zeros.put(name, new float[array.length]));
    Map<String, float[]> averaged =
        state.flatMap(TrainingState::average).orElseGet(() -> Variables.arrays(kept));
    Map<Variables, Map<String, float[]>> sets = new LinkedHashMap<>();
    sets.put(weights, raw);
    slots.forEach(
        (slot, variables) ->
            sets.put(variables, state.map(s -> s.slots().get(slot)).orElse(zeros)));
    average.ifPresent(a -> sets.put(a, averaged));
    graph.run(session -> Variables.assignAll(session, sets));
  }

  private GraphLowering<TFloat32> lower(LayerGraph layers) {
    return new GraphLowering<>(
        layers,
        tf.withSubScope("train"),
        TFloat32.class,
        Phase.TRAINING,
        new GraphLowering.Feeds<>(
            feed.scaled(tf, TFloat32.class),
            feed.features(tf, TFloat32.class),
            key,
            Optional.of(number(STEPS))),
        weights.values(),
        choice);
  }

  private Operand<TFloat32> logLikelihoodOf(Operand<TFloat32> output) {
    return DistributionForm.of(tf, TFloat32.class, definition.image(), definition.distribution())
        .logLikelihood(output, feed.integers(tf));
  }

  private Operand<TFloat32> mean(Operand<TFloat32> values) {
    return tf.math.mean(
        tf.reshape(values, tf.constant(new int[] {-1})), tf.constant(new int[] {0}));
  }

  private Map<String, Operand<TFloat32>> gradients(Map<String, Parameter> parameters) {
    List<String> names =
        parameters.keySet().stream().filter(n -> parameters.get(n).trainable()).toList();
    Output<?>[] values =
        names.stream().map(n -> weights.value(n).asOutput()).toArray(Output<?>[]::new);
    Output<?>[] found = gradientsOfLoss(values);
    Map<String, Operand<TFloat32>> result = new LinkedHashMap<>();
    for (int i = 0; i < found.length; i++) {
      String name = names.get(i);
      @SuppressWarnings("unchecked")
      Operand<TFloat32> gradient = (Operand<TFloat32>) found[i];
      boolean decays =
          settings.weightDecay() > 0 && parameters.get(name).role() == Parameter.Role.WEIGHT;
      result.put(
          name,
          decays
              ? tf.math.add(
                  gradient,
                  tf.math.mul(weights.value(name), tf.constant((float) settings.weightDecay())))
              : gradient);
    }
    return result;
  }

  private void keepBiasGradient(Operation operation) {
    if (operation.type().equals("BiasAddGrad")) {
      exactSums.add(operation);
    }
  }

  private Output<?>[] gradientsOfLoss(Output<?>[] values) {
    try {
      return graph.use(session -> graph.graph().addGradients(loss.asOutput(), values));
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

  private Operand<TFloat32> globalNorm() {
    // In float64, which mixed precision leaves alone: sums in bfloat16 would lose most summands.
    List<Operand<TFloat64>> halves = new ArrayList<>();
    gradients.values().forEach(g -> halves.add(tf.nn.l2Loss(tf.dtypes.cast(g, TFloat64.class))));
    return tf.dtypes.cast(
        tf.math.sqrt(tf.math.mul(tf.math.addN(halves), tf.constant(2.0))), TFloat32.class);
  }

  /**
   * Adds the optimiser, the statistics and the average. A step that is not finite changes no
   * weight.
   */
  private void update() {
    Operand<TBool> finite = tf.math.logicalAnd(tf.math.isFinite(loss), tf.math.isFinite(norm));
    List<Operand<TFloat32>> fed = new ArrayList<>();
    fed.add(tf.select(finite, number(OPTIMISER), tf.constant(0f)));
    for (int i = 1; i < optimiserNumbers; i++) {
      fed.add(number(OPTIMISER + i));
    }
    Operand<TFloat32> scale =
        Double.isInfinite(settings.clipNorm())
            ? tf.constant(1f)
            : tf.math.minimum(
                tf.constant(1f), tf.math.div(tf.constant((float) settings.clipNorm()), norm));
    gradients.forEach(
        (name, gradient) -> {
          Operand<TFloat32> clipped = tf.math.mul(gradient, scale);
          Operand<TFloat32> safe = tf.select(finite, clipped, tf.zerosLike(gradient));
          updates.addAll(optimiser.step(tf, name, weights, slots, fed, safe));
        });
    network
        .updates()
        .forEach(
            (name, value) ->
                updates.add(
                    tf.assignVariableOp(
                        weights.handle(name), tf.select(finite, value, weights.value(name)))));
    average.ifPresent(a -> updateAverage(a, finite));
  }

  private void updateAverage(Variables averages, Operand<TBool> finite) {
    Ops after = tf.withControlDependencies(List.copyOf(updates));
    Operand<TFloat32> keep = tf.select(finite, number(KEEP), tf.constant(1f));
    for (String name : gradients.keySet()) {
      Operand<TFloat32> now = after.readVariableOp(weights.handle(name), TFloat32.class);
      Operand<TFloat32> old = averages.value(name);
      updates.add(
          tf.assignVariableOp(
              averages.handle(name), tf.math.add(now, tf.math.mul(tf.math.sub(old, now), keep))));
    }
  }

  private Operand<TFloat32> number(int index) {
    Operand<TInt32> at = tf.constant(new int[] {index});
    return tf.squeeze(tf.slice(numbers, at, tf.constant(new int[] {1})));
  }

  private float[] numbers(StepInput input) {
    List<Double> ofOptimiser = optimiser.numbers(input.rate(), input.number());
    float[] values = new float[OPTIMISER + ofOptimiser.size()];
    values[KEEP] = (float) input.averageDecay();
    values[STEPS] = (float) input.before();
    for (int i = 0; i < ofOptimiser.size(); i++) {
      values[OPTIMISER + i] = ofOptimiser.get(i).floatValue();
    }
    return values;
  }

  @Override
  public StepOutput step(Batch batch, StepInput input) {
    return graph.use(session -> step(session, batch, input));
  }

  private StepOutput step(Session session, Batch batch, StepInput input) {
    try (TFloat32 fed = TFloat32.vectorOf(numbers(input));
        TInt64 noise = TInt64.vectorOf(input.noiseSeed(), input.number());
        TInt32 order = TInt32.scalarOf(input.order());
        BatchTensors tensors = new BatchTensors(batch)) {
      Session.Runner runner =
          choice
              .feed(tensors.feed(session.runner(), feed), order)
              .feed(numbers, fed)
              .feed(key, noise);
      updates.forEach(runner::addTarget);
      exactSums.forEach(runner::addTarget);
      try (var result = runner.fetch(loss).fetch(norm).run()) {
        return new StepOutput(
            ((TFloat32) result.get(0)).getFloat(), ((TFloat32) result.get(1)).getFloat());
      }
    }
  }

  @Override
  public String diagnose(Batch batch, StepInput input) {
    return graph.use(session -> diagnose(session, batch, input));
  }

  private String diagnose(Session session, Batch batch, StepInput input) {
    List<Node> nodes = definition.graph().nodes();
    List<String> names = new ArrayList<>();
    List<Operand<TBool>> checks = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (network.value(i) != null) {
        names.add("the value of layer " + nodes.get(i).name());
        checks.add(allFinite(network.value(i)));
      }
    }
    weights
        .values()
        .forEach(
            (name, value) -> {
              names.add(0, "parameter " + name);
              checks.add(0, allFinite(value));
            });
    names.add("the loss");
    checks.add(tf.math.isFinite(loss));
    List<String> backwards = new ArrayList<>(gradients.keySet());
    java.util.Collections.reverse(backwards);
    for (String name : backwards) {
      names.add("the gradient of " + name);
      checks.add(allFinite(gradients.get(name)));
    }
    try (TInt64 noise = TInt64.vectorOf(input.noiseSeed(), input.number());
        TInt32 order = TInt32.scalarOf(input.order());
        BatchTensors tensors = new BatchTensors(batch)) {
      Session.Runner runner =
          choice.feed(tensors.feed(session.runner(), feed), order).feed(key, noise);
      checks.forEach(runner::fetch);
      try (var result = runner.run()) {
        for (int i = 0; i < names.size(); i++) {
          if (!((TBool) result.get(i)).getBoolean()) {
            return names.get(i);
          }
        }
      }
    }
    return "the gradient norm";
  }

  private Operand<TBool> allFinite(Operand<TFloat32> value) {
    return tf.reduceAll(
        tf.math.isFinite(tf.reshape(value, tf.constant(new int[] {-1}))), tf.constant(0));
  }

  @Override
  public Weights fetchWeights() {
    Map<String, float[]> arrays = graph.use(weights::fetch);
    average.ifPresent(a -> arrays.putAll(graph.use(a::fetch)));
    return Weights.of(definition, arrays);
  }

  @Override
  public TrainingState fetchState(long step, long runStart, RunLoss loss, boolean withAverage) {
    return new TrainingState(
        step,
        runStart,
        loss,
        Weights.of(definition, graph.use(weights::fetch)),
        average.filter(a -> withAverage).map(a -> graph.use(a::fetch)),
        fetchSlots());
  }

  private Map<String, Map<String, float[]>> fetchSlots() {
    Map<String, Map<String, float[]>> kept = new LinkedHashMap<>();
    slots.forEach((slot, variables) -> kept.put(slot, graph.use(variables::fetch)));
    return kept;
  }

  @Override
  public void close() {
    graph.close();
  }
}
