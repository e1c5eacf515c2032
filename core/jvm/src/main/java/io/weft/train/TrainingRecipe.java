package io.weft.train;

import io.weft.optimise.Adam;
import io.weft.optimise.Optimiser;
import io.weft.optimise.RateSchedule;
import java.util.Objects;

/**
 * The settings that a paper trained its model with. {@link TrainingOptions.Builder#recipe} takes
 * all of them; what is set after it replaces one.
 *
 * @param optimiser the optimiser
 * @param polyak how much of the Polyak average of the weights a step keeps, in (0, 1)
 */
public record TrainingRecipe(Optimiser optimiser, double polyak) {

  /**
   * PixelCNN++'s (arXiv 1701.05517, and its published code): Adam with betas 0.95 and 0.9995 at
   * 1e-3, multiplied by 0.999995 after every step; an average that keeps 0.9995.
   */
  public static final TrainingRecipe PIXELCNN_PLUS_PLUS = pixelCnnPlusPlus(1e-3);

  /** Checks that there is an optimiser. */
  public TrainingRecipe {
    Objects.requireNonNull(optimiser, "optimiser");
  }

  /**
   * Returns PixelCNN++'s recipe at another first rate.
   *
   * @param rate above 0
   */
  public static TrainingRecipe pixelCnnPlusPlus(double rate) {
    RateSchedule decaying = new RateSchedule.Exponential(rate, 0.999995);
    return new TrainingRecipe(Adam.withRate(decaying).withBetas(0.95, 0.9995), 0.9995);
  }
}
