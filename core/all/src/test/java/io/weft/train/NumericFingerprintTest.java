package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.spec.ImageSpec;
import io.weft.testing.ChildJvm;
import io.weft.testing.ConditionedModel;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tells machines apart whose bits differ. Needs TF_OVERRIDE_GLOBAL_THREADPOOL=1. */
class NumericFingerprintTest {

  private static final Definition MODEL = ConditionedModel.of(new ImageSpec(6, 6, 1, 4));

  private static NumericFingerprint of(long seed) {
    return NumericFingerprint.of(MODEL, Weights.initial(MODEL, seed));
  }

  /** Prints the fingerprint of another process. */
  public static void main(String[] arguments) {
    NumericFingerprint found = of(1);
    System.out.println("found " + found.gradient() + " " + found.scores() + " " + found.jvm());
  }

  @Test
  void itIsThatOfTheModelAndItsWeights() {
    NumericFingerprint one = of(1);
    assertEquals(one, of(1));
    assertEquals(List.of(), one.differences(of(1)));
    NumericFingerprint other = of(2);
    assertNotEquals(one.gradient(), other.gradient());
    assertNotEquals(one.scores(), other.scores());
    assertNotEquals(one.jvm(), other.jvm());
  }

  @Test
  void scoresAloneAreThoseOfTheModelThatGivesThem() {
    try (Model one = Model.initial(MODEL, 1, Device.jvm());
        Model other = Model.initial(MODEL, 2, Device.jvm())) {
      NumericFingerprint found = NumericFingerprint.ofScores(MODEL, one::score);
      assertTrue(found.agreesWith(NumericFingerprint.ofScores(MODEL, one::score)));
      NumericFingerprint unlike = NumericFingerprint.ofScores(MODEL, other::score);
      assertEquals(1, found.differences(unlike).size());
      assertTrue(found.differences(unlike).get(0).startsWith("scores: "));
    }
  }

  @Test
  void anotherProcessComputesTheSame() throws Exception {
    var child = ChildJvm.run(ChildJvm.command("256m", NumericFingerprintTest.class));
    NumericFingerprint here = of(1);
    String expected = "found " + here.gradient() + " " + here.scores() + " " + here.jvm();
    assertTrue(child.output().contains(expected), child.output());
  }

  @Test
  void whatDiffersIsNamed() {
    NumericFingerprint here = of(1);
    Map<String, String> machine = new HashMap<>(here.machine());
    machine.put("ONEDNN_MAX_CPU_ISA", "SSE41");
    var other = new NumericFingerprint("0".repeat(64), here.scores(), here.jvm(), machine);
    List<String> said = new ArrayList<>(here.differences(other));
    assertEquals(
        List.of(
            "gradient: " + here.gradient().substring(0, 16) + " here, 0000000000000000 there",
            "ONEDNN_MAX_CPU_ISA: "
                + here.machine().get("ONEDNN_MAX_CPU_ISA")
                + " here, SSE41 there"),
        said);
    // Machines may be unlike, as long as their numbers are not.
    var alike = new NumericFingerprint(here.gradient(), here.scores(), here.jvm(), machine);
    assertTrue(here.agreesWith(alike));
    assertEquals(List.of(), here.differences(alike));
  }
}
