package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.define.Definition;
import io.weft.distribution.Distribution;
import io.weft.engine.Device;
import io.weft.internal.step.DrawingSession;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.LevelLogits;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepSession;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.sample.CounterRandom;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.ConditionedModel;
import io.weft.testing.IncrementalComparison;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.testing.SlowChecks;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The step program on TensorFlow: the numbers of a full pass, and Weft's drawing rule. */
class TensorFlowStepTest {

  private static final double TIE = 1e-4;

  static List<Definition> models() {
    List<Definition> models = new ArrayList<>();
    models.add(GatedPixelCnn.of(new ImageSpec(4, 4, 1, 7), 2, 6, 3));
    models.add(PixelCnn.textbook(new ImageSpec(2, 3, 3, 5), 3, 6, 3));
    models.add(GatedPixelCnn.of(new ImageSpec(3, 2, 2, 256), 1, 6, 3));
    models.add(ConditionedModel.of(new ImageSpec(3, 3, 2, 5)));
    models.add(
        LocallyMaskedPixelCnn.builder(new ImageSpec(4, 3, 1, 5))
            .blocks(1)
            .maps(4)
            .order(GenerationOrder.hilbert(4, 3))
            .build());
    models.add(mixture(new ImageSpec(3, 2, 2, 16)));
    models.add(PixelSnail.builder(new ImageSpec(4, 3, 1, 4)).blocks(1).maps(4).build());
    models.add(ImageGpt.builder(new ImageSpec(4, 3, 3, 2)).blocks(1).maps(6).heads(2).build());
    for (int seed = 0; models.size() < SlowChecks.times(10, 14); seed++) {
      if (RandomGraphs.of(seed).distribution().equals(Distribution.bernoulli())) {
        models.add(RandomGraphs.of(seed));
      }
    }
    return models;
  }

  /** All with one compiled program: TensorFlow takes seconds for each. */
  @ParameterizedTest
  @MethodSource("models")
  void hasTheLogitsOfAFullPassAndDrawsByTheInverse(Definition definition) {
    StepProgram program = StepProgram.of(definition);
    try (TensorFlowStepProgram compiled = compile(program, 3, program.steps())) {
      IncrementalComparison.check(definition, 1, List.of((p, w) -> compiled.bind(w)));
      checkDraws(definition, compiled, program.steps());
    }
  }

  /** Colour, conditions, every distribution; above an only row there is nothing to read. */
  static List<Definition> modelsForXla() {
    return List.of(
            PixelCnn.textbook(new ImageSpec(4, 3, 1, 2), 3, 6, 3),
            ConditionedModel.of(new ImageSpec(2, 2, 2, 5)),
            PixelRnn.rowLstm(new ImageSpec(3, 3, 3, 2), 1, 4),
            mixture(new ImageSpec(1, 2, 2, 16)),
            PixelRnn.diagonalBiLstm(new ImageSpec(3, 4, 1, 2), 2, 3))
        .subList(0, SlowChecks.times(4, 5));
  }

  /** Through strides, all channels of a pixel in one step of the network. */
  private static Definition mixture(ImageSpec image) {
    return PixelCnnPlusPlus.builder(image).blocks(1).maps(4).components(3).build();
  }

  @ParameterizedTest
  @MethodSource("modelsForXla")
  void isTheSameOnXla(Definition definition) {
    assumeTrue(TensorFlowEngine.on(Device.cpu()).runs(TensorFlowLoops.XLA), "no XLA here");
    StepProgram program = StepProgram.of(definition);
    int steps = program.steps() / 2;
    try (TensorFlowStepProgram compiled =
        TensorFlowStepProgram.of(
            program, TensorFlowEngine.on(Device.cpu()), 3, steps, TensorFlowLoops.XLA)) {
      IncrementalComparison.check(definition, 1, List.of((p, w) -> compiled.bind(w)));
      checkDraws(definition, compiled, steps);
    }
  }

  @Test
  void hasTheLogitsOfAFullPassForRandomGraphs() {
    for (int seed = 0; seed < SlowChecks.times(2, 40); seed++) {
      checkLogits(RandomGraphs.of(seed), seed);
    }
    for (int seed = 0; seed < SlowChecks.times(1, 10); seed++) {
      checkLogits(RandomGraphs.ordered(seed), seed);
    }
  }

