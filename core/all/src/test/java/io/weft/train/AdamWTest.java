package io.weft.train;

import static io.weft.train.LogisticModel.PAIRS;
import static io.weft.train.LogisticModel.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weft.Model;
import io.weft.optimise.Adam;
import io.weft.optimise.AdamW;
import io.weft.optimise.Optimiser;
import org.junit.jupiter.api.Test;

/** Adam with decoupled weight decay. */
class AdamWTest {

  private static final AdamW AT = AdamW.withRate(0.01);

  /** Four steps at decay 0.1, worked out in Python from the paper's algorithm 2. */
  @Test
  void takesStepsThatWereWorkedOutByHand() {
    LogisticModel.agree(
        AT.withDecay(0.1),
        Double.POSITIVE_INFINITY,
        new double[][] {
          {0.2397500010814206, -0.4900000008943081},
          {0.2295124839903433, -0.4800048191437194},
          {0.2192889608622954, -0.4700178018665460},
          {0.2090809660628697, -0.4600423906270207}
        });
  }

  /** Clipping leaves next to nothing of the gradient, and all of the decay. */
  @Test
  void theDecayIsNotClippedNorDividedByTheMoments() {
    LogisticModel.agree(
        AT.withDecay(5),
        1e-7,
        new double[][] {
          {0.2288563216703302, -0.4911485994376574},
          {0.2087761104501665, -0.4822933924447233},
          {0.1897068064519355, -0.4734340239698220},
          {0.1715982611750120, -0.4645702766304127}
        });
  }

  @Test
  void withoutDecayItIsAdam() {
    assertArrayEquals(trained(Adam.withRate(0.01)), trained(AT.withDecay(0)));
  }

  private static double[] trained(Optimiser optimiser) {
    try (Model model = LogisticModel.initial()) {
      model.train(PAIRS, TrainingOptions.seed(1).steps(5).optimiser(optimiser).build());
      return values(model.weights());
    }
  }

  @Test
  void refusesADecayThatIsNone() {
    for (double decay : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> AT.withDecay(decay));
    }
  }
}
