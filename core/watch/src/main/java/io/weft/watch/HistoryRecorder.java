package io.weft.watch;

import io.weft.train.StepTime;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Records a training run, in memory: one point for some steps each, one for each validation. A
 * checkpoint and the end complete the point in hand.
 */
public final class HistoryRecorder implements TrainingListener {

  private final int every;
  private final LongSupplier clock;
  private final List<TrainingEvent.Stepped> inHand = new ArrayList<>();
  private TrainingHistory before;
  private final List<TrainingHistory.Steps> steps = new ArrayList<>();
  private final List<TrainingHistory.Validation> validations = new ArrayList<>();
  private boolean begun;
  private long origin;

  /**
   * Makes a recorder of a history that begins.
   *
   * @param every how many steps one point is the mean of, at least 1
   * @throws IllegalArgumentException if it is below 1
   */
  public HistoryRecorder(int every) {
    this(new TrainingHistory(List.of(), List.of()), every);
  }

  /**
   * Makes a recorder of a history that goes on.
   *
   * @param before what happened before: of a run whose first step is n + 1, the first n steps of it
   *     are kept
   * @param every how many steps one point is the mean of, at least 1
   * @throws IllegalArgumentException if it is below 1
   */
  public HistoryRecorder(TrainingHistory before, int every) {
    this(before, every, System::nanoTime);
  }

  HistoryRecorder(TrainingHistory before, int every, LongSupplier clock) {
    if (every < 1) {
      throw new IllegalArgumentException(
          "a point for " + every + " steps; expected 1 or more steps");
    }
    this.before = Objects.requireNonNull(before, "before");
    this.every = every;
    this.clock = clock;
  }

  @Override
  public synchronized void on(TrainingEvent event) {
    long now = clock.getAsLong();
    if (event instanceof TrainingEvent.Stepped stepped) {
      begin(stepped, now);
      inHand.add(stepped);
      if (inHand.size() == every) {
        point(now);
      }
    } else if (event instanceof TrainingEvent.Validated validated) {
      validations.add(
          new TrainingHistory.Validation(
              validated.step(),
              validated.epoch(),
              validated.trainingBits(),
              validated.validationBits(),
              seconds(now),
              validated.metrics()));
    } else if (!inHand.isEmpty()) {
      point(now);
    }
  }

  private void begin(TrainingEvent.Stepped first, long now) {
    if (!begun) {
      begun = true;
      before = before.upTo(first.step() - 1);
      origin = now - first.time().total().toNanos();
    }
  }

  private void point(long now) {
    TrainingEvent.Stepped last = inHand.get(inHand.size() - 1);
    int images = inHand.stream().mapToInt(TrainingEvent.Stepped::images).sum();
    double total = mean(step -> seconds(step.time().total())) * inHand.size();
    steps.add(
        new TrainingHistory.Steps(
            last.step(),
            last.epoch(),
            mean(TrainingEvent.Stepped::bitsPerDimension),
            mean(TrainingEvent.Stepped::gradientNorm),
            last.rate(),
            images / Math.max(1e-9, total),
            meanSeconds(StepTime::input),
            meanSeconds(StepTime::run),
            meanSeconds(StepTime::rest),
            seconds(now)));
    inHand.clear();
  }

  private double meanSeconds(Function<StepTime, Duration> part) {
    return mean(step -> seconds(part.apply(step.time())));
  }

  private double mean(ToDoubleFunction<TrainingEvent.Stepped> value) {
    return inHand.stream().mapToDouble(value).average().orElseThrow();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private double seconds(long now) {
    return before.seconds() + (begun ? now - origin : 0) / 1e9;
  }

  /** Returns what happened so far; of steps since the last point nothing. */
  public synchronized TrainingHistory history() {
    return new TrainingHistory(
        Stream.concat(before.steps().stream(), steps.stream()).toList(),
        Stream.concat(before.validations().stream(), validations.stream()).toList());
  }
}