  private static void checkLogits(Definition definition, long seed) {
    try (TensorFlowStepProgram compiled = compile(StepProgram.of(definition), 2, 3)) {
      IncrementalComparison.check(
          definition, seed, List.of((program, weights) -> compiled.bind(weights)));
    }
  }

  /** Each level drawn is the inverse of the JVM's cumulative distribution, up to rounding. */
  private static void checkDraws(
      Definition definition, TensorFlowStepProgram compiled, int stepsInACall) {
    StepProgram program = compiled.program();
    Weights weights = RandomWeights.of(definition, 3);
    double temperature = 0.8;
    int[][] levels = draw(compiled.bind(weights), 0, 3, stepsInACall, temperature);
    try (StepSession session = JvmStepExecutor.bind(program, weights).open(3)) {
      give(program, session, 0);
      float[] parameters = new float[3 * program.parameters()];
      for (int step = 0; step < program.steps(); step++) {
        session.compute(step, parameters);
        for (int b = 0; b < 3; b++) {
          float[] logits = new float[definition.image().levels()];
          LevelLogits.of(definition.distribution(), definition.image(), JvmLoops.PLAIN)
              .write(parameters, b * program.parameters(), program.channel(step), logits);
          double[] bounds = bounds(logits, levels[b][step], temperature);
          double u = uniform(program, step, b);
          assertTrue(
              bounds[0] - TIE <= u && u <= bounds[1] + TIE,
              "step " + step + ": " + u + " in " + Arrays.toString(bounds));
          session.write(step, b, definition.image().scaled(levels[b][step]));
        }
      }
    }
  }

