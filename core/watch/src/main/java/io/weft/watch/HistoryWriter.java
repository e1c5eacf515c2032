package io.weft.watch;

import io.weft.internal.files.AtomicFile;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Keeps the history of training and writes it to files, each in the form that its ending says: .csv
 * and .json are a {@link TrainingHistory}, .png its {@link LossCurves}. The files are replaced as a
 * whole, at each checkpoint and at the end.
 *
 * <p>A history that is there already (of several the last) is gone on with: when training goes on
 * from a model that was saved after n steps, the first n steps of the history are kept. A training
 * from the start begins a new one.
 *
 * <p>For when a file cannot be written, see {@link io.weft.watch}.
 */
public final class HistoryWriter implements TrainingListener {

  private final String title;
  private final HistoryRecorder recorder;
  private final Map<Path, SteadyWriting> files = new LinkedHashMap<>();

  private HistoryWriter(String title, HistoryRecorder recorder, List<Path> files) {
    this.title = title;
    this.recorder = recorder;
    files.forEach(file -> this.files.put(file, new SteadyWriting(file)));
  }

  /**
   * Makes a listener.
   *
   * @param title what stands above the curves
   * @param every how many steps one point is the mean of, at least 1
   * @param files where to, each ending in .csv, .json or .png
   * @throws IllegalArgumentException if a file has another ending, or {@code every} is below 1
   * @throws io.weft.data.DataFormatException if a .csv or .json that is there is no history
   * @throws IOException if a file cannot be written
   * @throws IllegalStateException if there is a .png, and Java finds no fonts to write on it with
   */
  public static HistoryWriter to(String title, int every, List<Path> files) throws IOException {
    Objects.requireNonNull(title, "title");
    TrainingHistory before = new TrainingHistory(List.of(), List.of());
    for (Path file : files) {
      if (isCurves(file)) {
        Charts.checkFonts();
      } else {
        TrainingHistory.checkName(file);
        if (Files.exists(file)) {
          before = TrainingHistory.read(file);
        }
      }
      AtomicFile.checkWritable(file);
    }
    return new HistoryWriter(title, new HistoryRecorder(before, every), files);
  }

  private static boolean isCurves(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".png");
  }

  /** Returns what has happened so far; of steps since the last point nothing. */
  public TrainingHistory history() {
    return recorder.history();
  }

  @Override
  public void on(TrainingEvent event) {
    recorder.on(event);
    if (event instanceof TrainingEvent.Checkpointed || event instanceof TrainingEvent.Finished) {
      TrainingHistory now = history();
      files.forEach((file, writing) -> writing.attempt(() -> write(now, file)));
    }
  }

  private void write(TrainingHistory now, Path file) throws IOException {
    if (!isCurves(file)) {
      now.write(file);
    } else if (!now.isEmpty()) {
      LossCurves.of(now, title).writePng(file);
    }
  }
}
