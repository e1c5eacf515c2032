package io.weft.internal.tensorflow;

import io.weft.internal.step.StepEngine;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * A step program compiled to TensorFlow, for a batch: caches are what a loop over steps carries
 * along, and values are drawn in the graph by Weft's own rule, from uniform numbers that are fed.
 * So a call of TensorFlow, which is dear, draws many steps.
 *
 * <p>Steps of one kind are one loop, whose body is the kind's calls; around these loops, one after
 * the other, is another one, until all steps asked for are done. All of it is one function where
 * XLA compiles it. Weights are an argument: training goes on without compiling anew, and series
 * with old weights are not disturbed.
 *
 * <p>Used through {@link TensorFlowStepExecutor}. Closing frees the native memory, and is for when
 * no session is open any more.
 */
public final class TensorFlowStepProgram implements StepEngine {

  /** Where a run's results have the levels, the parameters, and the caches from there on. */
  static final int LEVELS = 0;

  static final int PARAMETERS = 1;
  static final int CACHES = 2;

  private final StepProgram program;
  private final int batch;
  private final int stepsPerDraw;
  private final StepBinding binding;
  private final Origin origin;
  private final NativeGraph graph;
  private final Map<String, Operand<? extends TType>> inputs = new LinkedHashMap<>();
  private final Map<String, Operand<? extends TType>> outputs = new LinkedHashMap<>();
  private final List<String> carried = new ArrayList<>();
  private final List<Shape> carriedShapes = new ArrayList<>();

  private TensorFlowStepProgram(
      StepProgram program,
      Origin origin,
      int batch,
      int stepsPerDraw,
      TensorFlowLoops loops,
      StepBinding binding,
      NativeGraph graph) {
    this.program = program;
    this.origin = origin;
    this.batch = batch;
    this.stepsPerDraw = stepsPerDraw;
    this.binding = binding;
    this.graph = graph;
    build(graph.ops(), new StepLayout(program, batch), loops);
  }

  /**
   * Compiles a program.
   *
   * @param batch the most images of a session
   * @param stepsPerDraw the most steps in one call of TensorFlow
   * @param loops the kind of loops; XLA compiles them at the first call
   * @throws IllegalStateException if these loops do not run on the device
   */
  public static TensorFlowStepProgram of(
      StepProgram program,
      TensorFlowEngine engine,
      int batch,
      int stepsPerDraw,
      TensorFlowLoops loops) {
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(loops, "loops");
    if (batch < 1 || stepsPerDraw < 1) {
      throw new IllegalArgumentException(
          "a batch has at least 1 image and a call at least 1 step, found a batch of "
              + batch
              + " and "
              + stepsPerDraw
              + " steps");
    }
    if (!engine.runs(loops)) {
      throw new IllegalStateException(
          "XLA does not compile on " + engine.device() + "; take TensorFlow's own loops (PLAIN)");
    }
    return CloseOnFailure.of(
        StepBinding.of(program, engine),
        binding ->
            CloseOnFailure.of(
                engine.openForSteps(),
                graph ->
                    new TensorFlowStepProgram(
                        program,
                        engine.origin(),
                        batch,
                        Math.min(stepsPerDraw, program.steps()),
                        loops,
                        binding,
                        graph)));
  }

  @Override
  public TensorFlowStepExecutor bind(Weights weights) {
    return new TensorFlowStepExecutor(this, binding.bind(weights));
  }

  StepProgram program() {
    return program;
  }

  int batch() {
    return batch;
  }

  int stepsPerDraw() {
    return stepsPerDraw;
  }

  /** Returns the slots of a group's cache. */
  int slots(int group) {
    return program.slots(group) + 1;
  }

  /** Returns the names of the caches that one run hands to the next. */
  List<String> carried() {
    return List.copyOf(carried);
  }

  /** Returns the shapes of these caches. */
  List<Shape> carriedShapes() {
    return List.copyOf(carriedShapes);
  }

  /**
   * Runs the graph: always with the same inputs and results, for TensorFlow optimises and compiles
   * anew for each choice of them, which takes longer than many runs.
   *
   * @param feeds a tensor for each input; conditions' caches that are left out are zero
   */
  Result run(Map<String, Tensor> feeds) {
    return graph.use(
        session -> {
          Session.Runner runner = session.runner();
          feeds.forEach((name, value) -> runner.feed(inputs.get(name).asOutput(), value));
          outputs.values().forEach(runner::fetch);
          return runner.run();
        });
  }

