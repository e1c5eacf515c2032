package io.weft.score;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Engine;
import io.weft.internal.Seam;
import io.weft.internal.thread.Keeper;
import io.weft.order.GenerationOrder;
import io.weft.weight.Weights;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Scores examples under a model's newest weights. Compiles at first use. Threads may share one:
 * they score side by side, except while new weights are taken over.
 */
@Seam
public final class Scorer implements AutoCloseable {

  private final Definition definition;
  private final List<GenerationOrder> orders;
  private final Supplier<Weights> weights;
  private final Keeper<List<GenerationOrder>, CompiledScorer> keeper;

  /** Makes a scorer under the definition's order that asks {@code weights} before every call. */
  public Scorer(Definition definition, Supplier<Weights> weights, Engine engine) {
    this(definition, List.of(definition.order()), weights, engine);
  }

  /**
   * Makes a scorer under several orders that asks {@code weights} before every call. One compiled
   * program serves all.
   *
   * @param orders at least one
   * @throws io.weft.spec.DefinitionException if the definition is not causal under one of them, or
   *     one program cannot serve them
   */
  public Scorer(
      Definition definition,
      List<GenerationOrder> orders,
      Supplier<Weights> weights,
      Engine engine) {
    if (orders.isEmpty()) {
      throw new IllegalArgumentException("scoring needs at least one generation order");
    }
    this.orders = List.copyOf(orders);
    Definition serving = definition.serving(this.orders);
    this.definition = serving;
    this.weights = weights;
    this.keeper =
        new Keeper<>(1, all -> new CompiledScorer(serving, all, engine), CompiledScorer::close);
  }

  /**
   * Returns the log-likelihoods of examples.
   *
   * @throws IllegalArgumentException if the examples do not fit the model, or are so many that all
   *     their values are more than an array holds, 2^31
   * @throws IllegalStateException if this is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public Scores score(Examples examples) {
    return score(examples, 0);
  }

  /**
   * Returns the log-likelihoods of examples under all orders of this scorer, one after the other.
   *
   * @throws IllegalArgumentException if the examples do not fit the model, or are so many that all
   *     their values are more than an array holds, 2^31
   * @throws IllegalStateException if this is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public EnsembleScores scoreAll(Examples examples) {
    return EnsembleScores.of(
        orders,
        IntStream.range(0, orders.size()).mapToObj(order -> score(examples, order)).toList());
  }

  /**
   * Returns the log-likelihoods of examples under one of the orders of this scorer.
   *
   * @param order the order's number
   * @throws IllegalArgumentException if the examples do not fit the model, or are so many that all
   *     their values are more than an array holds, 2^31
   * @throws IllegalStateException if this is closed
   * @throws CancellationException if the thread is interrupted
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public Scores score(Examples examples, int order) {
    Objects.requireNonNull(examples, "examples");
    Objects.checkIndex(order, orders.size());
    examples.check(definition.image(), definition.conditions());
    Weights current = weights.get();
    return CompiledScorer.score(keeper.lend(orders), current, examples, order);
  }

  /**
   * Ends scoring that is under way on other threads, each with {@link IllegalStateException} after
   * the batch in hand; with the last one the program is freed.
   */
  @Override
  public void close() {
    keeper.close();
  }
}
