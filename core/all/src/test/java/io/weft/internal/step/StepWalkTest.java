package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** A walk ends by giving back what it computed with, for the next one to go on with. */
class StepWalkTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final ImageSpec IMAGE = new ImageSpec(3, 100, 1, 4);
  private static final StepWalk.Given NOTHING = (i, condition) -> new float[0];
  private static final StepWalk.Chooser CHOOSER = (i, value, logits) -> value % IMAGE.levels();

  private final StepProgram program = StepProgram.of(GatedPixelCnn.of(IMAGE, 2, 32, 3));

  // Cold loops of vectors allocate.
  private final JvmStepExecutor executor =
      JvmStepExecutor.bind(program, RandomWeights.of(program.definition(), 1), JvmLoops.PLAIN);

  private static long allocated(Runnable walk) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    walk.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private void visit() {
    StepWalk.visit(
        executor, 2, NOTHING, (i, v) -> v % IMAGE.levels(), (image, value, logits) -> {});
  }

  private void advance(int values) {
    StepWalk walk = StepWalk.of(executor, 2);
    walk.give(NOTHING);
    for (int i = 0; i < values; i++) {
      walk.advance(CHOOSER);
    }
    if (values < IMAGE.values()) {
      walk.close();
    }
  }

  private static void assertGivesBack(Runnable walk) {
    long first = allocated(walk);
    long next = allocated(walk);
    assertTrue(next < first / 4, first + " bytes, then " + next);
  }

  @Test
  void whoLooksAtKnownImages() {
    assertGivesBack(this::visit);
  }

  @Test
  void whoChoosesAllValues() {
    assertGivesBack(() -> advance(IMAGE.values()));
  }

  @Test
  void whoEndsBefore() {
    assertGivesBack(() -> advance(150));
  }

  @Test
  void aVisitorThatFailsLeavesNothingOpen() {
    assertGivesBack(
        () ->
            assertEquals(
                "seen",
                assertThrows(
                        IllegalStateException.class,
                        () ->
                            StepWalk.visit(
                                executor,
                                2,
                                NOTHING,
                                (i, v) -> 0,
                                (image, value, logits) -> {
                                  throw new IllegalStateException("seen");
                                }))
                    .getMessage()));
  }

  @Test
  void nothingFollowsTheEnd() {
    StepWalk walk = StepWalk.of(executor, 1);
    for (int i = 0; i < IMAGE.values(); i++) {
      walk.advance(CHOOSER);
    }
    assertTrue(walk.isDone());
    walk.close();
    assertThrows(RuntimeException.class, () -> walk.advance(CHOOSER));
  }
}
