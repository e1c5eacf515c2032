package io.weft.train;

import io.weft.optimise.Adam;
import io.weft.optimise.Optimiser;
import io.weft.optimise.RateSchedule;
import java.util.Objects;

/**
 * Settings of a training that go together, by a paper or by our own trials. {@link
 * TrainingOptions.Builder#recipe} takes all of them; what is set after it replaces one.
 *
 * @param batch examples of a step, at least 1
 * @param optimiser the optimiser
 * @param clipNorm the global norm that gradients are scaled down to, above 0; infinite for none
 * @param polyak how much of the Polyak average of the weights a step keeps, in (0, 1)
 */
public record TrainingRecipe(int batch, Optimiser optimiser, double clipNorm, double polyak) {

  /**
   * What learned the most from as many images in our trials of the families but PixelCNN++
   * (samples/RESULTS.md has them): batches of 8, Adam at 2e-3, gradients of norm 1 at most, an
   * average that keeps 0.999.
   */
  public static final TrainingRecipe SMALL_BATCHES = smallBatches(2e-3);

  /**
   * PixelCNN++'s (arXiv 1701.05517, and its published code): batches of 16, Adam with betas 0.95
   * and 0.9995 at 1e-3, multiplied by 0.999995 after every step; an average that keeps 0.9995.
   */
  public static final TrainingRecipe PIXELCNN_PLUS_PLUS = pixelCnnPlusPlus(1e-3);

  /** Checks that there is an optimiser, and the numbers as the options of a training do. */
  public TrainingRecipe {
    Objects.requireNonNull(optimiser, "optimiser");
    var unused = TrainingOptions.seed(0).batch(batch).clipNorm(clipNorm).polyak(polyak);
  }

  /**
   * Returns the recipe of small batches at another rate.
   *
   * @param rate above 0
   */
  public static TrainingRecipe smallBatches(double rate) {
    return new TrainingRecipe(8, Adam.withRate(rate), 1, 0.999);
  }

  /**
   * Returns PixelCNN++'s recipe at another first rate.
   *
   * @param rate above 0
   */
  public static TrainingRecipe pixelCnnPlusPlus(double rate) {
    RateSchedule decaying = new RateSchedule.Exponential(rate, 0.999995);
    return new TrainingRecipe(
        16, Adam.withRate(decaying).withBetas(0.95, 0.9995), Double.POSITIVE_INFINITY, 0.9995);
  }
}
