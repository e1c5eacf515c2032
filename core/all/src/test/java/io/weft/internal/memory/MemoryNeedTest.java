package io.weft.internal.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.advice.Advice;
import io.weft.define.Definition;
import io.weft.internal.step.StepProgram;
import io.weft.memory.MemoryException;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.testing.ChildJvm;
import io.weft.testing.ResidentMemory;
import io.weft.testing.SlowChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of memory beforehand is what is taken, and is refused where there is less. */
class MemoryNeedTest {

  private static final int MEGABYTE = 1 << 20;

  private static final Definition SMALL = PixelCnn.of(new ImageSpec(28, 28, 1, 4), 2, 32, 3);

  @AfterEach
  void asTheMachineIs() {
    System.clearProperty(Room.PROPERTY);
  }

  private static void machineOf(long megabytes) {
    System.setProperty(Room.PROPERTY, Long.toString(megabytes * MEGABYTE));
  }

  /** The first ones are of each kind of program; the others of what each counts besides. */
  static List<MemoryOfWork.Kind> kinds() {
    MemoryOfWork.Kind[] all = MemoryOfWork.Kind.values();
    return List.of(all).subList(0, SlowChecks.times(4, all.length));
  }

  /** In a process of its own, whose memory is looked at all the time. */
  @ParameterizedTest
  @MethodSource("kinds")
  void theEstimateIsNearWhatIsMeasured(MemoryOfWork.Kind kind) throws Exception {
    ResidentMemory.assumeMeasurable();
    List<String> command = new ArrayList<>(ChildJvm.command("300m", MemoryOfWork.class, "" + kind));
    // So that Java's own memory does not grow meanwhile.
    command.addAll(1, List.of("-Xms300m", "-XX:+AlwaysPreTouch"));
    ChildJvm.Ended ended = ChildJvm.run(command);
    assertEquals(0, ended.exit(), ended.output());
    Matcher found = Pattern.compile("said (\\d+) MB, took (\\d+) MB").matcher(ended.output());
    assertTrue(found.find(), ended.output());
    System.out.println(kind + ": " + found.group());
    double ratio = Double.parseDouble(found.group(2)) / Double.parseDouble(found.group(1));
    assertTrue(ratio > 0.6 && ratio < 1.55, found.group());
  }

  @Test
  void whatCannotFitIsRefusedWithWhatWould() {
    machineOf(300);
    MemoryNeed need = MemoryNeed.ofTraining(SMALL);
    MemoryException refused = assertThrows(MemoryException.class, () -> need.check(4096));
    int fitting = refused.fittingImages().orElseThrow();
    assertTrue(need.bytes(fitting) <= 300L * MEGABYTE && need.bytes(fitting + 1) > 300L * MEGABYTE);
    assertTrue(
        refused.problem().startsWith("a training step of 4096 images needs about "), "" + refused);
    assertTrue(
        refused
            .problem()
            .endsWith(
                ", and this machine has 300 MB, of which 300 MB are free; "
                    + fitting
                    + " at a time would fit"),
        "" + refused);
    assertEquals(Optional.of(Advice.TRAIN_ON_LESS), refused.advice());
    need.check(fitting);
  }

  @Test
  void whereNotEvenOneFitsNoneIsPromised() {
    machineOf(20);
    MemoryNeed need = MemoryNeed.ofScoring(SMALL);
    MemoryException refused = assertThrows(MemoryException.class, () -> need.atMost(32));
    assertEquals(OptionalInt.empty(), refused.fittingImages());
    assertFalse(refused.problem().contains("would fit"), "" + refused);
  }

  @Test
  void scoringTakesAsManyAtOnceAsFit() {
    machineOf(100_000);
    assertEquals(32, MemoryNeed.ofScoring(SMALL).atMost(32));
    MemoryNeed need = MemoryNeed.ofScoring(SMALL);
    machineOf(need.bytes(5) / MEGABYTE + 1);
    int most = need.atMost(32);
    assertTrue(most >= 5 && most < 32, most + " images");
  }

  @Test
  void drawingOnTheJvmCountsJavasHeap() {
    StepProgram program = StepProgram.of(SMALL);
    MemoryNeed need = MemoryNeed.ofDrawing(program);
    assertEquals(4 * (program.cacheFloats() + program.steps()) * 16L, need.bytes(16));
    int tooMany = Integer.MAX_VALUE;
    MemoryException refused = assertThrows(MemoryException.class, () -> need.check(tooMany));
    assertTrue(refused.problem().contains("Java's heap has "), "" + refused);
    assertEquals(Optional.of(Advice.DRAW_FEWER), refused.advice());
  }
}
