package io.weft.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepSession;
import io.weft.spec.ConditionValues;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Compares incremental parameters, under teacher forcing, with those of {@link ReferenceNetwork},
 * in all kinds of loops.
 */
public final class IncrementalComparison {

  private static final double TOLERANCE = 1e-4;
  private static final int IMAGES = 2;

  private final StepProgram program;
  private final int[][] levels = new int[IMAGES][];
  private final double[][][] expected = new double[IMAGES][][];
  private final ReferenceNetwork reference;

  private IncrementalComparison(Definition definition, Weights weights) {
    this.program = StepProgram.of(definition);
    this.reference = new ReferenceNetwork(definition, weights);
  }

  /** Checks a definition with random weights, images and conditions, in all kinds of JVM loops. */
  public static void check(Definition definition, long seed) {
    check(
        definition,
        seed,
        Arrays.stream(JvmLoops.values())
            .<BiFunction<StepProgram, Weights, StepExecutor>>map(
                loops -> (program, weights) -> JvmStepExecutor.bind(program, weights, loops))
            .toList());
  }

  /** Checks a definition with random weights, images and conditions, on some executors. */
  public static void check(
      Definition definition,
      long seed,
      List<BiFunction<StepProgram, Weights, StepExecutor>> executors) {
    Weights weights = RandomWeights.of(definition, seed);
    IncrementalComparison comparison = new IncrementalComparison(definition, weights);
    comparison.program.verify();
    for (BiFunction<StepProgram, Weights, StepExecutor> executor : executors) {
      try (StepSession session = executor.apply(comparison.program, weights).open(IMAGES)) {
        comparison.start(session, new SplittableRandom(seed));
        comparison.run(session);
      }
    }
  }

  private void start(StepSession session, SplittableRandom random) {
    Definition definition = program.definition();
    for (int b = 0; b < IMAGES; b++) {
      ConditionValues conditions = RandomGraphs.conditions(definition, random);
      levels[b] = RandomGraphs.image(definition, random);
      expected[b] = reference.output(levels[b], conditions);
      int image = b;
      definition.conditions().forEach(c -> session.give(image, c, conditions.feature(c)));
    }
  }

  private void run(StepSession session) {
    Definition definition = program.definition();
    float[] found = new float[IMAGES * program.parameters()];
    for (int step = 0; step < program.steps(); step++) {
      session.compute(step, found);
      int position = program.position(step);
      int channel = program.channel(step);
      for (int b = 0; b < IMAGES; b++) {
        float[] full = reference.parameters(expected[b], levels[b], position, channel);
        for (int k = 0; k < full.length; k++) {
          float incremental = found[b * program.parameters() + k];
          String place = "image " + b + " step " + step + " parameter " + k;
          String values = full[k] + " in full and " + incremental + " incrementally";
          // Made only if it is wanted: to count a model's parameters takes longer than a step.
          assertTrue(
              Math.abs(full[k] - incremental) <= TOLERANCE * Math.max(1, Math.abs(full[k])),
              () -> definition + ": " + place + " is " + values);
        }
        int level = levels[b][position * definition.image().channels() + channel];
        session.write(step, b, definition.image().scaled(level));
      }
    }
  }
}
