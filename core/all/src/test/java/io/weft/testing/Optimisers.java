package io.weft.testing;

import io.weft.optimise.Adam;
import io.weft.optimise.AdamW;
import io.weft.optimise.Optimiser;
import io.weft.optimise.RateSchedule;
import io.weft.optimise.RmsProp;
import java.util.List;

/**
 * The optimisers and learning rates that tests are run over. A new one is one line here; {@code
 * EveryOptimiserTest} says so if it is missing.
 */
public final class Optimisers {

  private Optimisers() {}

  /** Returns optimisers at a rate, of some several. */
  public static List<Optimiser> at(RateSchedule rate) {
    return List.of(
        Adam.withRate(rate),
        Adam.withRate(rate).withBetas(0.5, 0.9),
        AdamW.withRate(rate).withDecay(0.1),
        RmsProp.withRate(rate),
        RmsProp.withRate(rate).withMomentum(0.5));
  }

  /** Returns schedules that begin at a rate of at most 0.01. */
  public static List<RateSchedule> rates() {
    return List.of(
        RateSchedule.constant(0.01),
        new RateSchedule.Exponential(0.01, 0.9),
        new RateSchedule.Cosine(0.01, 6, 0.1),
        new RateSchedule.OneCycle(0.01, 12),
        RateSchedule.of("0.01 / (1 + step)", step -> 0.01 / (1.0 + step)),
        new RateSchedule.Plateau(RateSchedule.constant(0.01), 0.5, 1, 0.001),
        new RateSchedule.WarmUp(4, RateSchedule.constant(0.01)));
  }
}
