package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is computed beside the steps, so that nobody waits for whole rows. */
class AsideCallsTest {

  private static final ImageSpec WIDE = new ImageSpec(5, 20, 1, 4);

  static Stream<Named<Definition>> definitions() {
    return Stream.of(
        Named.of("gated", GatedPixelCnn.of(WIDE, 2, 4, 3)),
        Named.of("gated, classes", GatedPixelCnn.classConditional(WIDE, 10, 2, 4, 3)),
        Named.of("gated, in colour", GatedPixelCnn.of(new ImageSpec(4, 13, 3, 8), 2, 6, 3)),
        Named.of(
            "PixelCNN++", PixelCnnPlusPlus.builder(new ImageSpec(8, 24, 3, 256)).maps(6).build()),
        Named.of(
            "locally masked",
            LocallyMaskedPixelCnn.builder(WIDE)
                .maps(6)
                .blocks(1)
                .orders(List.of(GenerationOrder.sCurve(5, 20)))
                .build()),
        Named.of("PixelSNAIL", PixelSnail.builder(WIDE).maps(8).blocks(1).build()),
        Named.of("image-gpt", ImageGpt.builder(WIDE).maps(8).blocks(1).build()),
        Named.of("Row LSTM", PixelRnn.rowLstmBuilder(WIDE).maps(4).blocks(1).build()),
        Named.of(
            "Diagonal BiLSTM", PixelRnn.diagonalBiLstmBuilder(WIDE).maps(4).blocks(1).build()));
  }

  private static Set<List<Integer>> computed(StepProgram program) {
    Set<List<Integer>> computed = new HashSet<>();
    CallTable calls = program.calls();
    for (int call = 0; call < calls.count(); call++) {
      for (int p = 0; p < calls.size(call); p++) {
        assertTrue(computed.add(List.of(calls.group(call), calls.position(call, p))), "once");
      }
    }
    return computed;
  }

  /** Slots are right however soon or late they are made, and nothing else is computed. */
  @ParameterizedTest
  @MethodSource("definitions")
  void theSameIsComputed(Definition definition) {
    StepProgram alone = StepProgram.of(definition);
    for (int pixels : new int[] {1, 2, 3, 8, 20, 100}) {
      StepProgram two = alone.forTwoThreads(pixels);
      two.verify();
      assertEquals(computed(alone), computed(two), pixels + " pixels");
    }
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void theRestOfAnImageIsComputedToo(Definition definition) {
    StepProgram alone = StepProgram.completing(definition, 27);
    for (int pixels : new int[] {1, 3, 8}) {
      StepProgram two = alone.forTwoThreads(pixels);
      two.verify();
      assertEquals(computed(alone), computed(two), pixels + " pixels");
    }
  }

  @Test
  void theVerticalStackIsComputedWhileTheRowBeforeIsDrawn() {
    StepProgram alone = StepProgram.of(GatedPixelCnn.of(WIDE, 2, 4, 3));
    StepProgram two = alone.forTwoThreads(4);
    AsideCalls aside = two.aside();
    CallTable calls = two.calls();
    Set<String> nodes = new HashSet<>();
    int before = 0;
    int positions = 0;
    for (int i = 0; i < aside.count(); i++) {
      int call = aside.number(i);
      nodes.add(two.groups().get(calls.group(call)).node());
      int lastOfRowBefore = aside.due(i) / WIDE.width() * WIDE.width() - 1;
      before += aside.released(lastOfRowBefore) > i ? 1 : 0;
      positions += calls.size(call);
    }
    assertTrue(nodes.containsAll(Set.of("block/vertical", "block_2/vertical", "block_2/link")));
    assertTrue(nodes.stream().noneMatch(node -> node.contains("out") || node.contains("head")));
    assertTrue(before > aside.count() / 2, before + " of " + aside.count());
    assertTrue(positions > 3 * aside.count(), positions + " in " + aside.count() + " calls");
    // In rows but the first one nothing of the vertical stack is left to the steps.
    for (int step = WIDE.width(); step < two.steps(); step++) {
      for (int call = two.firstOwnCall(step); call < two.firstCall(step + 1); call++) {
        assertEquals(1, calls.size(call), two.groups().get(calls.group(call)).node());
      }
    }
  }

  @Test
  void nothingIsLeftToComputeAsideOfWhatIsKnown() {
    StepProgram knowing = StepProgram.knowing(GatedPixelCnn.of(WIDE, 2, 4, 3), 4);
    assertSame(knowing, knowing.forTwoThreads(4));
    assertEquals(0, knowing.aside().count());
  }

  @Test
  void aSecondThreadIsForWhatIsLarge() {
    Kernels vectors = JvmLoops.VECTOR.kernels();
    TwoThreads small = TwoThreads.of(StepProgram.of(GatedPixelCnn.of(WIDE, 2, 4, 3)), vectors);
    assertTrue(small.isForOne());
    TwoThreads large = TwoThreads.of(StepProgram.of(GatedPixelCnn.of(WIDE, 2, 64, 3)), vectors);
    assertTrue(large.isAlwaysNeeded());
    assertTrue(large.program().aside().count() > 0);
    // Nothing is computed by whole rows, but a product of every pixel is large.
    StepProgram plain = StepProgram.of(PixelCnn.of(WIDE, 1, 256, 3));
    TwoThreads wide = TwoThreads.of(plain, vectors);
    assertEquals(0, wide.program().aside().count());
    assertTrue(wide.isAlwaysNeeded());
    // Nobody waits for a product that these loops cannot share.
    assertTrue(TwoThreads.of(plain, JvmLoops.PLAIN.kernels()).isForOne());
  }
}
