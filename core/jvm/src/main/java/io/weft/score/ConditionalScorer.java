package io.weft.score;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Engine;
import io.weft.internal.Seam;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Interruption;
import io.weft.internal.thread.Keeper;
import io.weft.internal.thread.Lease;
import io.weft.order.GenerationOrder;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Log-likelihoods of the missing parts of images given the known parts, under a model's newest
 * weights: those of the distributions that completion draws from. Compiles for each order at first
 * use, and keeps the {@value #KEPT} used last. Threads may share one.
 */
@Seam
public final class ConditionalScorer implements AutoCloseable {

  /** So many orders stay compiled: those of the four halves, say. */
  static final int KEPT = 4;

  private final Definition definition;
  private final Supplier<Weights> weights;
  private final Keeper<GenerationOrder, CompiledScorer> keeper;

  /** Makes a scorer that asks {@code weights} before every call. */
  public ConditionalScorer(Definition definition, Supplier<Weights> weights, Engine engine) {
    this.definition = Objects.requireNonNull(definition, "definition");
    this.weights = Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(engine, "engine");
    this.keeper =
        new Keeper<>(
            KEPT,
            order -> new CompiledScorer(definition.under(order), List.of(order), engine),
            CompiledScorer::close);
  }

  /**
   * Returns for each example the log-likelihood of its missing pixels given its known ones: the sum
   * of the log-probabilities of the missing values under an order in which every known pixel comes
   * first. That is the exact conditional log-likelihood under that order, by the chain rule. At
   * most 0 but for rounding.
   *
   * <p>A model that {@linkplain Definition#servesEveryOrder serves every order} is run under the
   * one that {@link PixelMask#knownFirst} derives, as in completion. Any other model has one order,
   * or some; only for masks under which the known pixels come first in one is there an exact
   * answer.
   *
   * @param examples whole images, and what they are conditioned on
   * @param known which pixels of an example are known, by its index; a pure function
   * @throws IllegalArgumentException if the examples or masks do not fit the model, or a known
   *     pixel comes after a missing one in each of its orders: the conditional is then a sum over
   *     all ways to fill the missing pixels. {@link Scores#missingLogLikelihood} gives what is
   *     computable there
   * @throws IllegalStateException if this is closed
   * @throws ArithmeticException if a log-likelihood is not finite
   */
  public double[] logLikelihoods(Examples examples, IntFunction<PixelMask> known) {
    Objects.requireNonNull(examples, "examples");
    Objects.requireNonNull(known, "known");
    examples.check(definition.image(), definition.conditions());
    List<PixelMask> masks = new ArrayList<>();
    Map<GenerationOrder, List<Integer>> byOrder = new LinkedHashMap<>();
    for (int i = 0; i < examples.size(); i++) {
      Interruption.check();
      PixelMask mask = Objects.requireNonNull(known.apply(i), "the mask of an example");
      masks.add(mask);
      byOrder.computeIfAbsent(order(i, mask), order -> new ArrayList<>()).add(i);
    }
    double[] each = new double[examples.size()];
    byOrder.forEach(
        (order, indices) -> {
          int[] chosen = indices.stream().mapToInt(i -> i).toArray();
          Scores scores = score(order, examples.select(chosen));
          for (int i = 0; i < chosen.length; i++) {
            each[chosen[i]] = scores.missingLogLikelihood(i, masks.get(chosen[i]));
          }
        });
    return each;
  }

  private GenerationOrder order(int example, PixelMask mask) {
    GenerationOrder order;
    try {
      order = definition.completionOrder(mask);
    } catch (IllegalArgumentException e) {
      throw AdvisedException.at("example " + example, e);
    }
    int late = mask.knownAfterMissing(order);
    if (late > 0) {
      throw new AdvisedException(
          "example "
              + example
              + ": "
              + late
              + " known pixels come after a missing one in the model's order ("
              + order
              + "), so that it cannot say how likely the missing ones are given all known ones",
          Advice.SEE_ALL_KNOWN_PIXELS);
    }
    return order;
  }

  private Scores score(GenerationOrder order, Examples examples) {
    Weights current = weights.get();
    Lease<CompiledScorer> lent = Aside.orLeave(() -> keeper.lend(order), Lease::close);
    return CompiledScorer.score(lent, current, examples, 0);
  }

  @Override
  public void close() {
    keeper.close();
  }
}
