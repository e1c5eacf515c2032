package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.model.GatedPixelCnn;
import io.weft.train.TrainingOptions;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** What is said of a step's cost. */
class StepCostTest {

  private static Examples digits(int size) {
    return Examples.of(EmbeddedDigits.count(512).size(size).levels(4).seed(5).grey());
  }

  private static Model model(Examples examples, int maps) {
    return Model.initial(GatedPixelCnn.builder(examples.spec()).maps(maps).blocks(2).build(), 1);
  }

  @Test
  void aStepIsLongerThanItsComputing() {
    var conf =
        new SparkConf(false)
            .setMaster("local[2]")
            .setAppName("cost")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.ui.enabled", "false");
    Examples examples = digits(8);
    try (JavaSparkContext spark = new JavaSparkContext(conf);
        Model model = model(examples, 8)) {
      Fleet fleet = Fleet.on(spark);
      TrainingOptions options = TrainingOptions.seed(1).steps(4).batch(8).microBatch(4).build();
      StepCost cost = StepCost.measure(fleet, model, examples, options, 2);
      assertEquals(8, cost.images());
      assertEquals(2, cost.cores());
      assertTrue(cost.compute().compareTo(Duration.ZERO) > 0, cost.toString());
      assertTrue(cost.overhead().compareTo(Duration.ZERO) > 0, cost.toString());
      assertTrue(cost.efficiency() > 0 && cost.efficiency() < 1, cost.toString());
      assertThrows(
          IllegalArgumentException.class,
          () -> StepCost.measure(fleet, model, examples, options, 4));
    }
  }

  @Test
  void largerStepsPay() {
    StepCost cost = new StepCost(16, 2, Duration.ofMillis(140), Duration.ofMillis(80));
    // 10 ms an image on one core: 12 take 120 ms there, and 60 + 60 here.
    assertEquals(OptionalLong.of(12), cost.paysFrom());
    // 540 of 600 ms.
    assertEquals(108, cost.imagesFor(0.9));
    assertThrows(IllegalArgumentException.class, () -> cost.imagesFor(1));
    StepCost alone = new StepCost(16, 1, Duration.ofMillis(140), Duration.ofMillis(80));
    assertEquals(OptionalLong.empty(), alone.paysFrom());
  }
}
