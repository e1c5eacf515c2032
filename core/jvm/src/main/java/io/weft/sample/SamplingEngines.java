package io.weft.sample;

import io.weft.define.Definition;
import io.weft.internal.Seam;
import io.weft.internal.memory.MemoryNeed;
import io.weft.internal.step.JvmStepEngine;
import io.weft.internal.step.StepCompiler;
import io.weft.internal.step.StepEngine;
import io.weft.internal.step.StepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.internal.thread.Keeper;
import io.weft.internal.thread.Lease;
import io.weft.internal.thread.ThreadLimit;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a model has proven and compiled for sampling, and lends to runs: its step program, those
 * of the last {@value #ORDERS} other orders, and the last {@value #ENGINES} engines that run them.
 * Everything is made at first use. Safe for use by several threads. Once this is closed, a series
 * that is under way fails at its next step with {@link IllegalStateException}; engines are closed
 * when nobody uses them any more.
 */
@Seam
public final class SamplingEngines implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SamplingEngines.class);

  /** So many other orders: enough for the halves of images, and for a few holes. */
  static final int ORDERS = 8;

  /** Every order on the JVM, and on TensorFlow for a batch, say. */
  static final int ENGINES = 16;

  // Fewer images in a TensorFlow session than this are not worth a thread.
  private static final int LEAST_IMAGES = 8;

  /** An order, and how many pixels at its beginning are known. */
  private record Plan(GenerationOrder order, int known) {}

  /** What is compiled on TensorFlow. */
  private record Calls(int batch, int steps, TensorFlowLoops loops) {}

  /** A program, by identity, on the JVM or in calls of TensorFlow. */
  private record Key(StepProgram program, Optional<Calls> calls) {}

  private final Definition definition;
  private final StepCompiler compiler;
  private final Keeper<GenerationOrder, StepProgram> own;
  private final Keeper<GenerationOrder, Definition> proven;
  private final Keeper<Plan, StepProgram> others;
  private final Keeper<Key, BoundEngine> engines;

  private SamplingEngines(Definition definition, Supplier<StepProgram> own, StepCompiler compiler) {
    this.definition = definition;
    this.compiler = compiler;
    this.own = new Keeper<>(1, unused -> own.get());
    this.proven = new Keeper<>(ORDERS, definition::under);
    this.others =
        new Keeper<>(
            ORDERS, plan -> StepProgram.completing(proven.get(plan.order()), plan.known()));
    this.engines = new Keeper<>(ENGINES, this::engine, BoundEngine::close);
  }

  /**
   * Returns the engines of a definition; nothing is compiled yet.
   *
   * @param compiler for TensorFlow
   */
  public static SamplingEngines of(Definition definition, StepCompiler compiler) {
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(compiler, "compiler");
    return new SamplingEngines(definition, () -> StepProgram.of(definition), compiler);
  }

  /** Returns those on the JVM, which nobody has to close. */
  static SamplingEngines onJvm(StepProgram program) {
    return new SamplingEngines(program.definition(), () -> program, new NoCompiler());
  }

  /** Returns the definition. */
  Definition definition() {
    return definition;
  }

  /**
   * Proves the definition under another order, if that is not done.
   *
   * @throws io.weft.spec.DefinitionException if it is not causal under the order, or that is for
   *     images of another size
   */
  void prove(GenerationOrder order) {
    proven.get(order);
  }

  /**
   * Lends the executor that is chosen for a series under the definition's order.
   *
   * @throws IllegalStateException if this is closed
   */
  Lease<StepExecutor> lend(SamplingExecutor choice, Weights weights, SeriesSize size) {
    return lend(own.get(definition.order()), choice, weights, size);
  }

  /**
   * Lends the executor as above, under another order.
   *
   * @param known how many pixels at the beginning of the order are known
   */
  Lease<StepExecutor> lend(
      GenerationOrder order, int known, SamplingExecutor choice, Weights weights, SeriesSize size) {
    return lend(others.get(new Plan(order, known)), choice, weights, size);
  }

  private Lease<StepExecutor> lend(
      StepProgram program, SamplingExecutor choice, Weights weights, SeriesSize size) {
    Optional<Calls> calls =
        choice
            .tensorFlowLoops(size, program, compiler)
            .map(
                loops ->
                    new Calls(
                        imagesPerSession(size.images()), steps(choice, size.portion()), loops));
    need(program, calls).check(size.images());
    return engines.lend(new Key(program, calls)).map(engine -> engine.to(weights));
  }

  private static MemoryNeed need(StepProgram program, Optional<Calls> calls) {
    return calls
        .map(some -> MemoryNeed.ofDrawingOnTensorFlow(program, some.loops()))
        .orElseGet(() -> MemoryNeed.ofDrawing(program));
  }

  private BoundEngine engine(Key key) {
    return new BoundEngine(
        key.calls().isPresent()
            ? compiled(key.program(), key.calls().get())
            : new JvmStepEngine(key.program()));
  }

  private StepEngine compiled(StepProgram program, Calls calls) {
    if (calls.loops() == TensorFlowLoops.XLA && program.isRecurrent()) {
      LOG.warn(
          "layers of model \"{}\" read their own output: up to {} calls a step, which XLA compiles"
              + " one by one for a good while; the JVM begins at once, and is the quicker one",
          program.definition().name(),
          program.mostCallsOfAStep());
    }
    return compiler.compile(program, calls.batch(), calls.steps(), calls.loops());
  }

  /** A GPU takes all at once; the processor's threads share them. */
  private int imagesPerSession(int images) {
    int most = compiler.isOnGpu() ? 1 : ThreadLimit.all();
    int sessions = Math.max(1, Math.min(most, images / LEAST_IMAGES));
    return (images + sessions - 1) / sessions;
  }

  private int steps(SamplingExecutor choice, Portion portion) {
    ImageSpec image = definition.image();
    int row = image.width() * image.channels();
    int rows = choice.rows().orElse(portion == Portion.IMAGE ? image.height() : 1);
    return portion == Portion.VALUE ? 1 : Math.min(rows, image.height()) * row;
  }

  @Override
  public void close() {
    engines.close();
    others.close();
    proven.close();
    own.close();
  }
}
