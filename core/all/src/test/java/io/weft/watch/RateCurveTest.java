package io.weft.watch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.image.Picture;
import io.weft.optimise.Adam;
import io.weft.testing.SavedModels;
import io.weft.train.TrainingOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Learning rates that were tried on a copy. */
class RateCurveTest {

  private static RateCurve of(Model model, long steps) {
    return RateCurve.of(
        model,
        SavedModels.EXAMPLES,
        steps,
        rates -> TrainingOptions.seed(1).batch(16).optimiser(Adam.withRate(rates)));
  }

  @Test
  void theLossFallsAndRisesAndTheModelStays() {
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      float[] before = model.weights().values("first/kernel");
      RateCurve curve = of(model, 60);
      assertArrayEquals(before, model.weights().values("first/kernel"));
      assertEquals(List.of(), model.history());
      List<RateCurve.Point> points = curve.points();
      assertEquals(RateCurve.LOWEST, points.get(0).rate(), 1e-12);
      assertEquals(points.get(0).bits(), points.get(0).smoothed(), 1e-12);
      for (int i = 1; i < points.size(); i++) {
        assertTrue(points.get(i).rate() > points.get(i - 1).rate());
      }
      // The mean of 0.9 x the first and the second, by their weights.
      double second = (0.9 * points.get(0).bits() + points.get(1).bits()) / 1.9;
      assertEquals(second, points.get(1).smoothed(), 1e-12);
      assertEquals(curve.rateOfLeast() / 10, curve.suggested());
      assertTrue(curve.suggested() > 1e-5 && curve.suggested() < 0.1, "" + curve.suggested());
      Picture picture = curve.picture("rates");
      assertEquals(1120, picture.height());
      assertEquals(1800, picture.width());
    }
  }

  @Test
  void theLeastIsFoundAmongGivenPoints() {
    RateCurve curve =
        new RateCurve(
            List.of(
                new RateCurve.Point(0.001, 3, 3),
                new RateCurve.Point(0.01, 1, 2),
                new RateCurve.Point(0.1, 2, 2.5)));
    assertEquals(0.01, curve.rateOfLeast());
    assertEquals(0.001, curve.suggested());
    assertThrows(IllegalArgumentException.class, () -> new RateCurve(List.of()));
  }

  @Test
  void oneStepTriesNothing() {
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      assertThrows(IllegalArgumentException.class, () -> of(model, 1));
    }
  }
}
