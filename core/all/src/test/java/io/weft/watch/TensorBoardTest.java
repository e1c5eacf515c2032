package io.weft.watch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.model.GatedPixelCnn;
import io.weft.score.Scores;
import io.weft.train.StepTime;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/** Event files, read with TensorFlow's own reader, which verifies their checksums. */
class TensorBoardTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(96).size(8).levels(4).seed(1).grey();
  private static final ImageSet OTHERS = EmbeddedDigits.count(40).size(8).levels(4).seed(2).grey();

  @TempDir private Path folder;

  private static Model model() {
    return Model.initial(
        GatedPixelCnn.builder(DIGITS.spec()).blocks(1).maps(4).classCondition("digit", 10).build(),
        1);
  }

  private static Examples examples(ImageSet images) {
    return Examples.labelled(images, "digit");
  }

  /** Returns the records that TensorFlow's reader of record files finds. */
  private static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var files = tf.io.fifoQueue(List.<Class<? extends TType>>of(TString.class));
      var name = tf.constant(file.toString());
      var enqueue = tf.io.queueEnqueue(files.handle(), List.<Operand<?>>of(name));
      var close = tf.io.queueClose(files.handle());
      var read = tf.io.readerRead(tf.io.tfRecordReader().readerHandle(), files.handle());
      session.runner().addTarget(enqueue.op()).run();
      session.runner().addTarget(close.op()).run();
      while (true) {
        try (var result = session.runner().fetch(read.value()).run()) {
          TString record = (TString) result.get(0);
          events.add(Event.parseFrom(record.asBytes().getObject()));
        } catch (TFOutOfRangeException e) {
          return events;
        }
      }
    }
  }

  private static List<Summary.Value> tagged(List<Event> events, String tag) {
    return events.stream()
        .flatMap(event -> event.getSummary().getValueList().stream())
        .filter(value -> value.getTag().equals(tag))
        .toList();
  }

  @Test
  void tensorFlowReadsWhatTrainingWas() throws IOException {
    List<TrainingEvent> heard = new ArrayList<>();
    List<byte[]> sheets = new ArrayList<>();
    Scores scores;
    Path file;
    try (Model model = model()) {
      SampleSheet sheet = SampleSheet.of(model, 10, 3);
      TensorBoard board =
          TensorBoard.of(
              folder,
              2,
              () -> {
                var picture = sheet.get();
                sheets.add(picture.toPng());
                return picture;
              });
      file = board.file();
      var options = TrainingOptions.seed(1).batch(16).epochs(2).validateOn(examples(OTHERS));
      model.train(examples(DIGITS), options.build(), heard::add, board);
      scores = model.score(examples(OTHERS));
    }
    List<Event> events = read(file);
    assertEquals("brain.Event:2", events.get(0).getFileVersion());
    var steps =
        heard.stream()
            .filter(TrainingEvent.Stepped.class::isInstance)
            .map(TrainingEvent.Stepped.class::cast)
            .filter(step -> step.step() % 2 == 0)
            .toList();
    var losses = tagged(events, "training/bits_per_dimension");
    assertEquals(6, losses.size());
    for (int i = 0; i < losses.size(); i++) {
      assertEquals((float) steps.get(i).bitsPerDimension(), losses.get(i).getSimpleValue());
    }
    assertEquals(
        List.of(0L, 1L, 2L, 4L, 6L, 6L, 6L, 8L, 10L, 12L, 12L, 12L),
        events.stream().map(Event::getStep).toList());
    assertEquals(6, tagged(events, "training/learning_rate").size());
    var speeds = tagged(events, "training/images_per_second");
    StepTime second = steps.get(0).time();
    assertEquals((float) (16 / (second.total().toNanos() / 1e9)), speeds.get(0).getSimpleValue());
    assertEquals(
        (float) (second.run().toNanos() / 1e9),
        tagged(events, "time/run_seconds").get(0).getSimpleValue());
    assertEquals(6, tagged(events, "time/input_seconds").size());
    assertEquals(6, tagged(events, "time/rest_seconds").size());
    assertEquals(2, tagged(events, "validation/bits_per_dimension").size());
    HistogramProto last = tagged(events, "validation/log_likelihood").get(1).getHisto();
    assertEquals(40, last.getNum());
    assertEquals(40, last.getBucketList().stream().mapToDouble(count -> count).sum());
    assertEquals(-scores.meanNats(), last.getSum() / 40, 1e-3);
    var images = tagged(events, "samples");
    assertEquals(2, images.size());
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(
          sheets.get(i), images.get(i).getImage().getEncodedImageString().toByteArray());
    }
    assertNotEquals(List.of(sheets.get(0)), List.of(sheets.get(1)));
    assertEquals(10 * (48 + 2) + 2, images.get(0).getImage().getWidth());
  }

  @Test
  void aDamagedFileIsSeen() throws IOException {
    TensorBoard board = TensorBoard.of(folder, 1);
    board.on(Watched.validated(1, 2));
    Path file = board.file();
    assertEquals(2, read(file).size());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 10] ^= 1;
    Files.write(file, bytes);
    assertThrows(TensorFlowException.class, () -> read(file));
  }

  @Test
  void aRunThatGoesOnHasAFileOfItsOwnThatBeginsAtItsStep() throws IOException {
    TensorBoard one = TensorBoard.of(folder, 1);
    TensorBoard two = TensorBoard.of(folder, 1);
    assertNotEquals(one.file(), two.file());
    two.on(Watched.stepped(5, 2));
    two.on(new TrainingEvent.Finished(5, TrainingEvent.Reason.CANCELLED));
    Event second = read(two.file()).get(1);
    assertEquals(5, second.getStep(), "what is there of this step and later ones is forgotten");
    assertEquals(SessionLog.SessionStatus.START, second.getSessionLog().getStatus());
  }

  @Test
  void aCrashLosesNothingThatWasFlushed() throws IOException {
    TensorBoard board = TensorBoard.of(folder, 1);
    board.on(Watched.stepped(1, 2));
    board.on(Watched.validated(1, 2));
    board.on(Watched.stepped(2, 1)); // Not flushed yet: what a crash may lose.
    assertEquals(1, tagged(read(board.file()), "training/bits_per_dimension").size());
  }

  @Test
  void whatCouldNotBeWrittenIsMadeGood() throws IOException {
    TensorBoard board = TensorBoard.of(folder, 1);
    Path file = board.file();
    Path aside = folder.resolve("aside");
    board.on(Watched.stepped(1, 2));
    Files.move(file, aside);
    board.on(Watched.validated(1, 2));
    Files.move(aside, file);
    board.on(Watched.stepped(2, 1));
    // Half a record, as a full disk leaves it.
    Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    board.on(Watched.validated(2, 1));
    assertEquals(2, tagged(read(file), "training/bits_per_dimension").size());
    assertEquals(2, tagged(read(file), "validation/bits_per_dimension").size());
  }

  @Test
  void whereNothingCanBeWrittenIsSaidBeforeTraining() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    var error = assertThrows(IOException.class, () -> TensorBoard.of(file, 1));
    assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> TensorBoard.of(folder, 0));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void histogramsHoldEverything() {
    HistogramProto one = Histogram.of(List.of(-5.0, -5.0));
    assertEquals(List.of(2.0), one.getBucketList());
    assertEquals(List.of(-5.0), one.getBucketLimitList());
    HistogramProto many = Histogram.of(List.of(-3.0, -1.0, -2.0, 0.0));
    assertEquals(4, many.getBucketList().stream().mapToDouble(count -> count).sum());
    assertEquals(0.0, many.getBucketLimit(29));
    assertEquals(14, many.getSumSquares());
  }
}
