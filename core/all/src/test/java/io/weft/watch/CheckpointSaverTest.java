package io.weft.watch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.json.LayerCatalog;
import io.weft.layer.CausalConvolution;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import io.weft.testing.Echo;
import io.weft.train.Training;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingOptions;
import io.weft.train.TrainingRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointSaverTest {

  @TempDir Path folder;

  @Test
  void whatACrashLeavesGoesOnToTheSameBits() throws IOException {
    Path saved = folder.resolve("model");
    var whole = Model.initial(Watched.GATED, 1);
    whole.train(Watched.TRAIN, TrainingOptions.seed(3).steps(9).batch(10).polyak(0.9).build());
    try (Model crashing = Model.initial(Watched.GATED, 1)) {
      var options =
          TrainingOptions.seed(3)
              .steps(9)
              .batch(10)
              .polyak(0.9)
              .checkpointEvery(3)
              .listen(CheckpointSaver.to(saved, crashing))
              .build();
      Training run = crashing.training(Watched.TRAIN, options);
      while (!(run.next() instanceof TrainingEvent.Stepped step && step.step() == 8)) {}
      // Loaded while the run is open: what a crash in step 9 leaves on disk.
      try (Model again = Model.load(saved)) {
        TrainingRecord before = again.history().get(0);
        assertEquals(6, again.snapshot().state().orElseThrow().step());
        assertEquals(TrainingRecord.RUNNING, before.outcome());
        again.resume(Watched.TRAIN, TrainingOptions.seed(3).steps(9).batch(10).polyak(0.9).build());
        for (String name : whole.weights().names()) {
          assertArrayEquals(whole.weights().values(name), again.weights().values(name), name);
        }
      }
      run.close();
    }
    whole.close();
  }

  @Test
  void anotherMethodOrOtherExamplesDoNotGoOn() {
    try (Model model = Model.initial(Watched.GATED, 1)) {
      Watched.train(model);
      var other = TrainingOptions.seed(3).batch(11).build();
      String method =
          assertThrows(IllegalArgumentException.class, () -> model.resuming(Watched.TRAIN, other))
              .getMessage();
      assertTrue(method.contains("batch 11") && method.contains("batch 10"), method);
      Examples fewer = Examples.labelled(Watched.TRAIN.images().take(20), "class");
      var same = Watched.options().build();
      String data =
          assertThrows(IllegalArgumentException.class, () -> model.resuming(fewer, same))
              .getMessage();
      assertTrue(data.contains("20 images") && data.contains("40 images"), data);
    }
  }

  /** The first checkpoint would end the training. */
  @Test
  void aLayerThatCannotBeSavedIsRefusedBeforeTheTraining() throws IOException {
    ModelBuilder own = ModelBuilder.of("own", Watched.TRAIN.spec());
    Definition definition =
        own.softmax(
            own.image()
                .apply(CausalConvolution.square(4, 3, MaskType.A))
                .apply(Echo.of(0))
                .apply(Pointwise.of(own.imageSpec().levels() * own.imageSpec().channels())));
    try (Model model = Model.initial(definition, 1)) {
      Path saved = folder.resolve("own");
      assertThrows(DefinitionException.class, () -> CheckpointSaver.to(saved, model));
      CheckpointSaver.to(saved, model, LayerCatalog.standard().with("echo", Echo.class));
    }
  }

  @Test
  void aFailedSaveDoesNotEndTraining() throws IOException {
    Path parent = folder.resolve("sub");
    try (Model model = Model.initial(Watched.GATED, 1)) {
      var saver = CheckpointSaver.to(parent.resolve("model"), model);
      Files.delete(parent);
      Files.createFile(parent);
      Watched.train(model, saver);
      assertEquals("COMPLETED", model.history().get(0).outcome());
    }
  }

  @Test
  void whatIsNoModelIsNotReplaced() throws IOException {
    Files.createFile(folder.resolve("letters"));
    try (Model model = Model.initial(Watched.GATED, 1)) {
      assertThrows(ModelFormatException.class, () -> CheckpointSaver.to(folder, model));
      Path file = folder.resolve("letters/model");
      assertThrows(IOException.class, () -> CheckpointSaver.to(file, model));
    }
  }
}
