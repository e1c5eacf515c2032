package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What sessions that are closed leave to the next ones. */
class SpareWorkTest {

  private static final ImageSpec IMAGE = new ImageSpec(6, 6, 1, 4);

  static Stream<Named<Definition>> definitions() {
    return Stream.of(
        Named.of("gated", GatedPixelCnn.of(IMAGE, 1, 6, 3)),
        Named.of("gated, 16 maps", GatedPixelCnn.of(IMAGE, 1, 16, 3)),
        Named.of("PixelSNAIL", PixelSnail.builder(IMAGE).maps(8).blocks(1).build()),
        Named.of("image-gpt", ImageGpt.builder(IMAGE).maps(8).blocks(1).heads(2).build()),
        Named.of(
            "Diagonal BiLSTM", PixelRnn.diagonalBiLstmBuilder(IMAGE).maps(4).blocks(1).build()));
  }

  private static JvmStepExecutor executor(Definition definition) {
    return JvmStepExecutor.bind(StepProgram.of(definition), RandomWeights.of(definition, 5));
  }

  /** All parameters of some steps, and of values that follow from them. */
  private static float[][] drawn(JvmStepExecutor executor, StepSession session, int steps, int by) {
    StepProgram program = executor.program();
    float[][] all = new float[steps][session.images() * program.parameters()];
    for (int step = 0; step < steps; step++) {
      session.compute(step, all[step]);
      for (int image = 0; image < session.images(); image++) {
        session.write(step, image, IMAGE.scaled((step * by + image) % IMAGE.levels()));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void isAsGoodAsNewWhereverTheOtherWasLeft(Definition definition) {
    JvmStepExecutor executor = executor(definition);
    int steps = executor.program().steps();
    float[][] expected;
    try (StepSession first = executor(definition).open(2)) {
      expected = drawn(executor, first, steps, 1);
    }

    for (int left : new int[] {0, 1, 17, steps}) {
      try (StepSession other = executor.open(2)) {
        drawn(executor, other, left, 3);
      }
      try (StepSession next = executor.open(2)) {
        assertArrayEquals(expected, drawn(executor, next, steps, 1), "left after " + left);
      }
    }
  }

  @Test
  void whatHasBecomeNoNumberIsForgotten() {
    Definition definition = PixelSnail.builder(IMAGE).maps(8).blocks(1).build();
    JvmStepExecutor executor = executor(definition);
    int steps = executor.program().steps();
    float[][] expected;
    try (StepSession first = executor.open(1)) {
      expected = drawn(executor, first, steps, 1);
    }
    try (StepSession spoilt = executor.open(1)) {
      for (int step = 0; step < steps; step++) {
        spoilt.compute(step, new float[executor.program().parameters()]);
        spoilt.write(step, 0, Float.NaN);
      }
    }
    try (StepSession next = executor.open(1)) {
      assertArrayEquals(expected, drawn(executor, next, steps, 1));
    }
  }

  @Test
  void aClosedSessionComputesNothingMore() {
    JvmStepExecutor executor = executor(GatedPixelCnn.of(IMAGE, 1, 6, 3));
    StepSession closed = executor.open(1);
    closed.close();
    float[] parameters = new float[executor.program().parameters()];

    assertThrows(IllegalStateException.class, () -> closed.compute(0, parameters));
    assertThrows(IllegalStateException.class, () -> closed.write(0, 0, 1));
    assertEquals(1, closed.images());
  }

  @Test
  void oneThatIsClosedTwiceIsGivenOnToOne() {
    JvmStepExecutor executor = executor(GatedPixelCnn.of(IMAGE, 1, 6, 3));
    int steps = executor.program().steps();
    StepSession closed = executor.open(1);
    float[][] expected = drawn(executor, closed, steps, 1);
    closed.close();
    closed.close();

    try (StepSession a = executor.open(1);
        StepSession b = executor.open(1)) {
      float[][] found = new float[steps][executor.program().parameters()];
      float[] others = new float[executor.program().parameters()];
      for (int step = 0; step < steps; step++) {
        a.compute(step, found[step]);
        a.write(step, 0, IMAGE.scaled(step % IMAGE.levels()));
        b.compute(step, others);
        b.write(step, 0, IMAGE.scaled((step + 1) % IMAGE.levels()));
      }
      assertArrayEquals(expected, found);
    }
  }

  @Test
  void keepsAsMuchAsWasInUseAtATime() {
    List<SessionWork> made = new ArrayList<>();
    JvmStepExecutor executor = executor(GatedPixelCnn.of(IMAGE, 1, 6, 3));
    SpareWork spare = new SpareWork();
    Supplier<SessionWork> one = () -> made(made, executor, 1);
    Supplier<SessionWork> two = () -> made(made, executor, 2);

    SessionWork a = spare.take(1, false, one);
    SessionWork b = spare.take(1, false, one);
    assertNotSame(a, b);
    spare.keep(a);
    spare.keep(b);
    assertSame(b, spare.take(1, false, one));
    assertEquals(2, made.size());

    // Of another number of images; with a is one too many when both are back.
    SessionWork c = spare.take(2, false, two);
    spare.keep(b);
    spare.keep(c);
    assertSame(b, spare.take(1, false, one));
    assertSame(c, spare.take(2, false, two));
    spare.keep(b);
    assertNotSame(a, spare.take(1, true, one));
  }

  private static SessionWork made(List<SessionWork> all, JvmStepExecutor executor, int images) {
    SessionWork work = executor.work(images, executor.loops().kernels());
    all.add(work);
    return work;
  }
}
