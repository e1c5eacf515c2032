package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionCachesTest {

  private static final ImageSpec RGB = new ImageSpec(5, 6, 3, 4);
  private static final int IMAGES = 3;

  static Stream<Named<Definition>> definitions() {
    return Stream.of(
        Named.of("gated, in colour", GatedPixelCnn.of(RGB, 2, 9, 3)),
        Named.of("gated, a vector for each colour", GatedPixelCnn.of(RGB, 2, 48, 3)),
        Named.of("gated", GatedPixelCnn.of(new ImageSpec(6, 6, 1, 4), 2, 16, 3)),
        Named.of(
            "PixelSNAIL", PixelSnail.builder(new ImageSpec(6, 6, 1, 4)).blocks(1).maps(8).build()),
        Named.of(
            "Diagonal BiLSTM",
            PixelRnn.diagonalBiLstmBuilder(new ImageSpec(6, 6, 1, 4)).blocks(1).maps(4).build()));
  }

  private static SessionWork work(StepProgram program, Definition definition) {
    return JvmStepExecutor.bind(program, RandomWeights.of(definition, 5))
        .work(IMAGES, JvmLoops.best().kernels());
  }

  /** What lies outside is read from there: no neighbour may write into it. */
  @ParameterizedTest
  @MethodSource("definitions")
  void theSlotOfWhatLiesOutsideStaysZero(Definition definition) {
    StepProgram program = StepProgram.of(definition);
    SessionWork work = work(program, definition);
    for (int step = 0; step < program.steps(); step++) {
      work.run(step, new BitSet());
      int slot = program.drawnSlot(step);
      for (int b = 0; b < IMAGES && slot != 0; b++) {
        float value = (step * 7 + b) % 4 / 2f - 0.75f;
        work.caches.put(program.imageGroup(program.channel(step)), slot, b, value);
      }
    }
    for (GroupProgram group : program.groups()) {
      Cache cache = work.caches.of(group.group());
      for (int b = 0; b < IMAGES; b++) {
        for (int map = 0; map < group.width(); map++) {
          assertEquals(0, cache.numbers[cache.at(0, b) + map], group.node());
        }
      }
    }
  }

  @Test
  void coloursOfANodeLieSideBySide() {
    Definition definition = GatedPixelCnn.of(RGB, 2, 9, 3);
    StepProgram program = StepProgram.of(definition);
    SessionWork work = work(program, definition);
    int together = 0;
    for (List<GroupProgram> groups :
        program.groups().stream().collect(Collectors.groupingBy(GroupProgram::node)).values()) {
      for (int i = 1; i < groups.size(); i++) {
        int before = groups.get(i - 1).group();
        int group = groups.get(i).group();
        if (program.slots(before) == program.slots(group)) {
          Cache one = work.caches.of(before);
          Cache next = work.caches.of(group);
          assertSame(one.numbers, next.numbers);
          assertEquals(one.at(1, 2) + groups.get(i - 1).width(), next.at(1, 2));
          together++;
        }
      }
    }
    assertTrue(together > 10, together + " lie beside another");
  }
}
