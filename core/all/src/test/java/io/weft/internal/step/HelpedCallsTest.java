package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.define.Definition;
import io.weft.internal.thread.Together;
import io.weft.model.GatedPixelCnn;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions in whose calls of several positions a second thread helps, if it comes. */
@Timeout(120)
class HelpedCallsTest {

  private static final ImageSpec GREY = new ImageSpec(6, 6, 1, 4);
  private static final ImageSpec RGB = new ImageSpec(5, 6, 3, 8);

  static Stream<Named<Definition>> definitions() {
    return Stream.of(
        Named.of("gated", GatedPixelCnn.builder(GREY).maps(8).blocks(2).embedding(3).build()),
        // As wide as vectors: what functions give goes straight to its cache.
        Named.of("gated, 16 maps", GatedPixelCnn.of(GREY, 2, 16, 3)),
        Named.of("gated, in colour", GatedPixelCnn.of(RGB, 2, 6, 3)),
        Named.of(
            "PixelCNN++", PixelCnnPlusPlus.builder(new ImageSpec(8, 8, 3, 256)).maps(6).build()),
        Named.of(
            "locally masked",
            LocallyMaskedPixelCnn.builder(GREY)
                .maps(6)
                .blocks(1)
                .orders(List.of(GenerationOrder.sCurve(6, 6)))
                .build()),
        Named.of("PixelSNAIL", PixelSnail.builder(GREY).maps(8).blocks(1).build()),
        Named.of(
            "Diagonal BiLSTM", PixelRnn.diagonalBiLstmBuilder(GREY).maps(4).blocks(1).build()));
  }

  private static JvmStepExecutor executor(Definition definition) {
    return JvmStepExecutor.bind(StepProgram.of(definition), RandomWeights.of(definition, 5));
  }

  /** All calls and products that can be halved are, however small they are. */
  private static StepSession helped(
      JvmStepExecutor executor, int images, Kernels kernels, int pixels) {
    StepProgram program = executor.program().forTwoThreads(pixels);
    HalvedCalls halved = HalvedCalls.of(program, call -> true);
    return executor.openHelped(images, new TwoThreads(program, halved, kernels, 1));
  }

  private static StepSession helped(JvmStepExecutor executor, int images, Kernels kernels) {
    return helped(executor, images, kernels, 1);
  }

