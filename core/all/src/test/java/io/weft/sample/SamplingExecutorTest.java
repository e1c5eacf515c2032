package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.StepCompiler;
import io.weft.internal.step.StepEngine;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.internal.tensorflow.TensorFlowEngine;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelRnn;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, and the rule of the automatic choice. */
class SamplingExecutorTest {

  private static final ImageSpec IMAGE = new ImageSpec(4, 4, 1, 2);

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
    assertTrue(new SeriesSize(64, 64, Portion.ROW).suitsGpu());
    assertTrue(new SeriesSize(64, 1000, Portion.IMAGE).suitsGpu());
    assertFalse(new SeriesSize(63, 1000, Portion.IMAGE).suitsGpu());
    assertFalse(new SeriesSize(64, 64, Portion.PIXEL).suitsGpu());
  }

  @Test
  void xlaIsForLongSeriesByRows() {
    assertTrue(new SeriesSize(8, 100, Portion.ROW).isWorthCompiling(LARGE / 100));
    assertFalse(new SeriesSize(8, 99, Portion.IMAGE).isWorthCompiling(LARGE / 100));
    assertFalse(new SeriesSize(7, 100, Portion.IMAGE).isWorthCompiling(LARGE / 100));
    assertFalse(new SeriesSize(64, 64, Portion.PIXEL).isWorthCompiling(LARGE));
  }

  /** What is chosen for a series that is long enough for its model. */
  private static Optional<TensorFlowLoops> chosen(
      Definition definition, int images, JvmLoops jvm, StepCompiler compiler) {
    StepProgram program = StepProgram.of(definition);
    int count = (int) Math.min(Integer.MAX_VALUE, LARGE / program.flops() + 1);
    return SamplingExecutor.automatic(
        new SeriesSize(images, count, Portion.IMAGE), program, jvm, compiler);
  }

  @Test
  void theProcessorTakesXlaOnlyInPlaceOfPlainLoops() {
    Definition gated = GatedPixelCnn.of(IMAGE, 1, 4, 3);
    StepCompiler cpu = TensorFlowEngine.on(Device.cpu());
    Optional<TensorFlowLoops> xla =
        cpu.runs(TensorFlowLoops.XLA) ? Optional.of(TensorFlowLoops.XLA) : Optional.empty();
    assertEquals(xla, chosen(gated, 64, JvmLoops.PLAIN, cpu));
    assertEquals(Optional.empty(), chosen(gated, 7, JvmLoops.PLAIN, cpu));
    assertEquals(Optional.empty(), chosen(gated, 64, JvmLoops.VECTOR, cpu));
  }

  /** What stands for a device that runs everything. */
  private record Everything(boolean isOnGpu) implements StepCompiler {
    @Override
    public boolean runs(TensorFlowLoops loops) {
      return true;
    }

    @Override
    public StepEngine compile(
        StepProgram program, int batch, int stepsPerDraw, TensorFlowLoops loops) {
      throw new AssertionError("nothing is compiled to choose");
    }
  }

  /** Steps of many small calls: XLA compiles them for long, and gains nothing by it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recurrencesStayOnTheJvm(boolean onGpu) {
    StepCompiler device = new Everything(onGpu);
    Optional<TensorFlowLoops> xla = Optional.of(TensorFlowLoops.XLA);
    assertEquals(xla, chosen(GatedPixelCnn.of(IMAGE, 1, 4, 3), 64, JvmLoops.PLAIN, device));
    for (Definition recurrent :
        List.of(PixelRnn.rowLstm(IMAGE, 1, 2), PixelRnn.diagonalBiLstm(IMAGE, 1, 2))) {
      assertEquals(Optional.empty(), chosen(recurrent, 64, JvmLoops.PLAIN, device));
      SeriesSize size = new SeriesSize(64, 64, Portion.IMAGE);
      StepProgram program = StepProgram.of(recurrent);
      assertEquals(xla, SamplingExecutor.tensorflow().tensorFlowLoops(size, program, device));
    }
  }
}
