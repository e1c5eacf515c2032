package io.weft.train;

import static io.weft.train.LogisticModel.PAIRS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.optimise.Adam;
import io.weft.optimise.Optimiser;
import io.weft.optimise.RateSchedule;
import io.weft.optimise.RmsProp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RMSProp's steps, and what it leaves for the next. */
class RmsPropTest {

  private static final RmsProp PLAIN = RmsProp.withRate(0.01);
  private static final RmsProp MOMENTUM = PLAIN.withMomentum(0.5);

  /** Gradients of ten times epsilon: with it below the root, each step would be nothing. */
  @Test
  void tinyGradientsTakeStepsThatWereWorkedOutByHand() {
    LogisticModel.agree(
        PLAIN,
        1e-7,
        new double[][] {
          {0.2288647244678623, -0.4775780971408286},
          {0.2118536836099283, -0.4600006642601021},
          {0.1968862213196269, -0.4447739152930319},
          {0.1831849479113749, -0.4309939525113186}
        });
  }

  /** Of a tenth of epsilon: the steps are nearly in proportion to the gradients. */
  @Test
  void gradientsBelowEpsilonTakeStepsInProportion() {
    LogisticModel.agree(
        PLAIN,
        1e-9,
        new double[][] {
          {0.2493753012168328, -0.4992477073252010},
          {0.2487549092390966, -0.4985023957822063},
          {0.2481374367405041, -0.4977620238464718},
          {0.2475221460429425, -0.4970255055772672}
        });
  }

  @Test
  void momentumAddsTheChangesBefore() {
    LogisticModel.agree(
        MOMENTUM,
        1e-7,
        new double[][] {
          {0.2288647244678623, -0.4775780971408286},
          {0.2012860458438594, -0.4487897128305164},
          {0.1724515044106904, -0.4192283236933876},
          {0.1441756630349592, -0.3907940417562117}
        });
    LogisticModel.agree(
        MOMENTUM,
        1e-9,
        new double[][] {
          {0.2493753012168328, -0.4992477073252010},
          {0.2484425598475130, -0.4981262494448068},
          {0.2473585524835757, -0.4968252833939362},
          {0.2462008515917493, -0.4954386159253899}
        });
  }

  private static TrainingOptions steps(long count, Optimiser optimiser) {
    return TrainingOptions.seed(3).steps(count).batch(4).optimiser(optimiser).polyak(0.8).build();
  }

  @Test
  void anotherRunBeginsFromTheWeightsAlone() {
    try (Model model = LogisticModel.initial()) {
      model.train(PAIRS, steps(4, Adam.withRate(0.01)));
      assertEquals("COMPLETED", model.train(PAIRS, steps(3, MOMENTUM)).outcome());
    }
  }

  @Test
  void refusesWhatRmsPropCannotTake() {
    for (double bad : new double[] {-0.1, 1, 0.99999999, Double.NaN}) {
      for (Runnable made :
          List.<Runnable>of(() -> PLAIN.withDecay(bad), () -> PLAIN.withMomentum(bad))) {
        var error = assertThrows(IllegalArgumentException.class, made::run);
        assertTrue(error.getMessage().contains(String.valueOf(bad)), error.getMessage());
      }
    }
    var rate = RateSchedule.constant(1e-3);
    for (double epsilon : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new RmsProp(rate, 0.9, epsilon, 0));
    }
  }
}
