package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import io.weft.testing.OrderedModel;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Known pixels at the beginning change when things are computed, not what is drawn from. */
class CompletingProgramTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void parametersOfMissingPixelsAreTheSame(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Definition definition = RandomGraphs.of(seed);
    int known = random.nextInt(definition.image().pixels());
    StepProgram whole = StepProgram.of(definition);
    StepProgram completing = StepProgram.completing(definition, known);
    completing.verify();
    assertEquals(known * definition.image().channels(), completing.knownSteps());
    var weights = RandomWeights.of(definition, seed);
    try (StepSession all = JvmStepExecutor.bind(whole, weights).open(1);
        StepSession some = JvmStepExecutor.bind(completing, weights).open(1)) {
      var conditions = RandomGraphs.conditions(definition, random);
      definition.conditions().forEach(c -> all.give(0, c, conditions.feature(c)));
      definition.conditions().forEach(c -> some.give(0, c, conditions.feature(c)));
      int[] levels = RandomGraphs.image(definition, random);
      float[] expected = new float[whole.parameters()];
      float[] found = new float[whole.parameters()];
      for (int step = 0; step < whole.steps(); step++) {
        all.compute(step, expected);
        some.compute(step, found);
        if (step >= completing.knownSteps()) {
          assertArrayEquals(expected, found, "step " + step);
        }
        int channels = definition.image().channels();
        int level = levels[whole.position(step) * channels + whole.channel(step)];
        all.write(step, 0, definition.image().scaled(level));
        some.write(step, 0, definition.image().scaled(level));
      }
    }
  }

  @Test
  void whatIsKnownIsComputedAtOnceAndOnlyWhereItIsNeeded() {
    ImageSpec image = new ImageSpec(12, 12, 1, 2);
    Definition definition = OrderedModel.of(image, List.of(GenerationOrder.hilbert(12, 12)));
    StepProgram completing = StepProgram.completing(definition, 100);
    assertEquals(0, completing.firstCall(100));
    int atOnce = completing.firstCall(101);
    assertTrue(atOnce <= completing.groups().size(), atOnce + " calls");
    assertTrue(completing.flops() < StepProgram.of(definition).flops());
    for (int call = atOnce; call < completing.firstCall(144); call++) {
      for (int p = 0; p < completing.calls().size(call); p++) {
        int rank = definition.order().rank(completing.calls().position(call, p));
        assertTrue(rank >= 100, "a known position is computed late");
      }
    }
  }

  @Test
  void somePixelIsMissing() {
    Definition definition = OrderedModel.of(new ImageSpec(3, 3, 1, 2));
    assertThrows(IllegalArgumentException.class, () -> StepProgram.completing(definition, 9));
    assertThrows(IllegalArgumentException.class, () -> StepProgram.completing(definition, -1));
  }
}
