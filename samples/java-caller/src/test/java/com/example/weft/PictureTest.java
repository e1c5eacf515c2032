package com.example.weft;

import static com.example.weft.Digits.TEST;
import static com.example.weft.Digits.TRAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.explain.FieldPicture;
import io.weft.explain.Gallery;
import io.weft.explain.GraphText;
import io.weft.explain.HtmlReport;
import io.weft.explain.KernelPicture;
import io.weft.explain.LayerDiagram;
import io.weft.explain.OrderPicture;
import io.weft.explain.Summary;
import io.weft.image.ContactSheet;
import io.weft.image.Picture;
import io.weft.order.GenerationOrder;
import io.weft.sample.SampledImage;
import io.weft.train.TrainingOptions;
import io.weft.watch.CheckpointSaver;
import io.weft.watch.HistoryWriter;
import io.weft.watch.SampleSheet;
import io.weft.watch.SheetFolder;
import io.weft.watch.TensorBoard;
import io.weft.watch.TrainingHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models, samples and trainings as pictures and as text. */
class PictureTest {

  @TempDir private Path folder;

  private void isPng(Picture picture) throws IOException {
    Path file = folder.resolve("picture.png");
    picture.writePng(file);
    var read = ImageIO.read(file.toFile());
    assertEquals(picture.width(), read.getWidth());
    assertEquals(picture.height(), read.getHeight());
  }

  @Test
  void whatAModelSees() throws IOException {
    isPng(FieldPicture.of(Digits.definition()).picture());
    isPng(OrderPicture.of(GenerationOrder.hilbert(8, 8)).picture());
    String layer =
        Digits.definition().graph().nodes().stream()
            .map(node -> node.name())
            .filter(name -> name.contains("horizontal"))
            .findFirst()
            .orElseThrow();
    isPng(KernelPicture.of(Digits.definition(), layer).picture());
  }

  @Test
  void samplesOnASheet() throws IOException {
    try (Model model = Digits.untrained()) {
      List<SampledImage> images = model.sampler(7).count(10).labels(i -> (int) i).images().toList();
      Picture sheet =
          new ContactSheet(5).of(images.stream().map(SampledImage::picture).toList()).scaled(4);
      assertTrue(sheet.width() >= 5 * 8 * 4 && sheet.height() >= 2 * 8 * 4);
      isPng(sheet);
      Picture named =
          new ContactSheet(5)
              .of(
                  images.stream().map(SampledImage::picture).toList(),
                  images.stream().map(image -> "digit " + image.index()).toList());
      assertTrue(named.width() > 5 * (8 + 2), "words make room");
      isPng(named);

      Gallery gallery = Gallery.ofSamples(images, image -> "digit " + image.index());
      assertTrue(gallery.html().contains("alt=\"digit 9\""));
      isPng(gallery.sheet(5));
    }
  }

  @Test
  void textAndDiagrams() {
    assertTrue(Summary.of(Digits.definition()).text().contains("parameters"));
    assertTrue(GraphText.mermaid(Digits.definition()).contains("flowchart"));
    assertTrue(GraphText.dot(Digits.definition()).startsWith("digraph"));
  }

  @Test
  void oneReport() throws IOException {
    Path page = folder.resolve("digits.html");
    // region report
    HtmlReport.write(Digits.definition(), page);
    FieldPicture.of(Digits.definition()).writeSvg(folder.resolve("receptive-field.svg"));
    // endregion
    assertTrue(Files.readString(page).contains(LayerDiagram.svg(Digits.definition())));
    assertTrue(Files.readString(folder.resolve("receptive-field.svg")).startsWith("<svg"));
  }

  @Test
  void aTrainingIsWatched() throws IOException {
    Path sheets = folder.resolve("sheets");
    Path saved = folder.resolve("model");
    try (Model model = Digits.untrained()) {
      // region watch
      SampleSheet sheet = SampleSheet.of(model, 10, 7);
      Path history = folder.resolve("history.csv");
      Path curves = folder.resolve("curves.png");
      TrainingOptions options =
          TrainingOptions.seed(1)
              .epochs(2)
              .validateOn(TEST)
              .listen(CheckpointSaver.to(saved, model))
              .listen(HistoryWriter.to("digits", 1, List.of(history, curves)))
              .listen(TensorBoard.of(folder.resolve("board"), 1, sheet))
              .listen(new SheetFolder(sheets, sheet))
              .build();
      model.train(TRAIN, options);
      // endregion
    }
    try (Model model = Model.load(saved)) {
      assertEquals(12, model.snapshot().state().orElseThrow().step());
    }
    assertEquals(12, recordedSteps());
    try (var files = Files.list(sheets)) {
      assertEquals(2, files.count());
    }
    assertTrue(Files.size(folder.resolve("curves.png")) > 0);
  }

  /** The rows of steps in the history that was written. */
  private long recordedSteps() throws IOException {
    return TrainingHistory.read(folder.resolve("history.csv")).steps().size();
  }
}
