package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.BitSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing is allocated for a pixel: the collector never interrupts sampling. */
class AllocationTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  // Vectors are objects until the JIT compiler has made registers of them; the machine may be busy.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @ParameterizedTest
  @CsvSource({"PLAIN, 1, 0", "PLAIN, 8, 0", "VECTOR, 1, 0", "VECTOR, 8, 0", "PLAIN, 8, 50"})
  void ofPixelsIsNone(JvmLoops loops, int images, int known) throws InterruptedException {
    StepProgram program = StepProgram.of(GatedPixelCnn.of(new ImageSpec(12, 12, 1, 32), 2, 32, 3));
    StepExecutor executor =
        JvmStepExecutor.bind(program, RandomWeights.of(program.definition(), 1), loops);
    SoftmaxDraw draw = new SoftmaxDraw(32, loops);
    float[] parameters = new float[images * program.parameters()];
    BitSet steps = new BitSet();
    steps.set(20, 20 + known);
    double least = Double.POSITIVE_INFINITY;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (least >= 1 && System.nanoTime() < end) {
      try (StepSession session = executor.open(images)) {
        session.know(steps);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        sample(session, program, draw, parameters);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        least = Math.min(least, bytes / (double) program.steps());
      }
      // The JIT compiler works in the background.
      Thread.sleep(20);
    }
    assertTrue(least < 1, least + " bytes a pixel");
  }

  private static void sample(
      StepSession session, StepProgram program, SoftmaxDraw draw, float[] parameters) {
    for (int step = 0; step < program.steps(); step++) {
      session.compute(step, parameters);
      for (int b = 0; b < session.images(); b++) {
        int level = draw.draw(parameters, b * program.parameters(), 1, 0.5);
        session.write(step, b, level / 32f);
      }
    }
  }
}
