package io.weft.watch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.DataFormatException;
import io.weft.image.ContactSheet;
import io.weft.model.GatedPixelCnn;
import io.weft.train.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written while training lasts, and what happens where they cannot be. */
class ListenersTest {

  @TempDir private Path folder;

  private static HistoryWriter writer(Path... files) throws IOException {
    return HistoryWriter.to("digits", 2, List.of(files));
  }

  private static List<Long> steps(TrainingHistory history) {
    return history.steps().stream().map(TrainingHistory.Steps::step).toList();
  }

  @Test
  void theHistoryIsThereWhileTrainingLasts() throws IOException {
    Path csv = folder.resolve("sub/run.csv");
    Path png = folder.resolve("curves.png");
    HistoryWriter writer = writer(csv, png);
    LongStream.rangeClosed(1, 5).forEach(step -> writer.on(Watched.stepped(step, 2)));
    writer.on(Watched.validated(5, 2));
    writer.on(new TrainingEvent.Checkpointed(5, 1));
    TrainingHistory history = TrainingHistory.read(csv);
    assertEquals(writer.history(), history);
    assertEquals(List.of(2L, 4L, 5L), steps(history), "the checkpoint completes a point");
    assertEquals(1, history.validations().size());
    assertEquals(1800, ImageIO.read(png.toFile()).getWidth());
  }

  @Test
  void aRunThatGoesOnKeepsWhatWasBeforeIt() throws IOException {
    Path file = folder.resolve("run.json");
    HistoryWriter first = writer(file);
    LongStream.rangeClosed(1, 4).forEach(step -> first.on(Watched.stepped(step, 2)));
    first.on(new TrainingEvent.Checkpointed(4, 1));
    double seconds = first.history().seconds();
    LongStream.rangeClosed(5, 8).forEach(step -> first.on(Watched.stepped(step, 2)));
    first.on(new TrainingEvent.Finished(8, TrainingEvent.Reason.CANCELLED));

    HistoryWriter second = writer(file);
    LongStream.rangeClosed(5, 6).forEach(step -> second.on(Watched.stepped(step, 1)));
    second.on(new TrainingEvent.Checkpointed(6, 1));
    TrainingHistory both = TrainingHistory.read(file);
    assertEquals(List.of(2L, 4L, 6L), steps(both));
    assertEquals(1, both.steps().get(2).trainingBits());
    assertTrue(both.seconds() >= seconds + 0.203, "time goes on: " + both.seconds());

    HistoryWriter fresh = writer(file);
    LongStream.rangeClosed(1, 2).forEach(step -> fresh.on(Watched.stepped(step, 3)));
    fresh.on(new TrainingEvent.Checkpointed(2, 1));
    assertEquals(List.of(2L), steps(TrainingHistory.read(file)), "from the start is a new one");
  }

  @Test
  void aFailedWriteDoesNotEndTrainingAndIsMadeGood() throws IOException {
    Path sub = folder.resolve("sub");
    Path file = sub.resolve("run.csv");
    HistoryWriter writer = writer(file);
    LongStream.rangeClosed(1, 2).forEach(step -> writer.on(Watched.stepped(step, 2)));
    Files.delete(sub);
    Files.createFile(sub);
    writer.on(new TrainingEvent.Checkpointed(2, 1));
    Files.delete(sub);
    writer.on(new TrainingEvent.Finished(2, TrainingEvent.Reason.COMPLETED));
    assertEquals(List.of(2L), steps(TrainingHistory.read(file)));
  }

  @Test
  void anInterruptDoesNotTearWhatIsWritten() throws IOException {
    Path file = folder.resolve("run.csv");
    HistoryWriter writer = writer(file);
    writer.on(Watched.stepped(1, 2));
    Thread.currentThread().interrupt();
    writer.on(new TrainingEvent.Finished(1, TrainingEvent.Reason.CANCELLED));
    assertTrue(Thread.interrupted(), "the interrupt is still there for whoever trains");
    assertEquals(List.of(1L), steps(TrainingHistory.read(file)));
  }

  @Test
  void whatIsNoHistoryIsLeftAlone() throws IOException {
    Path file = folder.resolve("letters.csv");
    Files.writeString(file, "dear,madam");
    assertThrows(DataFormatException.class, () -> writer(file));
    assertEquals("dear,madam", Files.readString(file));
  }

  @Test
  void whatCannotBeWrittenIsFoundBeforeTraining() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThrows(IOException.class, () -> writer(file.resolve("run.csv")));
    assertThrows(IOException.class, () -> writer(file.resolve("curves.png")));
    assertThrows(IllegalArgumentException.class, () -> writer(folder.resolve("run.xml")));
    assertThrows(IOException.class, () -> new SheetFolder(file, () -> null));
  }

  @Test
  void thereIsASheetForEachCheckpoint() throws IOException {
    try (Model model = Model.initial(Watched.GATED, 1)) {
      SampleSheet sheet = SampleSheet.of(model, 20, 7);
      Watched.train(model, new SheetFolder(folder, sheet));
      try (var files = Files.list(folder)) {
        assertEquals(
            List.of("step-000002.png", "step-000004.png"),
            files.map(file -> file.getFileName().toString()).sorted().toList());
      }
      assertArrayEquals(sheet.get().toPng(), Files.readAllBytes(folder.resolve("step-000004.png")));
    }
  }

  @Test
  void aSheetHasTheNamesOfItsClasses() {
    var named =
        GatedPixelCnn.builder(Watched.GATED.image())
            .blocks(1)
            .maps(4)
            .kernel(3)
            .classCondition("animal", List.of("cat", "dog", "elk"))
            .build();
    try (Model model = Model.initial(named, 1)) {
      var images = model.sampler(7).count(4).labels(i -> (int) (i % 3)).images().stream();
      assertArrayEquals(
          new ContactSheet(3)
              .of(
                  images.map(image -> image.picture().enlargedTo(48)).toList(),
                  List.of("cat", "dog", "elk", "cat"))
              .toPng(),
          SampleSheet.of(model, 4, 7).get().toPng());
      assertArrayEquals(
          new ContactSheet(2)
              .of(
                  model.sampler(7).count(4).labels(i -> 0).images().stream()
                      .map(image -> image.picture().enlargedTo(48))
                      .toList())
              .toPng(),
          SampleSheet.of(() -> model.sampler(7).count(4).labels(i -> 0), 2).get().toPng(),
          "nothing says whose they are");
    }
  }

  @Test
  void aFolderThatGoesAwayDoesNotEndTraining() throws IOException {
    Path sub = folder.resolve("sub");
    try (Model model = Model.initial(Watched.GATED, 1)) {
      var sheets = new SheetFolder(sub, SampleSheet.of(model, 4, 7));
      Files.delete(sub);
      Files.createFile(sub);
      Watched.train(model, sheets);
      assertEquals("COMPLETED", model.history().get(0).outcome());
    }
  }
}