  private void build(Ops tf, StepLayout layout, TensorFlowLoops loops) {
    StepState state = new StepState();
    StepState.Values values = new StepState.Values();
    input(tf, state, values, "step", TInt32.class, Shape.scalar());
    input(tf, state, values, "end", TInt32.class, Shape.scalar());
    input(tf, state, values, "temperature", TFloat32.class, Shape.scalar());
    Shape block = Shape.of(stepsPerDraw, batch);
    input(tf, state, values, "uniforms", TFloat64.class, block);
    input(tf, state, values, "given", TInt32.class, block);
    set(state, values, "first", TInt32.class, Shape.scalar(), tf.identity(values.get("step")));
    set(state, values, "levels", TInt32.class, block, tf.identity(values.get("given")));
    int parameters = program.parameters();
    set(
        state,
        values,
        "parameters",
        TFloat32.class,
        Shape.of(batch, parameters),
        tf.fill(tf.constant(new int[] {batch, parameters}), tf.constant(0f)));
    table(tf, state, values, "kind", layout.kindOfStep());
    table(tf, state, values, "start", layout.start());
    table(tf, state, values, "table", layout.table());
    weights(tf, state, values);
    caches(tf, state, values, layout);
    List<String> results = new ArrayList<>(List.of("levels", "parameters"));
    results.addAll(carried);
    switch (loops) {
      case PLAIN -> addLoops(tf, state, values, layout);
      case XLA ->
          state.compiled(
              tf, "weft_draw", values, results, (ops, v) -> addLoops(ops, state, v, layout));
    }
    results.forEach(name -> outputs.put(name, values.get(name)));
  }

  private <T extends TType> void input(
      Ops tf, StepState state, StepState.Values values, String name, Class<T> type, Shape shape) {
    var input = tf.placeholder(type, Placeholder.shape(shape));
    inputs.put(name, input);
    set(state, values, name, type, shape, input);
  }

  private static void set(
      StepState state,
      StepState.Values values,
      String name,
      Class<? extends TType> type,
      Shape shape,
      Operand<? extends TType> value) {
    state.declare(name, type, shape);
    values.set(name, value);
  }

  private static void table(
      Ops tf, StepState state, StepState.Values values, String name, int[] numbers) {
    set(state, values, name, TInt32.class, Shape.of(numbers.length), tf.constant(numbers));
  }

  private void weights(Ops tf, StepState state, StepState.Values values) {
    var vector = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(binding.size())));
    inputs.put("weights", vector);
    for (StepBinding.Piece piece : binding.pieces()) {
      Operand<TFloat32> flat =
          tf.slice(
              vector,
              tf.constant(new int[] {piece.from()}),
              tf.constant(new int[] {Math.toIntExact(piece.shape().size())}));
      Operand<TFloat32> value = tf.reshape(flat, tf.constant(piece.shape().asArray()));
      set(state, values, piece.name(), TFloat32.class, piece.shape(), value);
    }
  }

  private void caches(Ops tf, StepState state, StepState.Values values, StepLayout layout) {
    TreeSet<Integer> changing = new TreeSet<>();
    for (StepLayout.Kind kind : layout.kinds()) {
      kind.calls().forEach(call -> changing.add(call.group()));
      changing.add(program.imageGroup(kind.channel()));
    }
    TreeSet<Integer> all = new TreeSet<>(changing);
    program.definition().conditions().forEach(c -> all.add(program.givenGroup(c)));
    // What is read only where it lies outside is never computed: its cache is all zeros.
    changing.forEach(g -> program.groups().get(g).reads().forEach(r -> all.add(r.group())));
    for (int group : all) {
      int width = program.groups().get(group).width();
      Shape shape = Shape.of(layout.slots(group), batch, width);
      String name = StepLowering.cache(group);
      var zeros =
          tf.fill(tf.constant(new int[] {layout.slots(group), batch, width}), tf.constant(0f));
      var input = tf.placeholderWithDefault(zeros, shape);
      inputs.put(name, input);
      set(state, values, name, TFloat32.class, shape, input);
      if (changing.contains(group)) {
        carried.add(name);
        carriedShapes.add(shape);
      }
    }
  }

  private void addLoops(Ops tf, StepState state, StepState.Values values, StepLayout layout) {
    List<StepLayout.Kind> kinds = layout.kinds();
    StepState.Step all =
        (ops, inner) -> {
          for (int k = 0; k < kinds.size(); k++) {
            int kind = k;
            state.loop(
                ops,
                "weft_kind_" + kind,
                inner,
                (cond, v) ->
                    cond.math.logicalAnd(
                        cond.math.less(v.<TInt32>get("step"), v.<TInt32>get("end")),
                        cond.math.equal(
                            cond.gather(
                                v.<TInt32>get("kind"), v.<TInt32>get("step"), cond.constant(0)),
                            cond.constant(kind))),
                (body, v) ->
                    new StepLowering(program, layout, batch, body, v).run(kinds.get(kind)));
          }
        };
    state.loop(
        tf,
        "weft_steps",
        values,
        (cond, v) -> cond.math.less(v.<TInt32>get("step"), v.<TInt32>get("end")),
        all);
  }

  /** Returns where the program's owner was made. */
  Origin origin() {
    return origin;
  }

  @Override
  public void close() {
    graph.close();
    binding.close();
  }
}
