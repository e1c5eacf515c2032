package io.weft.watch;

import com.google.protobuf.ByteString;
import io.weft.image.Picture;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/**
 * Writes a training run as an event file of TensorBoard: {@code tensorboard --logdir FOLDER}.
 *
 * <ul>
 *   <li>{@code training/bits_per_dimension}, {@code training/gradient_norm}, {@code
 *       training/learning_rate} and {@code training/step_milliseconds}: one step in so many
 *   <li>{@code validation/bits_per_dimension} and {@code validation/training_bits_per_dimension}
 *   <li>{@code validation/log_likelihood}: a histogram of the validation examples', in nats
 *   <li>{@code samples}: a picture after each validation, if one is given
 * </ul>
 *
 * <p>Steps are counted from the start of the model's training, so that a run that is gone on with
 * continues its curves in a file of its own. The file is flushed after each validation and every
 * few seconds. If it cannot be written, training goes on: that is logged once, and {@link #failure}
 * says why.
 */
public final class TensorBoard implements TrainingListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TensorBoard.class);

  private static final Duration FLUSH = Duration.ofSeconds(5);

  private final Path file;
  private final int every;
  private final Optional<Supplier<Picture>> picture;
  private final RecordFile records;
  private Instant flushed = Instant.now();
  private boolean closed;
  private Optional<IOException> failure = Optional.empty();

  TensorBoard(Path file, RecordFile records, int every, Optional<Supplier<Picture>> picture) {
    this.file = file;
    this.records = records;
    this.every = every;
    this.picture = picture;
  }

  /**
   * Begins an event file.
   *
   * @param folder where to; made if it is not there
   * @param every write one of so many steps, at least 1
   * @throws IllegalArgumentException if {@code every} is below 1
   * @throws IOException if the folder or the file cannot be made
   */
  public static TensorBoard of(Path folder, int every) throws IOException {
    return of(folder, every, Optional.empty());
  }

  /**
   * Begins an event file that gets a picture after each validation as well.
   *
   * @param picture usually a {@link SampleSheet}
   * @throws IllegalArgumentException if {@code every} is below 1
   * @throws IOException if the folder or the file cannot be made
   */
  public static TensorBoard of(Path folder, int every, Supplier<Picture> picture)
      throws IOException {
    return of(folder, every, Optional.of(Objects.requireNonNull(picture, "picture")));
  }

  private static TensorBoard of(Path folder, int every, Optional<Supplier<Picture>> picture)
      throws IOException {
    if (every < 1) {
      throw new IllegalArgumentException("write one of at least 1 step, found " + every);
    }
    Writable.folder(folder);
    Path file = folder.resolve(name(0));
    for (int number = 1; Files.exists(file); number++) {
      file = folder.resolve(name(number));
    }
    TensorBoard board = new TensorBoard(file, new RecordFile(file), every, picture);
    board.records.write(
        Event.newBuilder()
            .setWallTime(now())
            .setFileVersion("brain.Event:2")
            .build()
            .toByteArray());
    board.records.flush();
    return board;
  }

  /** TensorBoard looks for this beginning, and reads files in the order of their names. */
  private static String name(int number) {
    return "events.out.tfevents." + Instant.now().getEpochSecond() + ".weft." + number;
  }

  /** Returns the event file. */
  public Path file() {
    return file;
  }

  /** Returns why nothing more is written, if something failed. */
  public synchronized Optional<IOException> failure() {
    return failure;
  }

  @Override
  public synchronized void on(TrainingEvent event) {
    if (closed) {
      return;
    }
    try {
      if (event instanceof TrainingEvent.Stepped stepped && stepped.step() % every == 0) {
        write(stepped.step(), values(stepped));
      } else if (event instanceof TrainingEvent.Validated validated) {
        write(validated.step(), values(validated));
        records.flush();
      } else if (event instanceof TrainingEvent.Finished) {
        records.flush();
      }
    } catch (IOException e) {
      failure = Optional.of(e);
      LOG.warn("cannot write {}: {}; training goes on without it", file, e.toString());
      close();
    }
  }

  private static List<Summary.Value> values(TrainingEvent.Stepped stepped) {
    return List.of(
        scalar("training/bits_per_dimension", stepped.bitsPerDimension()),
        scalar("training/gradient_norm", stepped.gradientNorm()),
        scalar("training/learning_rate", stepped.rate()),
        scalar("training/step_milliseconds", stepped.time().total().toNanos() / 1e6));
  }

  private List<Summary.Value> values(TrainingEvent.Validated validated) {
    Summary.Value.Builder nats =
        Summary.Value.newBuilder()
            .setTag("validation/log_likelihood")
            .setHisto(Histogram.of(validated.nats()));
    var values =
        List.of(
            scalar("validation/bits_per_dimension", validated.validationBits()),
            scalar("validation/training_bits_per_dimension", validated.trainingBits()),
            nats.build());
    return picture
        .map(Supplier::get)
        .map(shown -> List.of(values.get(0), values.get(1), values.get(2), image(shown)))
        .orElse(values);
  }

  private static Summary.Value scalar(String tag, double value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
  }

  private static Summary.Value image(Picture picture) {
    return Summary.Value.newBuilder()
        .setTag("samples")
        .setImage(
            Summary.Image.newBuilder()
                .setHeight(picture.height())
                .setWidth(picture.width())
                .setColorspace(picture.channels())
                .setEncodedImageString(ByteString.copyFrom(picture.toPng())))
        .build();
  }

  private void write(long step, List<Summary.Value> values) throws IOException {
    records.write(
        Event.newBuilder()
            .setWallTime(now())
            .setStep(step)
            .setSummary(Summary.newBuilder().addAllValue(values))
            .build()
            .toByteArray());
    if (Duration.between(flushed, Instant.now()).compareTo(FLUSH) > 0) {
      records.flush();
      flushed = Instant.now();
    }
  }

  private static double now() {
    return Instant.now().toEpochMilli() / 1e3;
  }

  /** Ends the file. Closing again does nothing; events after it are not written. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      records.close();
    } catch (IOException e) {
      if (failure.isEmpty()) {
        failure = Optional.of(e);
        LOG.warn("cannot write {}: {}", file, e.toString());
      }
    }
  }
}
