package io.weft.train;

import io.weft.define.Definition;
import io.weft.engine.Gradient;
import io.weft.engine.TrainingSteps.Settings;
import io.weft.engine.TrainingSteps.StepInput;
import io.weft.engine.TrainingSteps.StepOutput;
import io.weft.expression.Parameter;
import io.weft.internal.optimise.OptimiserRule;
import io.weft.internal.thread.ThreadLimit;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import io.weft.weight.WeightLayout;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a step makes of a gradient: weight decay, clipping, the optimiser, statistics and the Polyak
 * average, in Java, to the same bits on every machine and any number of threads.
 */
final class WeightUpdate {

  /** Weights that one thread changes in one go. */
  private static final int SPAN = 1 << 15;

  private final Definition definition;
  private final WeightLayout layout;
  private final Settings settings;
  private final OptimiserRule rule;
  private final float[] weights;
  private final Map<String, float[]> slots = new LinkedHashMap<>();
  private final float @Nullable [] average;
  private final List<Span> spans = new ArrayList<>();

  /**
   * Neighbours of one parameter.
   *
   * @param factor what the learning rate is multiplied by
   */
  private record Span(Parameter parameter, double factor, int from, int to) {}

  /**
   * Starts from a state.
   *
   * @param kept the model's weights: what a new run starts from, and the Polyak average of one that
   *     is resumed, unless the state has another
   * @param state what a run that is resumed has left; nothing for a new run
   */
  WeightUpdate(
      Definition definition, Settings settings, Weights kept, Optional<TrainingState> state) {
    this.definition = definition;
    this.settings = settings;
    layout = WeightLayout.of(definition);
    rule = OptimiserRule.of(settings.optimiser());
    weights = layout.flat(state.map(TrainingState::raw).orElse(kept));
    for (String slot : settings.optimiser().slots()) {
      slots.put(
          slot, state.map(s -> layout.flat(s.slots().get(slot))).orElse(new float[layout.size()]));
    }
    average =
        settings.averaged()
            ? state.flatMap(TrainingState::average).map(layout::flat).orElse(layout.flat(kept))
            : null;
    for (String name : layout.names()) {
      WeightLayout.Place place = layout.place(name);
      double factor = settings.factor(name);
      for (int from = place.from(); factor > 0 && from < place.to(); from += SPAN) {
        spans.add(new Span(place.parameter(), factor, from, Math.min(from + SPAN, place.to())));
      }
    }
  }

  /** Returns the weights under training. Not a copy: for reading only, until the next step. */
  float[] weights() {
    return weights;
  }

  /** Takes a step, and takes over the sum. If the result is not finite, no weight has changed. */
  StepOutput take(Gradient sum, StepInput input) {
    float[] gradient = sum.values();
    double[] squares = new double[spans.size()];
    forEachSpan(i -> squares[i] = decay(gradient, spans.get(i)));
    double norm = 0;
    for (double square : squares) {
      norm += square;
    }
    StepOutput output = new StepOutput((float) sum.nats(), (float) Math.sqrt(norm));
    if (output.isFinite()) {
      float scale = (float) Math.min(1, settings.clipNorm() / output.gradientNorm());
      Map<Double, OptimiserRule.Step> steps = new HashMap<>();
      for (Span span : spans) {
        steps.computeIfAbsent(
            span.factor(), factor -> rule.step(input.rate() * factor, input.optimiserStep()));
      }
      forEachSpan(
          i -> change(spans.get(i), gradient, scale, steps.get(spans.get(i).factor()), input));
    }
    return output;
  }

  /** Adds the decay to gradients, and returns the sum of their squares. */
  private double decay(float[] gradient, Span span) {
    double squares = 0;
    if (span.parameter().trainable()) {
      float factor =
          span.parameter().role() == Parameter.Role.WEIGHT ? (float) settings.weightDecay() : 0;
      for (int i = span.from(); i < span.to(); i++) {
        gradient[i] += factor * weights[i];
        squares += (double) gradient[i] * gradient[i];
      }
    }
    return squares;
  }

  private void change(
      Span span, float[] gradient, float scale, OptimiserRule.Step step, StepInput input) {
    int from = span.from();
    int to = span.to();
    if (!span.parameter().trainable()) {
      for (int i = from; i < to; i++) {
        weights[i] += gradient[i];
      }
      return;
    }
    for (int i = from; i < to; i++) {
      gradient[i] *= scale;
    }
    step.take(span.parameter(), weights, slots, gradient, from, to);
    if (average != null) {
      float keep = (float) input.averageDecay();
      for (int i = from; i < to; i++) {
        average[i] = weights[i] + (average[i] - weights[i]) * keep;
      }
    }
  }

  /** Not to be interrupted: half a step would be none. */
  private void forEachSpan(IntConsumer work) {
    int parts = ThreadLimit.all();
    IntStream.range(0, parts)
        .parallel()
        .forEach(
            part -> {
              for (int span = part; span < spans.size(); span += parts) {
                work.accept(span);
              }
            });
  }

  /**
   * Returns the weights that the model keeps: the average where there is one.
   *
   * @throws IllegalArgumentException if one is not finite
   */
  Weights kept() {
    Map<String, float[]> arrays = layout.named(weights, parameter -> true);
    if (average != null) {
      arrays.putAll(layout.named(average, Parameter::trainable));
    }
    return Weights.of(definition, arrays);
  }

  /** Returns the state to go on from, as {@link io.weft.engine.TrainingSteps#fetchState} does. */
  TrainingState state(
      long step, long runStart, long optimiserStart, RunLoss loss, boolean withAverage) {
    Map<String, Map<String, float[]>> left = new LinkedHashMap<>();
    slots.forEach((slot, all) -> left.put(slot, layout.named(all, Parameter::trainable)));
    return new TrainingState(
        step,
        runStart,
        optimiserStart,
        loss,
        Weights.of(definition, layout.named(weights, parameter -> true)),
        Optional.ofNullable(average)
            .filter(a -> withAverage)
            .map(a -> layout.named(a, Parameter::trainable)),
        left);
  }
}
