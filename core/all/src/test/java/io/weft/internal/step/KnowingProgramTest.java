package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.model.ImageGpt;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.testing.SlowChecks;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where values are known, the same numbers come out of fewer calls. */
class KnowingProgramTest {

  static List<Definition> models() {
    List<Definition> models = new ArrayList<>();
    ImageSpec image = new ImageSpec(5, 7, 3, 5);
    models.add(PixelRnn.rowLstm(image, 2, 5));
    models.add(PixelRnn.diagonalBiLstm(image, 2, 4));
    models.add(PixelCnnPlusPlus.builder(image).blocks(1).maps(4).components(2).build());
    models.add(PixelSnail.builder(image).blocks(1).maps(8).components(2).build());
    models.add(ImageGpt.builder(image).blocks(1).maps(8).heads(2).build());
    LongStream.range(0, SlowChecks.times(8, 300))
        .forEach(
            seed -> models.add(seed % 2 == 0 ? RandomGraphs.of(seed) : RandomGraphs.ordered(seed)));
    return models;
  }

  private static float[][] logits(StepProgram program, Weights weights, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Definition definition = program.definition();
    int[] levels = RandomGraphs.image(definition, random);
    ConditionValues conditions = RandomGraphs.conditions(definition, random);
    float[][] logits = new float[levels.length][];
    StepWalk.visit(
        JvmStepExecutor.bind(program, weights),
        1,
        (i, condition) -> conditions.feature(condition),
        (i, value) -> levels[value],
        (i, value, found) -> logits[value] = found.clone());
    return logits;
  }

  @ParameterizedTest
  @MethodSource("models")
  void givesTheSameBits(Definition definition) {
    Weights weights = RandomWeights.of(definition, 3);
    float[][] expected = logits(StepProgram.of(definition), weights, 4);
    for (int pixels : new int[] {1, 5, 16}) {
      StepProgram program = StepProgram.knowing(definition, pixels);
      program.verify();
      float[][] found = logits(program, weights, 4);
      for (int value = 0; value < expected.length; value++) {
        assertArrayEquals(expected[value], found[value], pixels + " pixels, value " + value);
      }
    }
  }

  @Test
  void makesFewerCalls() {
    Definition definition = PixelRnn.rowLstm(new ImageSpec(8, 8, 1, 4), 1, 4);
    StepProgram drawing = StepProgram.of(definition);
    StepProgram knowing = StepProgram.knowing(definition, 16);
    assertEquals(drawing.flops(), knowing.flops());
    int calls = knowing.firstCall(knowing.steps());
    assertTrue(calls < drawing.firstCall(drawing.steps()) / 2, calls + " calls");
    assertEquals(16, knowing.valuesBefore(0));
    assertEquals(64, knowing.valuesBefore(63));
    assertEquals(5, drawing.valuesBefore(5));
    assertThrows(IllegalArgumentException.class, () -> StepProgram.knowing(definition, 0));
  }
}
