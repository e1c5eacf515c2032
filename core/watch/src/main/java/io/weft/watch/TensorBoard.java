package io.weft.watch;

import com.google.protobuf.ByteString;
import io.weft.image.Picture;
import io.weft.train.StepTime;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * Writes a training run as an event file of TensorBoard: {@code tensorboard --logdir FOLDER}.
 *
 * <ul>
 *   <li>{@code training/bits_per_dimension}, {@code training/gradient_norm} (before clipping),
 *       {@code training/learning_rate} and {@code training/images_per_second}: one step in so many
 *   <li>{@code time/input_seconds}, {@code time/run_seconds} and {@code time/rest_seconds}: the
 *       parts of such a step's time
 *   <li>{@code validation/bits_per_dimension} and {@code validation/training_bits_per_dimension}
 *   <li>{@code metrics/NAME}: what is measured beside, at each validation
 *   <li>{@code validation/log_likelihood}: a histogram of the validation examples' log- likelihoods
 *   <li>{@code samples}: a picture at each checkpoint, if one is given
 * </ul>
 *
 * <p>Steps are counted from the start of the model's training. A run that is gone on with continues
 * its curves in a file of its own; what an interrupted run had written of the same steps then
 * disappears from TensorBoard. The file is written after each validation and checkpoint and every
 * few seconds; a crash loses what came since, and harms no other event.
 *
 * <p>For when the file cannot be written, see {@link io.weft.watch}. What the picture throws
 * reaches the training.
 */
public final class TensorBoard implements TrainingListener {

  private static final Duration FLUSH = Duration.ofSeconds(5);

  /** Events that cannot be written are kept up to this many bytes. */
  private static final int LARGEST_BACKLOG = 64 << 20;

  private final EventFile file;
  private final SteadyWriting writing;
  private final int every;
  private final Optional<Supplier<Picture>> picture;
  private boolean begun;
  private long flushed = System.nanoTime();

  private TensorBoard(EventFile file, int every, Optional<Supplier<Picture>> picture) {
    this.file = file;
    this.writing = new SteadyWriting(file.path());
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
   * Begins an event file that gets a picture at each checkpoint as well.
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
    return new TensorBoard(EventFile.in(folder), every, picture);
  }

  /** Returns the event file. */
  public Path file() {
    return file.path();
  }

  @Override
  public synchronized void on(TrainingEvent event) {
    if (event instanceof TrainingEvent.Stepped stepped) {
      begin(stepped);
      if (stepped.step() % every == 0) {
        add(stepped.step(), values(stepped));
      }
    } else if (event instanceof TrainingEvent.Validated validated) {
      add(validated.step(), values(validated));
    } else if (event instanceof TrainingEvent.Checkpointed && picture.isPresent()) {
      add(event.step(), List.of(image(picture.get().get())));
    }
    if (!(event instanceof TrainingEvent.Stepped)
        || System.nanoTime() - flushed > FLUSH.toNanos()) {
      writing.attempt(file::flush);
      flushed = System.nanoTime();
    }
  }

  /** Tells TensorBoard to forget what an earlier run had written from this step on. */
  private void begin(TrainingEvent.Stepped first) {
    if (!begun) {
      begun = true;
      file.add(
          Event.newBuilder()
              .setStep(first.step())
              .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
    }
  }

  private void add(long step, List<Summary.Value> values) {
    if (file.pending() < LARGEST_BACKLOG) {
      file.add(
          Event.newBuilder().setStep(step).setSummary(Summary.newBuilder().addAllValue(values)));
    }
  }

  private static List<Summary.Value> values(TrainingEvent.Stepped stepped) {
    StepTime time = stepped.time();
    return List.of(
        scalar("training/bits_per_dimension", stepped.bitsPerDimension()),
        scalar("training/gradient_norm", stepped.gradientNorm()),
        scalar("training/learning_rate", stepped.rate()),
        scalar("training/images_per_second", stepped.images() / seconds(time.total())),
        scalar("time/input_seconds", seconds(time.input())),
        scalar("time/run_seconds", seconds(time.run())),
        scalar("time/rest_seconds", seconds(time.rest())));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static List<Summary.Value> values(TrainingEvent.Validated validated) {
    Summary.Value.Builder logs =
        Summary.Value.newBuilder()
            .setTag("validation/log_likelihood")
            .setHisto(Histogram.of(validated.logLikelihoods()));
    Stream<Summary.Value> always =
        Stream.of(
            scalar("validation/bits_per_dimension", validated.validationBits()),
            scalar("validation/training_bits_per_dimension", validated.trainingBits()),
            logs.build());
    Stream<Summary.Value> own =
        validated.metrics().entrySet().stream()
            .map(metric -> scalar("metrics/" + metric.getKey(), metric.getValue()));
    return Stream.concat(always, own).toList();
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
}
