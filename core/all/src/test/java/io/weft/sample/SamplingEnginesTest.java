package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepCompiler;
import io.weft.internal.step.StepEngine;
import io.weft.internal.step.StepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepSession;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.internal.thread.Lease;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.order.GenerationOrder;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import io.weft.testing.OrderedModel;
import io.weft.testing.RandomWeights;
import io.weft.weight.Weights;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs borrow the engines that their model keeps. */
@Timeout(60)
class SamplingEnginesTest {

  private static final ImageSpec IMAGE = new ImageSpec(4, 4, 1, 2);
  private static final Definition DEFINITION = OrderedModel.of(IMAGE);
  private static final Weights WEIGHTS = RandomWeights.of(DEFINITION, 1);

  private final Recording compiler = new Recording();
  private final SamplingEngines engines = SamplingEngines.of(DEFINITION, compiler);
  private final Sampler sampler =
      Sampler.of(engines, () -> WEIGHTS, 1).executor(SamplingExecutor.tensorflow());

  /** Stands for TensorFlow: engines that say when they are closed, and stop where they are told. */
  private static final class Recording implements StepCompiler {
    final List<Recorded> compiled = new CopyOnWriteArrayList<>();
    final List<Recorded> closed = new CopyOnWriteArrayList<>();
    volatile CountDownLatch reached = new CountDownLatch(0);
    volatile CountDownLatch goOn = new CountDownLatch(0);

    @Override
    public boolean isOnGpu() {
      return false;
    }

    @Override
    public boolean runs(TensorFlowLoops loops) {
      return loops == TensorFlowLoops.PLAIN;
    }

    @Override
    public StepEngine compile(
        StepProgram program, int batch, int stepsPerDraw, TensorFlowLoops loops) {
      Recorded engine = new Recorded(this, program);
      compiled.add(engine);
      return engine;
    }

