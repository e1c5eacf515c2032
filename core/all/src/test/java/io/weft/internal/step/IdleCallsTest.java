package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left out where values are known changes no parameter that is asked for. */
class IdleCallsTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingThatIsAskedForChanges(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Definition definition = RandomGraphs.of(seed);
    StepProgram program = StepProgram.of(definition);
    StepExecutor executor = JvmStepExecutor.bind(program, RandomWeights.of(definition, seed));
    BitSet known = new BitSet();
    int share = random.nextInt(1, 6);
    IntStream.range(0, program.steps()).forEach(s -> known.set(s, random.nextInt(6) < share));
    try (StepSession all = executor.open(1);
        StepSession some = executor.open(1)) {
      var conditions = RandomGraphs.conditions(definition, random);
      definition.conditions().forEach(c -> all.give(0, c, conditions.feature(c)));
      definition.conditions().forEach(c -> some.give(0, c, conditions.feature(c)));
      some.know(known);
      int[] levels = RandomGraphs.image(definition, random);
      float[] expected = new float[program.parameters()];
      float[] found = new float[program.parameters()];
      for (int step = 0; step < program.steps(); step++) {
        all.compute(step, expected);
        some.compute(step, found);
        if (!known.get(step)) {
          assertArrayEquals(expected, found, "step " + step);
        }
        int channels = definition.image().channels();
        int level = levels[program.position(step) * channels + program.channel(step)];
        all.write(step, 0, definition.image().scaled(level));
        some.write(step, 0, definition.image().scaled(level));
      }
    }
  }

  @Test
  void whatServesNobodyIsLeftOut() {
    ImageSpec image = new ImageSpec(12, 12, 1, 2);
    StepProgram program = StepProgram.of(GatedPixelCnn.of(image, 2, 8, 3));
    assertTrue(program.idleCalls(new BitSet()).isEmpty());
    BitSet top = new BitSet();
    top.set(0, 72);
    BitSet idle = program.idleCalls(top);
    // Only rows within the receptive field serve the bottom half: of the first ones, nothing.
    assertEquals(program.firstCall(12), idle.get(0, program.firstCall(12)).cardinality());
    assertTrue(idle.cardinality() > program.firstCall(72) / 2, "" + idle.cardinality());
    assertEquals(0, idle.get(program.firstCall(72), program.firstCall(144)).cardinality());
    BitSet bottom = new BitSet();
    bottom.set(72, 144);
    int calls = program.firstCall(144);
    assertEquals(
        calls - program.firstCall(72),
        program.idleCalls(bottom).get(program.firstCall(72), calls).cardinality());
    BitSet every = new BitSet();
    every.set(0, 144);
    assertEquals(calls, program.idleCalls(every).cardinality());
  }
}
