package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.engine.Device;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.StepCompiler;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.internal.tensorflow.TensorFlowEngine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names, and the rule of the automatic choice. */
class SamplingExecutorTest {

  private static final long LARGE = (long) SamplingExecutor.WORTH_COMPILING;

  @Test
  void executorsHaveNames() {
    for (String name : List.of("automatic", "jvm", "tensorflow", "tensorflow-without-xla")) {
      assertEquals(name, SamplingExecutor.named(name).toString());
    }
    assertThrows(IllegalArgumentException.class, () -> SamplingExecutor.named("cuda"));
  }

  @Test
  void onlyTensorFlowTakesRows() {
    assertEquals("tensorflow(3 rows)", SamplingExecutor.tensorflow().rows(3).toString());
    assertThrows(IllegalArgumentException.class, () -> SamplingExecutor.tensorflow().rows(0));
    assertThrows(IllegalArgumentException.class, () -> SamplingExecutor.jvm().rows(1));
    assertThrows(IllegalArgumentException.class, () -> SamplingExecutor.automatic().rows(1));
  }

  @Test
  void aGpuIsForManyImagesByRows() {
    assertTrue(new SeriesSize(64, 64, StreamGrain.ROW).suitsGpu());
    assertTrue(new SeriesSize(64, 1000, StreamGrain.IMAGE).suitsGpu());
    assertFalse(new SeriesSize(63, 1000, StreamGrain.IMAGE).suitsGpu());
    assertFalse(new SeriesSize(64, 64, StreamGrain.PIXEL).suitsGpu());
  }

  @Test
  void xlaIsForLongSeriesByRows() {
    assertTrue(new SeriesSize(8, 100, StreamGrain.ROW).isWorthCompiling(LARGE / 100));
    assertFalse(new SeriesSize(8, 99, StreamGrain.IMAGE).isWorthCompiling(LARGE / 100));
    assertFalse(new SeriesSize(7, 100, StreamGrain.IMAGE).isWorthCompiling(LARGE / 100));
    assertFalse(new SeriesSize(64, 64, StreamGrain.PIXEL).isWorthCompiling(LARGE));
  }

  @Test
  void theProcessorTakesXlaOnlyInPlaceOfPlainLoops() {
    SeriesSize size = new SeriesSize(64, 64, StreamGrain.IMAGE);
    StepCompiler cpu = TensorFlowEngine.on(Device.cpu());
    Optional<TensorFlowLoops> xla =
        cpu.runs(TensorFlowLoops.XLA) ? Optional.of(TensorFlowLoops.XLA) : Optional.empty();
    assertEquals(xla, SamplingExecutor.onProcessor(size, LARGE, JvmLoops.PLAIN, cpu));
    assertEquals(Optional.empty(), SamplingExecutor.onProcessor(size, 1, JvmLoops.PLAIN, cpu));
    assertEquals(Optional.empty(), SamplingExecutor.onProcessor(size, LARGE, JvmLoops.VECTOR, cpu));
  }
}
