package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.data.Examples;
import io.weft.engine.Device;
import io.weft.train.TrainingOptions;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Spark may end an application at any time, as when somebody kills it on the master's page. */
class EndedContextTest {

  @Test
  void whatIsUnderWayAndWhatComesLaterEndsWithASentence() {
    Examples examples = SmallModels.examples(200);
    TrainingOptions options = TrainingOptions.seed(1).steps(4).batch(8).microBatch(4).build();
    try (JavaSparkContext spark = LocalSpark.start("ended");
        Model model = SmallModels.model(Device.jvm());
        Model trained = SmallModels.model(Device.cpu());
        Fleet fleet = Fleet.on(spark)) {
      assertEnded(() -> fleet.score(model, examples, (done, total) -> spark.stop()));
      for (Executable later :
          List.<Executable>of(
              () -> fleet.score(model, examples),
              () -> fleet.score(trained, examples),
              () -> fleet.sample(model, 7).labels(i -> 1).images().toList(),
              () -> fleet.compress(Codec.of(model), examples),
              () -> trained.train(examples, fleet.spread(options)))) {
        assertEnded(later);
      }
    }
  }

  private static void assertEnded(Executable call) {
    String message = assertThrows(FleetException.class, call).getMessage();
    assertTrue(
        message.contains("Spark has ended the application on local[2], as it does"), message);
  }
}
