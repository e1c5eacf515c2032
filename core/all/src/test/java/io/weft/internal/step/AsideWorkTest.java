package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.model.GatedPixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Calls aside end between two of them. */
class AsideWorkTest {

  private static final BitSet NONE = new BitSet();

  private final StepProgram program =
      StepProgram.of(GatedPixelCnn.of(new ImageSpec(5, 20, 1, 4), 2, 4, 3)).forTwoThreads(4);
  private final AsideWork aside = new AsideWork(program.aside());

  /** A step in whose beginning several of them may be made, and that needs them. */
  private final int step = 2 * 20;

  private CallInterpreter interpreter(Runnable first) {
    JvmStepExecutor executor =
        JvmStepExecutor.bind(program, RandomWeights.of(program.definition(), 5));
    Kernels kernels = HookedKernels.before(first);
    SessionCaches caches = executor.work(1, kernels).caches;
    return new CallInterpreter(caches, program.calls(), kernels, matrix -> Optional.empty());
  }

  @Test
  void whoMakesThemStopsAfterTheOneInHand() {
    aside.release(step, NONE);
    aside.run(interpreter(aside::stop));
    assertFalse(aside.isOpen());
    assertFalse(aside.isReadyFor(step));
    aside.release(step, NONE);
    assertTrue(aside.isOpen());
    aside.run(interpreter(() -> {}));
    assertTrue(aside.isReadyFor(step));
  }

  @Test
  void whoIsInterruptedMakesNoMore() {
    aside.release(step, NONE);
    CallInterpreter interpreter = interpreter(() -> Thread.currentThread().interrupt());
    assertThrows(CancellationException.class, () -> aside.runFor(step, interpreter));
    assertTrue(Thread.interrupted());
    assertFalse(aside.isReadyFor(step));
    aside.runFor(step, interpreter(() -> {}));
    assertTrue(aside.isReadyFor(step));
    assertEquals(program.aside().needed(step) < program.aside().released(step), aside.isOpen());
  }
}
