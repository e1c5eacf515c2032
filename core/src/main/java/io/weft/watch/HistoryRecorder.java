package io.weft.watch;

import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Records a training run, in memory: one point for some steps each, one for each validation. */
public final class HistoryRecorder implements TrainingListener {

  private final int batch;
  private final int every;
  private final LongSupplier clock;
  private final List<TrainingHistory.Steps> steps = new ArrayList<>();
  private final List<TrainingHistory.Validation> validations = new ArrayList<>();
  private OptionalLong started = OptionalLong.empty();
  private int taken;
  private Duration took = Duration.ZERO;
  private double bits;
  private double norms;

  /**
   * Makes a recorder.
   *
   * @param batch the images of a step, at least 1
   * @param every how many steps one point is the mean of, at least 1
   * @throws IllegalArgumentException if one is below 1
   */
  public HistoryRecorder(int batch, int every) {
    this(batch, every, System::nanoTime);
  }

  HistoryRecorder(int batch, int every, LongSupplier clock) {
    if (batch < 1 || every < 1) {
      throw new IllegalArgumentException(
          "a batch of " + batch + ", a point for " + every + " steps; expected 1 or more each");
    }
    this.batch = batch;
    this.every = every;
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public synchronized void on(TrainingEvent event) {
    long now = clock.getAsLong();
    if (event instanceof TrainingEvent.Stepped stepped) {
      started = started.isPresent() ? started : OptionalLong.of(begin(stepped, now));
      bits += stepped.bitsPerDimension();
      norms += stepped.gradientNorm();
      took = took.plus(stepped.time().total());
      taken++;
      if (taken == every || stepped.step() == stepped.lastStep()) {
        point(stepped, now);
      }
    } else if (event instanceof TrainingEvent.Validated validated) {
      validations.add(
          new TrainingHistory.Validation(
              validated.step(),
              validated.epoch(),
              validated.trainingBits(),
              validated.validationBits(),
              seconds(now)));
    }
  }

  private static long begin(TrainingEvent.Stepped first, long now) {
    return now - first.time().total().toNanos();
  }

  private void point(TrainingEvent.Stepped last, long now) {
    steps.add(
        new TrainingHistory.Steps(
            last.step(),
            last.epoch(),
            bits / taken,
            norms / taken,
            last.rate(),
            taken * (double) batch / Math.max(1e-9, took.toNanos() / 1e9),
            seconds(now)));
    took = Duration.ZERO;
    taken = 0;
    bits = 0;
    norms = 0;
  }

  private double seconds(long now) {
    return (now - started.orElse(now)) / 1e9;
  }

  /** Returns what happened so far; of steps since the last point nothing. */
  public synchronized TrainingHistory history() {
    return new TrainingHistory(steps, validations);
  }
}
