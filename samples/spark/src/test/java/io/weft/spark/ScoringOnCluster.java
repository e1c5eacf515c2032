package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.score.Scores;
import io.weft.spark.testing.JavaProcess;
import io.weft.spark.testing.StandaloneCluster;
import io.weft.train.TrainingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All calls beside training: the bits are those of one process. */
abstract class ScoringOnCluster extends OnCluster {

  /** Whether TensorFlow computes by oneDNN, by which its numbers mostly differ. */
  private static final String CHOICE = "TF_ENABLE_ONEDNN_OPTS";

  @Test
  void theBitsAreThoseOfOneProcessWhateverTheTasks() {
    Map<String, String> expected = Results.alone();
    for (int tasks : new int[] {2, 8}) {
      try (Fleet fleet = Fleet.on(spark, tasks)) {
        assertEquals(expected, Results.of(fleet), tasks + " tasks");
      }
    }
  }

  @Test
  void lostExecutorsAndWorkersMakeNoDifference(@TempDir Path folder) throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    Path disturbed = folder.resolve("disturbed");
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark, 16)) {
      Scores alone = model.score(Results.EXAMPLES);
      AtomicBoolean killed = new AtomicBoolean();
      FleetListener kills =
          (done, total) -> {
            if (done > 0 && done < total && !killed.getAndSet(true)) {
              cluster.workers().get(0).killExecutors();
            }
          };
      assertEquals(Results.of(alone), Results.of(fleet.score(model, Results.EXAMPLES, kills)));
      assertTrue(killed.get(), "all came at once");

      FleetSampler sampler = fleet.sample(model, 3).count(320).imagesPerPart(20).labels(i -> 1);
      sampler.saveTo(undisturbed.toUri().toString());
      try (StandaloneCluster.Worker third = cluster.add("127.0.0.1", 2)) {
        await(3);
        killed.set(false);
        SavedParts parts =
            sampler
                .listener(
                    (done, total) -> {
                      if (done > 0 && done < total && !killed.getAndSet(true)) {
                        third.kill();
                      }
                    })
                .saveTo(disturbed.toUri().toString());
        assertTrue(killed.get(), "all came at once");
        assertEquals(16, parts.drawn());
      }
      await(2);
    }
    assertEquals(17, filesAlike(undisturbed, disturbed));
  }

  private static int filesAlike(Path expected, Path found) throws Exception {
    try (var files = Files.list(expected);
        var others = Files.list(found)) {
      List<Path> names = files.map(Path::getFileName).sorted().toList();
      assertEquals(names, others.map(Path::getFileName).sorted().toList());
      for (Path name : names) {
        assertArrayEquals(
            Files.readAllBytes(expected.resolve(name)), Files.readAllBytes(found.resolve(name)));
      }
      return names.size();
    }
  }

  @Test
  void aWorkerThatComputesOtherNumbersIsRefusedByName(@TempDir Path folder) {
    Map<String, String> byJava = Results.aloneByJava();
    boolean scoresDiffer = !scores("0", folder).equals(scores("1", folder));
    // Which of the two is the usual one is the processor's choice.
    try (StandaloneCluster.Worker off = unlike("0");
        StandaloneCluster.Worker on = unlike("1");
        Fleet fleet = Fleet.on(spark, 8)) {
      assertEquals(off.host(), on.host());
      await(4);
      assertNamed(on.host(), TrainingOnCluster.refusedTraining());
      if (scoresDiffer) {
        try (Model model = SmallModels.model(Device.cpu())) {
          FleetSampler sampler = fleet.sample(model, 7).count(40).executor(Results.TENSORFLOW);
          assertNamed(on.host(), refused(() -> fleet.score(model, Results.EXAMPLES)));
          assertNamed(
              on.host(),
              refused(() -> sampler.labels(image -> (int) (image % 10)).images().toList()));
        }
      }
      // Java's numbers are the same everywhere.
      assertEquals(byJava, Results.byJava(fleet));
    }
    await(2);
    assumeTrue(scoresDiffer, "this processor gives small models the same scores by either");
  }

  /** Prints a digest of the scores that TensorFlow gives in this process. */
  static final class ScoresInThisProcess {
    private ScoresInThisProcess() {}

    public static void main(String[] arguments) {
      try (Model model = SmallModels.model(Device.cpu())) {
        System.out.println("scores: " + Likeness.ofScores(model).orElseThrow().scores());
      }
    }
  }

  private static String scores(String choice, Path folder) {
    try (JavaProcess process =
        JavaProcess.start(
            List.of(),
            Map.of(CHOICE, choice),
            folder.resolve("scores-" + choice),
            ScoresInThisProcess.class.getName())) {
      return process.await("scores: ([0-9a-f]+)", Duration.ofSeconds(60));
    }
  }

  /** Expects a refusal, once the workers have loaded TensorFlow: others are asked meanwhile. */
  private static FleetException refused(Runnable call) {
    AtomicReference<FleetException> refused = new AtomicReference<>();
    JavaProcess.until(
        () -> {
          try {
            call.run();
            return false;
          } catch (FleetException e) {
            refused.set(e);
            return true;
          }
        },
        "a worker that is refused",
        Duration.ofSeconds(60));
    return refused.get();
  }

  private static StandaloneCluster.Worker unlike(String choice) {
    return cluster.add("127.0.0.1", 2, Map.of(CHOICE, choice));
  }

  private static void assertNamed(String host, FleetException refused) {
    String message = refused.getMessage();
    assertTrue(
        message.contains("the worker on " + host + " computes other numbers than the driver"),
        message);
    assertTrue(message.contains("TF_ENABLE_ONEDNN_OPTS: not set here, "), message);
  }

  @Test
  void ownLayersComeFromTheUsersJar() {
    OwnLayerJar own = OwnLayerJar.in(jars);
    ModelBuilder builder = ModelBuilder.of("own", SmallModels.IMAGE);
    Definition definition =
        builder.softmax(builder.image().shiftRight(1).conv1x1(8).apply(own.layer()).conv1x1(4));
    Examples examples = Examples.of(SmallModels.images(40));
    TrainingOptions options = TrainingOptions.seed(1).steps(2).batch(16).microBatch(4).build();
    try (Model model = Model.initial(definition, 1, Device.jvm());
        Model alone = Model.initial(definition, 1);
        Model spread = Model.initial(definition, 1);
        Fleet fleet = Fleet.on(spark, own.catalog())) {
      String message =
          assertThrows(FleetException.class, () -> fleet.score(model, examples)).getMessage();
      assertTrue(message.startsWith("there is no class own.OwnCatalog on "), message);
      message =
          assertThrows(FleetException.class, () -> spread.train(examples, fleet.spread(options)))
              .getMessage();
      assertTrue(message.contains("there is no class own.OwnCatalog on "), message);
      spark.addJar(own.jar().toUri().toString());
      assertEquals(Results.of(model.score(examples)), Results.of(fleet.score(model, examples)));
      alone.train(examples, options);
      spread.train(examples, fleet.spread(options));
      TrainingOnCluster.assertSame(alone.snapshot(), spread.snapshot());
    }
  }
}
