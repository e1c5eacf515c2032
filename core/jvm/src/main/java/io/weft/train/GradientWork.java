package io.weft.train;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Engine;
import io.weft.engine.Gradient;
import io.weft.engine.GradientProgram;
import io.weft.engine.Precision;
import io.weft.internal.Seam;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a training in micro-batches computes, step by step: which examples each micro-batch takes,
 * and what is asked of its gradient. Everywhere the same.
 */
@Seam
public final class GradientWork {

  private final Definition definition;
  private final Examples examples;
  private final Engine engine;
  private final int microBatch;
  private final long seed;
  private final Precision precision;
  private final long steps;
  private final Set<String> frozen;
  private final ExampleOrder order;

  GradientWork(
      Definition definition,
      Examples examples,
      Engine engine,
      TrainingOptions options,
      long steps) {
    this.definition = definition;
    this.examples = examples;
    this.engine = engine;
    this.steps = steps;
    microBatch = options.microBatch().orElseThrow();
    seed = options.seed();
    precision = options.precision();
    frozen =
        options.layerRates().of(definition).entrySet().stream()
            .filter(entry -> entry.getValue() == 0)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    order = ExampleOrder.of(examples, options.batch(), options.seed());
  }

  /** Returns what is trained. */
  public Definition definition() {
    return definition;
  }

  /** Returns what it is trained on. */
  public Examples examples() {
    return examples;
  }

  /** Returns whether the model computes on a graphics processor. */
  public boolean isOnGpu() {
    return engine.isOnGpu();
  }

  /** Returns how many steps the run has, from number 0. */
  public long steps() {
    return steps;
  }

  /** Returns how many images a micro-batch has; the last one of a step may have fewer. */
  public int microBatch() {
    return microBatch;
  }

  /** Returns how many images a step takes. */
  public int images(long number) {
    return order.size(number);
  }

  /** Returns how many micro-batches a step has. */
  public int count(long number) {
    return (order.size(number) + microBatch - 1) / microBatch;
  }

  /** Returns the images of a step, in order. */
  public Batch batch(long number) {
    return Batch.ofEpoch(
        order.epoch(number), examples, definition.conditions(), order.indices(number));
  }

  /** Returns the images of one micro-batch of a step's. */
  public Batch micro(Batch batch, int part) {
    int from = part * microBatch;
    return batch.part(from, Math.min(from + microBatch, batch.size()));
  }

  /** Returns how gradients are to be compiled. */
  public GradientProgram.Settings settings() {
    return new GradientProgram.Settings(precision, frozen);
  }

  /** Compiles the gradients, on the device of the model. */
  public GradientProgram compile() {
    return engine.gradients(definition, settings());
  }

  /** Returns the gradient of one micro-batch of a step. */
  public Gradient gradient(
      GradientProgram.Point weights, Batch batch, GradientSource.Step step, int part) {
    return weights.of(micro(batch, part), input(step, part));
  }

  /** Says where a step went wrong, as {@link GradientSource#diagnose} does. */
  public String diagnose(GradientProgram.Point weights, Batch batch, GradientSource.Step step) {
    for (int part = 0; part < count(step.number()); part++) {
      Optional<String> where = weights.diagnose(micro(batch, part), input(step, part));
      if (where.isPresent()) {
        return "in micro-batch " + part + " " + where.get();
      }
    }
    return "the gradient norm";
  }

  /** Returns what is asked of one micro-batch of a step. */
  public GradientProgram.Input input(GradientSource.Step step, int part) {
    return new GradientProgram.Input(
        step.number(), step.before(), seed, step.order(), part, images(step.number()));
  }
}
