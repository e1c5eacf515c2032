package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.model.GatedPixelCnn;
import io.weft.spark.testing.StandaloneCluster;
import io.weft.train.Training;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingOptions;
import java.time.Duration;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** A cluster of one worker, which is lost. */
class NoWorkerTest {

  /** Sums of more than the driver may be sent are added on the workers, slice by slice. */
  private static final String LITTLE = "100k";

  @Test
  void oneWorkerDoesAllAlikeAndWithoutItCallsEnd() {
    var digits = EmbeddedDigits.count(40).size(8).levels(4).seed(5).grey();
    Examples examples = Examples.of(digits);
    var definition = GatedPixelCnn.builder(digits.spec()).maps(16).blocks(1).build();
    TrainingOptions.Builder options = TrainingOptions.seed(3).batch(18).microBatch(4);
    try (StandaloneCluster cluster = StandaloneCluster.start();
        StandaloneCluster.Worker worker = cluster.add("127.0.0.1", 1);
        JavaSparkContext spark =
            new JavaSparkContext(
                cluster.conf("one worker").set("spark.driver.maxResultSize", LITTLE));
        Model alone = Model.initial(definition, 1);
        Model model = Model.initial(definition, 1)) {
      assertTrue(3 * definition.parameterCount() * Float.BYTES > 50_000, "three sums would fit");
      Fleet fleet = Fleet.on(spark);
      alone.train(examples, options.steps(3).build());
      model.train(examples, Fleet.on(spark, 4).spread(options.steps(3).build()));
      TrainingOnCluster.assertSame(alone.snapshot(), model.snapshot());

      Map<String, String> expected = Results.alone();
      for (int tasks : new int[] {2, 8}) {
        assertEquals(expected, Results.of(Fleet.on(spark, tasks)), tasks + " tasks");
      }

      Fleet hasty = fleet.waiting(Duration.ofSeconds(2));
      try (Training run = hasty.resuming(model, examples, options.steps(1000).build())) {
        assertTrue(run.next() instanceof TrainingEvent.Stepped);
        worker.kill();
        var error =
            assertThrows(
                FleetException.class,
                () -> {
                  while (run.hasNext()) {
                    run.next();
                  }
                });
        String waited =
            " has waited 2 s for a worker, and "
                + cluster.url()
                + " has none for it; start workers, or see whether others have taken them all";
        assertEquals("step 5 of 1000" + waited, error.getMessage());
        error = assertThrows(FleetException.class, () -> hasty.compress(Codec.of(model), examples));
        assertEquals("coding 40 images" + waited, error.getMessage());
      }
      assertEquals(4, model.snapshot().state().orElseThrow().step());
    }
  }
}
