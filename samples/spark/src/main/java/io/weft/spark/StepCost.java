package io.weft.spark;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.train.Training;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a step of training costs on a fleet: medians over the steps of a run.
 *
 * @param images how many images a step takes
 * @param cores how many tasks ran at a time
 * @param step from the driver's begin of a step to the end of its update
 * @param compute what the slowest task of a step computes
 */
public record StepCost(int images, int cores, Duration step, Duration compute) {

  /**
   * Trains a model for some steps, the first of which do not count: workers load TensorFlow then,
   * and Java compiles.
   *
   * @param options with steps, batch and micro-batches
   * @param warm steps that do not count, fewer than all
   * @throws IllegalArgumentException if no step would count
   * @throws FleetException if the workers fail, or compute other numbers than the driver
   */
  public static StepCost measure(
      Fleet fleet, Model model, Examples examples, TrainingOptions options, int warm) {
    List<Long> steps = new ArrayList<>();
    List<Long> computed = new ArrayList<>();
    TrainingOptions spread = fleet.spread(options, computed::add);
    try (Training run = model.training(examples, spread)) {
      while (run.hasNext()) {
        long before = System.nanoTime();
        if (run.next() instanceof TrainingEvent.Stepped) {
          steps.add(System.nanoTime() - before);
        }
      }
    }
    if (steps.size() <= warm) {
      throw new IllegalArgumentException(
          "of " + steps.size() + " steps none comes after the first " + warm);
    }
    return new StepCost(
        Math.min(options.batch(), examples.size()),
        fleet.jobs().slots(),
        median(steps.subList(warm, steps.size())),
        median(computed.subList(warm, computed.size())));
  }

  private static Duration median(List<Long> nanos) {
    return Duration.ofNanos(
        nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow());
  }

  /** Returns what a step takes beside its computing: sending, waiting and the update. */
  public Duration overhead() {
    return step.minus(compute);
  }

  /** Returns the part of a step that is computing, 0 to 1. */
  public double efficiency() {
    return (double) compute.toNanos() / step.toNanos();
  }

  /**
   * Returns how many images a step needs, about, for all cores to be quicker than one of them
   * alone: one takes as long as all compute, one after the other; nothing for a single core.
   */
  public OptionalLong paysFrom() {
    return cores == 1
        ? OptionalLong.empty()
        : OptionalLong.of(
            Math.round((double) images * overhead().toNanos() / compute.toNanos() / (cores - 1)));
  }

  /**
   * Returns how many images a step needs, about, for a part of it to be computing.
   *
   * @param part above 0, below 1
   */
  public long imagesFor(double part) {
    if (!(part > 0 && part < 1)) {
      throw new IllegalArgumentException(
          "expected a part of a step above 0 and below 1, found " + part);
    }
    return Math.round(images * part / (1 - part) * overhead().toNanos() / compute.toNanos());
  }
}