  /** The cumulative distribution below and at a level. */
  private static double[] bounds(float[] logits, int level, double temperature) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double total = 0;
    double below = 0;
    for (int k = 0; k < logits.length; k++) {
      double mass = Math.exp((logits[k] - largest) / temperature);
      total += mass;
      below += k < level ? mass : 0;
    }
    double own = Math.exp((logits[level] - largest) / temperature);
    return new double[] {below / total, (below + own) / total};
  }

  @Test
  void drawsTheSameAtEveryBatchAndEveryNumberOfSteps() {
    for (Definition definition :
        List.of(
                GatedPixelCnn.classConditional(new ImageSpec(4, 3, 1, 16), 10, 1, 8, 3),
                ConditionedModel.of(new ImageSpec(2, 2, 3, 256)))
            .subList(0, SlowChecks.times(1, 2))) {
      StepProgram program = StepProgram.of(definition);
      Weights weights = RandomWeights.of(definition, 7);
      int[][] together = draw(program, weights, 0, 5, 5, program.steps(), 1);
      assertArrayEquals(together, draw(program, weights, 0, 5, 5, 7, 1), "seven steps in a call");
      assertArrayEquals(together, draw(program, weights, 0, 5, 6, 11, 1), "a lane left over");
      try (TensorFlowStepProgram alone = compile(program, 1, program.steps())) {
        for (int b = 0; b < 5; b++) {
          int[][] one = draw(alone.bind(weights), b, 1, program.steps(), 1);
          assertArrayEquals(together[b], one[0], "image " + b);
        }
      }
    }
  }

  @Test
  void takesNewWeightsAndKeepsOldOnes() {
    Definition definition = GatedPixelCnn.of(new ImageSpec(5, 5, 1, 16), 1, 6, 3);
    StepProgram program = StepProgram.of(definition);
    Weights one = RandomWeights.of(definition, 1);
    Weights two = RandomWeights.of(definition, 2);
    try (TensorFlowStepProgram compiled = compile(program, 1, 25)) {
      TensorFlowStepExecutor before = compiled.bind(one);
      int[][] first = draw(before, 0, 1, 25, 1);
      assertArrayEquals(draw(program, two, 0, 1, 1, 25, 1), draw(compiled.bind(two), 0, 1, 25, 1));
      assertArrayEquals(first, draw(before, 0, 1, 25, 1));
    }
  }

  @Test
  void givesLevelsThatAreGiven() {
    Definition definition = GatedPixelCnn.of(new ImageSpec(4, 4, 1, 16), 1, 6, 3);
    StepProgram program = StepProgram.of(definition);
    try (TensorFlowStepProgram compiled = compile(program, 1, 16);
        DrawingSession session = compiled.bind(RandomWeights.of(definition, 1)).open(1)) {
      int[] levels = new int[16];
      Arrays.fill(levels, DrawingSession.FREE);
      levels[3] = 9;
      session.draw(0, 16, new double[16], levels, 1);
      assertTrue(levels[3] == 9, Arrays.toString(levels));
      assertTrue(levels[4] >= 0, Arrays.toString(levels));
    }
  }

  @Test
  void saysWhereThereIsNoDistribution() {
    Definition definition = GatedPixelCnn.of(new ImageSpec(3, 3, 1, 4), 1, 6, 3);
    Weights good = Weights.initial(definition, 1);
    java.util.Map<String, float[]> bad = new java.util.HashMap<>();
    good.names().forEach(name -> bad.put(name, good.values(name)));
    bad.values().forEach(values -> Arrays.fill(values, Float.MAX_VALUE));
    StepProgram program = StepProgram.of(definition);
    try (TensorFlowStepProgram compiled = compile(program, 1, 9);
        DrawingSession session = compiled.bind(Weights.of(definition, bad)).open(1)) {
      int[] levels = {DrawingSession.FREE};
      session.draw(0, 1, new double[1], levels, 1);
      assertTrue(levels[0] == DrawingSession.FAILED, Arrays.toString(levels));
    }
  }

  @Test
  void aClosedProgramDrawsNothing() {
    Definition definition = GatedPixelCnn.of(new ImageSpec(3, 3, 1, 4), 1, 6, 3);
    TensorFlowStepProgram compiled = compile(StepProgram.of(definition), 1, 9);
    TensorFlowStepExecutor executor = compiled.bind(Weights.initial(definition, 1));
    compiled.close();
    try (DrawingSession session = executor.open(1)) {
      assertThrows(
          IllegalStateException.class, () -> session.draw(0, 9, new double[9], new int[9], 1));
    }
  }

  private static TensorFlowStepProgram compile(StepProgram program, int batch, int steps) {
    return TensorFlowStepProgram.of(
        program, TensorFlowEngine.on(Device.cpu()), batch, steps, TensorFlowLoops.PLAIN);
  }

  private static int[][] draw(
      StepProgram program,
      Weights weights,
      int first,
      int count,
      int batch,
      int steps,
      double temperature) {
    try (TensorFlowStepProgram compiled = compile(program, batch, steps)) {
      return draw(compiled.bind(weights), first, count, steps, temperature);
    }
  }

  /** Returns the levels [image, step]. */
  private static int[][] draw(
      TensorFlowStepExecutor executor, int first, int count, int steps, double temperature) {
    StepProgram program = executor.program();
    int[][] all = new int[count][program.steps()];
    try (DrawingSession session = executor.open(count)) {
      give(program, session, first);
      for (int from = 0; from < program.steps(); from += steps) {
        int n = Math.min(steps, program.steps() - from);
        double[] uniforms = new double[n * count];
        int[] levels = new int[n * count];
        Arrays.fill(levels, DrawingSession.FREE);
        for (int i = 0; i < uniforms.length; i++) {
          uniforms[i] = uniform(program, from + i / count, first + i % count);
        }
        session.draw(from, n, uniforms, levels, temperature);
        for (int i = 0; i < levels.length; i++) {
          all[i % count][from + i / count] = levels[i];
        }
      }
    }
    return all;
  }

  private static double uniform(StepProgram program, int step, int image) {
    return CounterRandom.uniform(5, image, program.position(step), program.channel(step));
  }

  private static void give(StepProgram program, StepSession session, int first) {
    Definition definition = program.definition();
    for (int b = 0; b < session.images(); b++) {
      int image = b;
      ConditionValues values = RandomGraphs.conditions(definition, new SplittableRandom(first + b));
      definition.conditions().forEach(c -> session.give(image, c, values.feature(c)));
    }
  }
}