  /** Draws some images at random; both sessions see the same. */
  private static void assertSame(StepProgram program, StepSession alone, StepSession helped) {
    SplittableRandom random = new SplittableRandom(3);
    int images = alone.images();
    float[] expected = new float[images * program.parameters()];
    float[] found = new float[images * program.parameters()];
    ImageSpec image = program.definition().image();
    for (int step = 0; step < program.steps(); step++) {
      alone.compute(step, expected);
      helped.compute(step, found);
      assertArrayEquals(expected, found, "step " + step);
      for (int i = 0; i < images; i++) {
        float value = image.scaled(random.nextInt(image.levels()));
        alone.write(step, i, value);
        helped.write(step, i, value);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void giveTheSameBits(Definition definition) {
    JvmStepExecutor executor = executor(definition);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Kernels noting = HookedKernels.before(() -> threads.add(Thread.currentThread()));
    CallTable calls = executor.program().calls();
    boolean isAsked =
        Together.helpers() > 0
            && IntStream.range(0, calls.count()).anyMatch(c -> calls.size(c) > 1);
    // It may be long in coming where others have work for it.
    do {
      try (StepSession alone = executor.open(2);
          StepSession helped = helped(executor, 2, noting)) {
        assertSame(executor.program(), alone, helped);
      }
    } while (isAsked && threads.size() < 2);
  }

  /** Whichever of the two is late: nothing is read too early, and nothing is written too early. */
  @ParameterizedTest
  @MethodSource("definitions")
  void giveTheSameBitsHoweverLateOneOfThemIs(Definition definition) {
    JvmStepExecutor executor = executor(definition);
    Thread mine = Thread.currentThread();
    for (int pixels = 1; pixels <= 2; pixels++) {
      for (boolean isMineLate : new boolean[] {false, true}) {
        Kernels late =
            HookedKernels.before(
                () -> {
                  if ((Thread.currentThread() == mine) == isMineLate) {
                    LockSupport.parkNanos(1_000);
                  }
                });
        try (StepSession alone = executor.open(1);
            StepSession helped = helped(executor, 1, late, pixels)) {
          assertSame(executor.program(), alone, helped);
        }
      }
    }
  }

  /** As when it has other work: then this thread makes the calls aside too. */
  @ParameterizedTest
  @MethodSource("definitions")
  void giveTheSameBitsIfNobodyComes(Definition definition) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    int threads = ForkJoinPool.commonPool().getParallelism();
    CountDownLatch busy = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      ForkJoinPool.commonPool()
          .execute(
              () -> {
                busy.countDown();
                while (done.getCount() > 0) {
                  LockSupport.parkNanos(100_000);
                }
              });
    }
    JvmStepExecutor executor = executor(definition);
    try {
      busy.await();
      try (StepSession alone = executor.open(2);
          StepSession helped = helped(executor, 2, JvmLoops.best().kernels())) {
        assertSame(executor.program(), alone, helped);
      }
    } finally {
      done.countDown();
    }
  }

  @Test
  void whatTheSecondThreadThrowsIsThrown() {
    assumeTrue(Together.helpers() > 0, "there is one thread");
    JvmStepExecutor executor = executor(GatedPixelCnn.of(GREY, 2, 6, 3));
    Thread mine = Thread.currentThread();
    Kernels failing =
        HookedKernels.before(
            () -> {
              if (Thread.currentThread() != mine) {
                throw new IllegalStateException("the second one fails");
              }
            });
    Supplier<IllegalStateException> drawing =
        () -> {
          while (true) {
            try (StepSession alone = executor.open(1);
                StepSession helped = helped(executor, 1, failing)) {
              assertSame(executor.program(), alone, helped);
            } catch (IllegalStateException e) {
              return e;
            }
          }
        };
    assertEquals("the second one fails", drawing.get().getMessage());
  }

  @Test
  void anInterruptEndsThem() {
    JvmStepExecutor executor = executor(GatedPixelCnn.of(GREY, 2, 6, 3));
    try (StepSession helped = helped(executor, 1, JvmLoops.best().kernels())) {
      Thread.currentThread().interrupt();
      assertThrows(
          java.util.concurrent.CancellationException.class,
          () -> helped.compute(0, new float[executor.program().parameters()]));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  /** Halves have the positions of the whole, and what belongs to each. */
  @Test
  void halvesAreTheWhole() {
    StepProgram program = StepProgram.of(GatedPixelCnn.of(GREY, 2, 6, 3));
    CallTable calls = program.calls();
    HalvedCalls halved = HalvedCalls.of(program, call -> calls.size(call) > 2);
    int found = 0;
    for (int call = 0; call < calls.count(); call++) {
      assertEquals(calls.size(call) > 2, halved.isHalved(call));
      if (!halved.isHalved(call)) {
        continue;
      }
      found++;
      int reads = program.groups().get(calls.group(call)).reads().size();
      int p = 0;
      for (int half = halved.first(call); half <= halved.first(call) + 1; half++) {
        CallTable table = halved.table();
        assertEquals(calls.group(call), table.group(half));
        for (int q = 0; q < table.size(half); q++, p++) {
          assertEquals(calls.position(call, p), table.position(half, q));
          assertEquals(calls.written(call, p), table.written(half, q));
          for (int read = 0; read < reads; read++) {
            assertEquals(calls.gathered(call, read, p), table.gathered(half, read, q));
          }
        }
      }
      assertEquals(calls.size(call), p);
    }
    assertTrue(found > 0);
    assertFalse(halved.isEmpty());
    assertTrue(HalvedCalls.of(program, call -> false).isEmpty());
  }
}
