package io.weft.internal.tensorflow;

import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.TrainingSteps;
import io.weft.expression.Parameter;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

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
  private final Placeholder<TFloat32> numbers;
  private final Variables weights;
  private final OptimiserForm optimiser;
  private final int optimiserNumbers;
  private final Map<String, Variables> slots = new LinkedHashMap<>();
  private final Optional<Variables> average;
  private final LossGradients computed;
  private final Map<String, Operand<TFloat32>> gradients = new LinkedHashMap<>();
  private final Operand<TFloat32> norm;
  private final List<Op> updates = new ArrayList<>();

  private TrainingProgram(Definition definition, Settings settings, NativeGraph graph) {
    this.graph = graph;
    tf = graph.ops();
    this.definition = definition;
    this.settings = settings;
    Map<String, Parameter> parameters = definition.graph().parameters();
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
    computed =
        new LossGradients(
            definition,
            graph,
            tf,
            settings.precision(),
            weights.values(),
            name -> !settings.isFrozen(name),
            number(STEPS),
            logLikelihood -> tf.math.neg(mean(logLikelihood)));
    computed.gradients().forEach((name, g) -> gradients.put(name, decayed(name, g)));
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
    LossGradients.checkTrains(definition);
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

  private Operand<TFloat32> mean(Operand<TFloat32> values) {
    return tf.math.mean(
        tf.reshape(values, tf.constant(new int[] {-1})), tf.constant(new int[] {0}));
  }

  private Operand<TFloat32> decayed(String name, Operand<TFloat32> gradient) {
    boolean decays =
        settings.weightDecay() > 0
            && definition.graph().parameters().get(name).role() == Parameter.Role.WEIGHT;
    return decays
        ? tf.math.add(
            gradient, tf.math.mul(weights.value(name), tf.constant((float) settings.weightDecay())))
        : gradient;
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
    Operand<TBool> finite =
        tf.math.logicalAnd(tf.math.isFinite(computed.loss()), tf.math.isFinite(norm));
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
    Map<String, Parameter> parameters = definition.graph().parameters();
    gradients.forEach(
        (name, gradient) -> {
          Operand<TFloat32> clipped = tf.math.mul(gradient, scale);
          Operand<TFloat32> safe = tf.select(finite, clipped, tf.zerosLike(gradient));
          List<Operand<TFloat32>> own = atRateOf(name, fed);
          updates.addAll(optimiser.step(tf, name, parameters.get(name), weights, slots, own, safe));
        });
    computed
        .updates()
        .forEach(
            (name, value) ->
                updates.add(
                    tf.assignVariableOp(
                        weights.handle(name), tf.select(finite, value, weights.value(name)))));
    average.ifPresent(a -> updateAverage(a, finite));
  }

  /** Returns what the optimiser is fed with for one parameter, of which the first is its rate. */
  private List<Operand<TFloat32>> atRateOf(String name, List<Operand<TFloat32>> fed) {
    double factor = settings.factor(name);
    if (factor == 1) {
      return fed;
    }
    List<Operand<TFloat32>> own = new ArrayList<>(fed);
    own.set(0, tf.math.mul(fed.get(0), tf.constant((float) factor)));
    return own;
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
    List<Double> ofOptimiser = optimiser.numbers(input.rate(), input.optimiserStep());
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
    try (TFloat32 fed = TFloat32.vectorOf(numbers(input))) {
      return computed.run(
          session,
          batch,
          draw(input),
          runner -> {
            computed.withFloat32(runner.feed(numbers, fed));
            updates.forEach(runner::addTarget);
            try (var result = runner.fetch(computed.loss()).fetch(norm).run()) {
              return new StepOutput(
                  ((TFloat32) result.get(0)).getFloat(), ((TFloat32) result.get(1)).getFloat());
            }
          });
    }
  }

  private static LossGradients.Draw draw(StepInput input) {
    return new LossGradients.Draw(input.noiseSeed(), input.number(), input.order());
  }

  @Override
  public String diagnose(Batch batch, StepInput input) {
    try (TFloat32 fed = TFloat32.vectorOf(numbers(input))) {
      return graph
          .use(s -> computed.diagnose(s, batch, draw(input), runner -> runner.feed(numbers, fed)))
          .orElse("the gradient norm");
    }
  }

  @Override
  public Weights fetchWeights() {
    Map<String, float[]> arrays = graph.use(weights::fetch);
    average.ifPresent(a -> arrays.putAll(graph.use(a::fetch)));
    return Weights.of(definition, arrays);
  }

  @Override
  public TrainingState fetchState(
      long step, long runStart, long optimiserStart, RunLoss loss, boolean withAverage) {
    return new TrainingState(
        step,
        runStart,
        optimiserStart,
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
