package io.weft.engine;

import io.weft.define.Definition;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.SoftmaxMasses;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepWalk;
import io.weft.internal.thread.Together;
import io.weft.order.GenerationOrder;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.List;

/**
 * Scores by the steps of sampling, many of which are taken together since the examples' values are
 * known: the same bits on every machine, those that sampling draws from.
 */
final class JvmScoring implements Scoring {

  private final Definition definition;
  private final List<GenerationOrder> orders;
  private final StepProgram[] programs;
  private final JvmStepExecutor[] executors;
  private Weights weights;

  JvmScoring(Definition definition, List<GenerationOrder> orders, Weights weights) {
    this.definition = definition;
    this.orders = List.copyOf(orders);
    this.programs = new StepProgram[orders.size()];
    this.executors = new JvmStepExecutor[orders.size()];
    this.weights = weights;
  }

  @Override
  public synchronized void use(Weights wanted) {
    wanted.check(definition);
    weights = wanted;
    Arrays.fill(executors, null);
  }

  private synchronized JvmStepExecutor executor(int order) {
    if (programs[order] == null) {
      programs[order] =
          StepProgram.knowing(definition.under(orders.get(order)), JvmStepExecutor.KNOWN_AT_ONCE);
    }
    if (executors[order] == null) {
      executors[order] = JvmStepExecutor.bind(programs[order], weights);
    }
    return executors[order];
  }

  @Override
  public float[] logLikelihoods(Batch batch, int order) {
    JvmStepExecutor executor = executor(order);
    float[] found = new float[batch.size() * batch.image().values()];
    int most = executor.imagesPerSession();
    int shares = (batch.size() + most - 1) / most;
    Together.forEach(
        shares,
        share -> {
          int first = share * most;
          score(executor, batch, first, Math.min(most, batch.size() - first), found);
        });
    return found;
  }

  /** Writes the log-likelihoods of some images to their places in those of the batch. */
  private static void score(
      JvmStepExecutor executor, Batch batch, int first, int images, float[] found) {
    SoftmaxMasses masses = new SoftmaxMasses(batch.image().levels(), executor.loops());
    int values = batch.image().values();
    StepWalk.visit(
        executor,
        images,
        (i, condition) -> batch.feature(first + i, condition),
        (i, value) -> batch.level((first + i) * values + value),
        (i, value, logits) -> {
          int at = (first + i) * values + value;
          masses.compute(logits, 0, 1);
          found[at] = (float) masses.logProbability(batch.level(at));
        });
  }

  @Override
  public void close() {
    // Everything is on the Java heap.
  }
}
