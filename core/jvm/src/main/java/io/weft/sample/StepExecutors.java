package io.weft.sample;

import io.weft.define.Definition;
import io.weft.graph.ImageSpec;
import io.weft.memory.MemoryNeed;
import io.weft.step.StepCompiler;
import io.weft.step.StepEngine;
import io.weft.step.StepExecutor;
import io.weft.step.StepProgram;
import io.weft.step.TensorFlowLoops;
import io.weft.thread.Turns;
import io.weft.weight.Weights;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The executors of a definition, and what was compiled for them: the step program, at first use,
 * and TensorFlow's graphs by batch, steps in a call and kind of loops, the {@value #MOST_COMPILED}
 * used last. What is bound to weights is kept until other weights are asked for. Safe for use by
 * several threads. Closing frees native memory; a series that is under way, on the JVM too, fails
 * at its next step with {@link IllegalStateException}, and what it holds is freed then or when it
 * is closed. What is being compiled is freed when that is done.
 */
public final class StepExecutors implements AutoCloseable {

  // Fewer images in a TensorFlow session than this are not worth a thread.
  private static final int LEAST_IMAGES = 8;

  private static final int MOST_COMPILED = 8;

  private record Key(int batch, int steps, TensorFlowLoops loops) {}

  /** An executor with the weights that it is bound to, which are meant by identity. */
  private record Bound(Weights weights, StepExecutor executor) {}

  /** What is compiled at first use. */
  private record Compiled(StepProgram program, JvmBinding onJvm) {}

  private final Definition definition;
  private final Supplier<StepProgram> compile;
  private final StepCompiler compiler;
  private final Turns turns = new Turns(this::free);
  private final Map<Key, StepEngine> compiled = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Key, Bound> bound = new HashMap<>();
  private final DerivedExecutors derived;
  private @Nullable Compiled steps;

  private StepExecutors(
      Definition definition, Supplier<StepProgram> compile, StepCompiler compiler) {
    this.definition = definition;
    this.compile = compile;
    this.compiler = compiler;
    this.derived =
        new DerivedExecutors(
            (under, known) ->
                ExecutorSource.of(
                    new StepExecutors(
                        under, () -> StepProgram.completing(under, known), compiler)));
  }

  /** Returns the executors of a definition; nothing is compiled yet. */
  public static StepExecutors of(Definition definition, StepCompiler compiler) {
    return new StepExecutors(
        Objects.requireNonNull(definition, "definition"),
        () -> StepProgram.of(definition),
        Objects.requireNonNull(compiler, "compiler"));
  }

  /** Returns the definition. */
  public Definition definition() {
    return definition;
  }

  /** Returns the executors of the same model under other orders, closed with these. */
  DerivedExecutors derived() {
    return derived;
  }

  /**
   * Checks that this is open.
   *
   * @throws IllegalStateException if it is closed
   */
  void checkOpen() {
    if (turns.isClosed()) {
      throw new IllegalStateException("this model is closed; load or make another");
    }
  }

  /** Binds weights to the executor that is chosen for a series. */
  StepExecutor bind(SamplingExecutor choice, Weights weights, SeriesSize size) {
    return turns.take(() -> bound(choice, weights, size));
  }

  private StepExecutor bound(SamplingExecutor choice, Weights weights, SeriesSize size) {
    checkOpen();
    Compiled ready = compiled();
    Optional<TensorFlowLoops> loops =
        choice.tensorFlowLoops(size, ready.program().flops(), compiler);
    if (loops.isEmpty()) {
      MemoryNeed.ofDrawing(ready.program()).check(size.images());
      return ready.onJvm().of(weights);
    }
    MemoryNeed.ofDrawingOnTensorFlow(ready.program()).check(size.images());
    Key key = new Key(imagesPerSession(size.images()), steps(choice, size.grain()), loops.get());
    return onTensorFlow(ready.program(), key, weights);
  }

  private Compiled compiled() {
    Compiled ready = steps;
    if (ready == null) {
      StepProgram program = compile.get();
      ready = new Compiled(program, new JvmBinding(program));
      steps = ready;
    }
    return ready;
  }

  /**
   * Starts a run on the executor that is chosen for a series. What the run needs is not let go of
   * meanwhile; afterwards its open sessions keep it.
   */
  SamplingRun start(
      SamplingExecutor choice,
      Weights weights,
      SeriesSize size,
      Function<StepExecutor, SamplingRun> start) {
    return turns.take(() -> start.apply(bound(choice, weights, size)));
  }

  private StepExecutor onTensorFlow(StepProgram program, Key key, Weights weights) {
    StepEngine graph = compiled.get(key);
    if (graph == null) {
      graph = compiler.compile(program, key.batch(), key.steps(), key.loops());
      compiled.put(key, graph);
      forgetOldest();
    }
    Bound last = bound.get(key);
    if (last == null || last.weights() != weights) {
      last = new Bound(weights, graph.bind(weights));
      bound.put(key, last);
    }
    return last.executor();
  }

  private void forgetOldest() {
    if (compiled.size() > MOST_COMPILED) {
      var oldest = compiled.entrySet().iterator().next();
      compiled.remove(oldest.getKey());
      bound.remove(oldest.getKey());
      oldest.getValue().close();
    }
  }

  /** A GPU takes all at once; the processor's threads share them. */
  private int imagesPerSession(int images) {
    int most = compiler.isOnGpu() ? 1 : Runtime.getRuntime().availableProcessors();
    int sessions = Math.max(1, Math.min(most, images / LEAST_IMAGES));
    return (images + sessions - 1) / sessions;
  }

  private int steps(SamplingExecutor choice, StreamGrain grain) {
    ImageSpec image = definition().image();
    int row = image.width() * image.channels();
    int rows = choice.rows().orElse(grain == StreamGrain.IMAGE ? image.height() : 1);
    return grain == StreamGrain.VALUE ? 1 : Math.min(rows, image.height()) * row;
  }

  @Override
  public void close() {
    turns.close();
  }

  private void free() {
    derived.close();
    compiled.values().forEach(StepEngine::close);
    compiled.clear();
    bound.clear();
  }
}
