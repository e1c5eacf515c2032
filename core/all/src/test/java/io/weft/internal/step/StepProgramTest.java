package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.MaskType;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepProgramTest {

  private static final ImageSpec GREY = new ImageSpec(8, 8, 1, 4);
  private static final StepProgram GATED = StepProgram.of(GatedPixelCnn.of(GREY, 2, 4, 3));

  /** For each node, the numbers of positions that its calls compute. */
  private static Map<String, List<Integer>> calls(StepProgram program) {
    Map<String, List<Integer>> calls = new HashMap<>();
    for (int call = 0; call < program.calls().count(); call++) {
      calls
          .computeIfAbsent(
              program.groups().get(program.calls().group(call)).node(),
              n -> new java.util.ArrayList<>())
          .add(program.calls().size(call));
    }
    return calls;
  }

  @Test
  void theVerticalStackIsComputedARowAtATimeAndTheHorizontalAPixelAtATime() {
    Map<String, List<Integer>> calls = calls(GATED);
    // The last row of a vertical stack is needed by nobody.
    assertEquals(java.util.Collections.nCopies(7, 8), calls.get("block_2/vertical"));
    assertEquals(java.util.Collections.nCopies(8, 8), calls.get("block_2/link"));
    assertEquals(java.util.Collections.nCopies(64, 1), calls.get("block_2/gate"));
    assertEquals(java.util.Collections.nCopies(64, 1), calls.get("head/logits"));
  }

  @Test
  void whatIsReadOnceAtTheSamePositionIsNoCallOfItsOwn() {
    Map<String, List<Integer>> calls = calls(GATED);
    assertFalse(calls.containsKey("block_2/horizontal"));
    assertFalse(calls.containsKey("block_2/shift"));
    assertEquals(List.of("block_2/horizontal", "block_2/add"), program("block_2/gate").fused());
    assertEquals(List.of("block_2/shift"), program("block_2/link").fused());
    // A row at a time: part of a pixel's call it would be multiplied eight times as often.
    assertTrue(calls.containsKey("block_2/link"));
    // Read by the next block too.
    assertTrue(calls.containsKey("block/out"));
  }

  private static GroupProgram program(String node) {
    return GATED.groups().stream().filter(g -> g.node().equals(node)).findFirst().orElseThrow();
  }

  @Test
  void whatNobodyNeedsIsNeverComputed() {
    Map<String, List<Integer>> calls = calls(GATED);
    // The last block's residual ends nowhere.
    assertFalse(calls.containsKey("block_3/out"));
    assertTrue(calls.containsKey("block_2/add_2"));
    assertEquals(List.of("block_2/out"), program("block_2/add_2").fused());
    assertTrue(GATED.groups().stream().noneMatch(g -> g.fused().contains("block_3/out")));
  }

  @Test
  void everyValueIsComputedOnce() {
    for (Definition definition :
        List.of(
            GATED.definition(),
            GatedPixelCnn.classConditional(new ImageSpec(5, 6, 3, 4), 10, 2, 6, 3))) {
      StepProgram program = StepProgram.of(definition);
      CallTable calls = program.calls();
      var seen = new java.util.HashSet<List<Integer>>();
      for (int call = 0; call < calls.count(); call++) {
        for (int i = 0; i < calls.size(call); i++) {
          assertTrue(seen.add(List.of(calls.group(call), calls.position(call, i))));
        }
      }
    }
  }

  @Test
  void conditionsAreProjectedOnce() {
    StepProgram program = StepProgram.of(GatedPixelCnn.classConditional(GREY, 10, 1, 4, 3));
    assertEquals(List.of(1), calls(program).get("block/conv1x1"));
  }

  @Test
  void coloursAreComputedOneAfterAnother() {
    StepProgram program = StepProgram.of(PixelCnn.of(new ImageSpec(4, 4, 3, 5), 1, 6, 3));
    long logits = program.groups().stream().filter(g -> g.node().equals("head/logits")).count();
    assertEquals(3, logits);
    for (int step = 0; step < program.steps(); step++) {
      int colour = program.channel(step);
      assertEquals(step % 3, colour);
      TreeSet<Integer> computed = new TreeSet<>();
      for (int call = program.firstCall(step); call < program.firstCall(step + 1); call++) {
        if (program.groups().get(program.calls().group(call)).node().equals("head/logits")) {
          computed.add(program.calls().group(call));
        }
      }
      assertEquals(new TreeSet<>(program.outputGroups(colour)), computed);
    }
  }

  /** A few rows of each stack, not all of it: a fraction of what a full pass holds. */
  @Test
  void cachesHoldWhatIsStillNeeded() {
    StepProgram program = StepProgram.of(GatedPixelCnn.of(new ImageSpec(28, 28, 1, 256), 2, 16, 3));
    long full = program.groups().stream().mapToLong(g -> 784L * g.width()).sum();
    assertTrue(program.cacheFloats() < full / 20, program + " of " + full);
    assertTrue(program.peakLiveFloats() <= program.cacheFloats());
  }

  @Test
  void operationsAreThoseOfLiveTaps() {
    ModelBuilder model = ModelBuilder.of("one", GREY);
    Definition one = model.softmax(model.image().apply(CausalConvolution.square(4, 3, MaskType.A)));
    // Four taps of one map to four maps, but for those that lie outside the image.
    StepProgram program = StepProgram.of(one);
    long taps = 8 * 7 + 7 * 8 + 2 * 7 * 7;
    assertEquals(taps * 2 * 4, program.flops());
    assertEquals(4L * 64 * 4 * 4, program.weightBytes());
    // What the taps give is read, and four floats are written.
    assertEquals(4 * (taps + 64 * 4), program.cacheBytes());
  }

  @Test
  void sessionsCheckWhatTheyAreGiven() {
    Definition definition = GatedPixelCnn.classConditional(GREY, 10, 1, 4, 3);
    JvmStepExecutor executor =
        JvmStepExecutor.bind(StepProgram.of(definition), RandomWeights.of(definition, 1));
    assertThrows(IllegalArgumentException.class, () -> executor.open(0));
    try (StepSession session = executor.open(1)) {
      var condition = definition.conditions().get(0);
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> session.give(0, condition, new float[9]));
      assertTrue(error.getMessage().contains("takes 10 numbers, found 9"), error.getMessage());
    }
  }

  /** No input that random weights make is special: a second session starts from zero again. */
  @Test
  void sessionsAreIndependent() {
    Definition definition = GATED.definition();
    JvmStepExecutor executor = JvmStepExecutor.bind(GATED, RandomWeights.of(definition, 1));
    float[] first = new float[4];
    float[] second = new float[4];
    try (StepSession a = executor.open(1);
        StepSession b = executor.open(1)) {
      SplittableRandom random = new SplittableRandom(1);
      for (int step = 0; step < 20; step++) {
        a.compute(step, first);
        a.write(step, 0, random.nextBoolean() ? 1 : -1);
      }
      b.compute(0, second);
      executor.open(1).compute(0, first);
    }
    assertEquals(
        IntStream.range(0, 4).mapToObj(k -> first[k]).toList(),
        IntStream.range(0, 4).mapToObj(k -> second[k]).toList());
  }
}
