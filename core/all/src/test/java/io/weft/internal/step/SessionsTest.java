package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.define.Definition;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Into how many sessions images are divided. */
class SessionsTest {

  private static final JvmStepExecutor EXECUTOR = executor();

  private static JvmStepExecutor executor() {
    Definition definition = PixelCnn.of(new ImageSpec(4, 4, 1, 2), 1, 4, 3);
    return JvmStepExecutor.bind(StepProgram.of(definition), Weights.initial(definition, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8, 1",
    "2, 8, 1",
    "3, 8, 1",
    "4, 2, 2",
    "8, 2, 2",
    "8, 4, 4",
    "8, 1, 1",
    "16, 2, 2",
    "17, 2, 3",
    "64, 2, 8",
    "64, 16, 16"
  })
  void areAsManyAsThreadsButOfTwoImagesAtLeast(int images, int threads, int sessions) {
    assertEquals(sessions, EXECUTOR.sessions(images, threads));
  }

  /** An executor that says nothing else fills one session after the other. */
  @Test
  void areFullUnlessTheExecutorKnowsBetter() {
    StepExecutor other =
        new StepExecutor() {
          @Override
          public StepProgram program() {
            return EXECUTOR.program();
          }

          @Override
          public int imagesPerSession() {
            return 10;
          }

          @Override
          public StepSession open(int images) {
            return EXECUTOR.open(images);
          }
        };
    assertEquals(1, other.sessions(10, 16));
    assertEquals(2, other.sessions(11, 1));
  }
}