    void stop() {
      reached.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final class Recorded implements StepEngine {
    final Recording recording;
    final StepProgram program;
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger bound = new AtomicInteger();

    Recorded(Recording recording, StepProgram program) {
      this.recording = recording;
      this.program = program;
    }

    @Override
    public StepExecutor bind(Weights weights) {
      bound.incrementAndGet();
      StepExecutor onJvm = JvmStepExecutor.bind(program, weights);
      return new StepExecutor() {
        @Override
        public StepProgram program() {
          return program;
        }

        @Override
        public int imagesPerSession() {
          return onJvm.imagesPerSession();
        }

        @Override
        public StepSession open(int images) {
          open.incrementAndGet();
          return new Stopping(Recorded.this, onJvm.open(images));
        }
      };
    }

    @Override
    public void close() {
      assertEquals(0, open.get(), "an engine was closed under a run");
      recording.closed.add(this);
    }
  }

  private record Stopping(Recorded engine, StepSession session) implements StepSession {
    @Override
    public int images() {
      return session.images();
    }

    @Override
    public void give(int image, Condition condition, float[] feature) {
      session.give(image, condition, feature);
    }

    @Override
    public void know(BitSet steps) {
      session.know(steps);
    }

    @Override
    public void compute(int step, float[] parameters) {
      engine.recording.stop();
      session.compute(step, parameters);
    }

    @Override
    public void write(int step, int image, float value) {
      session.write(step, image, value);
    }

    @Override
    public void close() {
      engine.open.decrementAndGet();
      session.close();
    }
  }

  private static GenerationOrder order(int seed) {
    return GenerationOrder.random(4, 4, seed);
  }

  @Test
  void aRunHoldsItsEngineWhileOthersAreCompiled() {
    SampledImage expected = sampler.images().toList().get(0);
    Recorded its = compiler.compiled.get(0);
    try (SamplingRun run = sampler.run()) {
      run.advance();
      its = compiler.compiled.get(compiler.compiled.size() - 1);
      for (int seed = 0; seed < SamplingEngines.ENGINES; seed++) {
        sampler.order(order(seed)).images().toList();
      }
      assertTrue(compiler.compiled.size() > SamplingEngines.ENGINES);
      assertEquals(1, its.open.get());
      assertFalse(compiler.closed.contains(its), "it is in use");
      while (!run.isDone()) {
        run.advance();
      }
      assertEquals(expected, run.image(0));
    }
    assertTrue(compiler.closed.contains(its), "now nobody wants it");
  }

  @Test
  void closingDuringARunOnAnotherThreadWaitsForItsStep() throws Exception {
    compiler.reached = new CountDownLatch(1);
    compiler.goOn = new CountDownLatch(1);
    var drawing =
        CompletableFuture.supplyAsync(() -> sampler.count(100).batch(1).pixels().toList());
    compiler.reached.await();
    engines.close();
    assertEquals(List.of(), compiler.closed, "a step is under way");
    compiler.goOn.countDown();
    var end = assertThrows(ExecutionException.class, drawing::get);
    assertTrue(end.getCause() instanceof IllegalStateException, "" + end);
    assertTrue(end.getCause().getMessage().contains("this model is closed"), "" + end);
    assertEquals(compiler.compiled, compiler.closed, "the last one out closes");
    assertThrows(IllegalStateException.class, () -> sampler.run());
  }

  @Test
  void everyWayToDrawGivesItsEngineBack() {
    sampler.count(3).batch(2).images().toList();
    try (Stream<Pixel> pixels = sampler.count(3).batch(2).pixels().stream()) {
      assertEquals(5, pixels.limit(5).count());
    }
    try (Pull<Pixel> pull = sampler.pixels().iterator()) {
      pull.next();
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Sampler.of(
                    SamplingEngines.onJvm(StepProgram.completing(DEFINITION, 3)), () -> WEIGHTS, 1)
                .run());
    try (SamplingRun run = sampler.run()) {
      assertThrows(IllegalArgumentException.class, () -> run.force(0, 2));
    }
    engines.close();
    assertEquals(List.copyOf(compiler.compiled), List.copyOf(compiler.closed));
  }

  @Test
  void enginesAreSharedByRunsAndBoundOnceToTheSameWeights() {
    List<SampledImage> images = sampler.images().toList();
    assertEquals(images, sampler.images().toList());
    assertEquals(1, compiler.compiled.size());
    assertEquals(1, compiler.compiled.get(0).bound.get());
    Sampler.of(engines, () -> RandomWeights.of(DEFINITION, 2), 1)
        .executor(SamplingExecutor.tensorflow())
        .images()
        .toList();
    assertEquals(1, compiler.compiled.size());
    assertEquals(2, compiler.compiled.get(0).bound.get());
  }

  @Test
  void theLastFewOrdersAreKept() {
    SeriesSize size = new SeriesSize(1, 1, Portion.IMAGE);
    StepProgram first = program(order(0), size);
    for (int seed = 1; seed < SamplingEngines.ORDERS; seed++) {
      program(order(seed), size);
    }
    assertSame(first, program(order(0), size));
    program(order(100), size);
    assertSame(first, program(order(0), size));
    StepProgram own = program(DEFINITION.order(), size);
    for (int seed = 1; seed <= SamplingEngines.ORDERS; seed++) {
      program(order(seed), size);
    }
    assertNotSame(first, program(order(0), size));
    try (Lease<StepExecutor> lease = engines.lend(SamplingExecutor.jvm(), WEIGHTS, size)) {
      assertEquals(own.definition(), lease.value().program().definition());
    }
  }

  private StepProgram program(GenerationOrder order, SeriesSize size) {
    try (Lease<StepExecutor> lease =
        engines.lend(order, 0, SamplingExecutor.jvm(), WEIGHTS, size)) {
      assertEquals(order, lease.value().program().definition().order());
      return lease.value().program();
    }
  }

  /** Nothing but itself; counts how often it is asked for its shape, as each proof does. */
  private record Asked() implements Layer {
    static final AtomicInteger TIMES = new AtomicInteger();

    @Override
    public Shape shape(Inputs inputs) {
      TIMES.incrementAndGet();
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0);
    }
  }

  @Test
  void anOrderIsProvenOnce() {
    ModelBuilder model = ModelBuilder.of("asked", IMAGE);
    Definition definition =
        model.softmax(
            model
                .image()
                .apply(CausalConvolution.square(4, 3, MaskType.A))
                .apply(new Asked())
                .apply(Pointwise.of(2)));
    Sampler plain = Sampler.of(definition, RandomWeights.of(definition, 1), 1);
    Asked.TIMES.set(0);
    Sampler ordered = plain.order(order(1));
    int once = Asked.TIMES.get();
    assertTrue(once > 0);
    ordered.images().toList();
    ordered.seed(2).pixels().toList();
    plain.order(order(1)).rows().toList();
    assertEquals(once, Asked.TIMES.get());
  }
}
