package io.weft.optimise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.train.TrainingOptions;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rates against figures that were worked out by hand. */
class RateScheduleTest {

  private static final RateSchedule FLAT = RateSchedule.constant(0.8);

  /** The figures of PyTorch's formula for OneCycleLR, worked out in Python. */
  @Test
  void oneCycleRisesAndFalls() {
    RateSchedule cycle = new RateSchedule.OneCycle(1, 10, 0.5, 10, 100);
    assertArrayEquals(
        new double[] {
          0.1,
          0.2318019485,
          0.55,
          0.8681980515,
          1.0,
          0.9046039887,
          0.6548539887,
          0.3461460113,
          0.0963960113,
          0.001
        },
        LongStream.range(0, 10).mapToDouble(cycle::at).toArray(),
        1e-10);
    assertEquals(0.001, cycle.at(1_000_000), 1e-12);
    assertEquals(new RateSchedule.OneCycle(1, 10, 0.3, 25, 1e4), new RateSchedule.OneCycle(1, 10));
    // Too short to rise at all: it begins at the peak.
    assertEquals(1, new RateSchedule.OneCycle(1, 2).at(0));
    assertThrows(IllegalArgumentException.class, () -> new RateSchedule.OneCycle(1, 1));
    assertThrows(IllegalArgumentException.class, () -> new RateSchedule.OneCycle(1, 9, 1, 25, 9));
  }

  @Test
  void aPlateauMultipliesTheRate() {
    RateSchedule half = new RateSchedule.Plateau(FLAT, 0.5, 2, 0);
    assertEquals(0.8, half.at(7, List.of()));
    assertEquals(0.8, half.at(7, List.of(3.0, 2.0, 2.0)));
    assertEquals(0.4, half.at(7, List.of(3.0, 2.0, 2.0, 2.5)));
    assertEquals(0.4, half.at(7, List.of(3.0, 2.0, 2.0, 2.5, 1.9, 1.9)));
    assertEquals(0.2, half.at(7, List.of(3.0, 2.0, 2.0, 2.5, 1.9, 1.9, 1.95)));
    // 1.9 is no gain of 0.2 over 2.0.
    RateSchedule asking = new RateSchedule.Plateau(FLAT, 0.5, 1, 0.2);
    assertEquals(0.4, asking.at(7, List.of(2.0, 1.9)));
    assertEquals(0.8, asking.at(7, List.of(2.0, 1.7)));
    assertEquals(0.2, new RateSchedule.WarmUp(4, asking).at(1, List.of(2.0, 1.9)));
    assertThrows(IllegalArgumentException.class, () -> new RateSchedule.Plateau(FLAT, 1, 1, 0));
  }

  @Test
  void aPlateauNeedsExamplesToValidateOn() {
    RateSchedule warm = new RateSchedule.WarmUp(4, new RateSchedule.Plateau(FLAT, 0.5, 1, 0));
    var options = TrainingOptions.seed(1).optimiser(Adam.withRate(warm));
    var error = assertThrows(IllegalArgumentException.class, options::build);
    assertTrue(error.getMessage().contains("validat"), error.getMessage());
  }

  @Test
  void anOwnScheduleIsAFunctionWithAName() {
    RateSchedule own = RateSchedule.of("stairs of 10", step -> 1.0 / (1 + step / 10));
    assertEquals(1, own.at(9));
    assertEquals(0.5, own.at(10));
    String method = TrainingOptions.seed(1).optimiser(Adam.withRate(own)).build().method();
    assertTrue(method.contains("Own[stairs of 10]"), method);
    RateSchedule wrong = RateSchedule.of("down", step -> 1.0 - step);
    var error = assertThrows(IllegalArgumentException.class, () -> wrong.at(2));
    assertEquals(
        "a learning rate is at least 0 and finite; schedule \"down\" gives -1.0 for step 2",
        error.getMessage());
  }
}
