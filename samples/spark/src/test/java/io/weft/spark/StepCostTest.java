package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.model.GatedPixelCnn;
import io.weft.spark.testing.StandaloneCluster;
import io.weft.train.TrainingOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** What is said of a step's cost. The figures of the page are made by {@link #main}. */
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

  /** Prints the cost of steps for batches in turns, in one process and on two workers. */
  public static void main(String[] arguments) {
    int maps = Integer.parseInt(arguments[0]);
    long steps = Long.parseLong(arguments[1]);
    int[] batches = Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray();
    Examples examples = digits(16);
    try (StandaloneCluster cluster = StandaloneCluster.start();
        StandaloneCluster.Worker one = cluster.add("127.0.0.1", 1);
        StandaloneCluster.Worker two = cluster.add("localhost", 1);
        JavaSparkContext spark =
            new JavaSparkContext(
                cluster
                    .conf("cost")
                    .set("spark.network.crypto.enabled", "false")
                    .set("spark.broadcast.compress", "false"))) {
      System.out.println(one.host() + ", " + two.host());
      for (int batch : batches) {
        for (int turn = 0; turn < 2; turn++) {
          try (Model model = model(examples, maps)) {
            var options = TrainingOptions.seed(1).steps(steps).batch(batch).microBatch(4).build();
            StepCost cost =
                StepCost.measure(Fleet.on(spark), model, examples, options, (int) steps / 2);
            System.out.printf(
                "%d parameters, batch %d: step %d ms, computing %d ms, overhead %d ms%n",
                model.parameterCount(),
                batch,
                cost.step().toMillis(),
                cost.compute().toMillis(),
                cost.overhead().toMillis());
          }
        }
      }
    }
  }
}
