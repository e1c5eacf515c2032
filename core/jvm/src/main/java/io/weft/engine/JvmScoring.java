package io.weft.engine;

import io.weft.define.Definition;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.SoftmaxMasses;
import io.weft.internal.step.StepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepSession;
import io.weft.internal.step.ValueLogits;
import io.weft.internal.thread.Interruption;
import io.weft.internal.thread.Together;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores by the steps of sampling, each of which is given the example's value in place of a drawn
 * one: as quick as sampling is, and the same bits on every machine.
 */
final class JvmScoring implements Scoring {

  private final Definition definition;
  private final List<GenerationOrder> orders;
  private final StepProgram[] programs;
  private final StepExecutor[] executors;
  private Weights weights;

  JvmScoring(Definition definition, List<GenerationOrder> orders, Weights weights) {
    this.definition = definition;
    this.orders = List.copyOf(orders);
    this.programs = new StepProgram[orders.size()];
    this.executors = new StepExecutor[orders.size()];
    this.weights = weights;
  }

  @Override
  public synchronized void use(Weights wanted) {
    wanted.check(definition);
    weights = wanted;
    Arrays.fill(executors, null);
  }

  private synchronized StepExecutor executor(int order) {
    if (programs[order] == null) {
      programs[order] = StepProgram.of(definition.under(orders.get(order)));
    }
    if (executors[order] == null) {
      executors[order] = JvmStepExecutor.bind(programs[order], weights);
    }
    return executors[order];
  }

  @Override
  public float[] logLikelihoods(Batch batch, int order) {
    StepExecutor executor = executor(order);
    float[] found = new float[batch.size() * batch.image().values()];
    int most = executor.imagesPerSession();
    int shares = (batch.size() + most - 1) / most;
    Together.forEach(
        shares,
        share -> {
          int first = share * most;
          int images = Math.min(most, batch.size() - first);
          try (StepSession session = executor.open(images)) {
            new Share(executor.program(), session, batch, first).score(found);
          }
        });
    return found;
  }

  /** Images of a batch that are scored in lockstep. */
  private static final class Share {
    private final StepProgram program;
    private final StepSession session;
    private final Batch batch;
    private final int first;
    private final ImageSpec image;
    private final ValueLogits values;
    private final float[] parameters;
    private final SoftmaxMasses masses;

    Share(StepProgram program, StepSession session, Batch batch, int first) {
      this.program = program;
      this.session = session;
      this.batch = batch;
      this.first = first;
      this.image = batch.image();
      values = new ValueLogits(program.definition().distribution(), image);
      parameters = new float[session.images() * program.parameters()];
      masses = new SoftmaxMasses(image.levels(), JvmLoops.best());
    }

    /** Writes the log-likelihoods of these images to their places in those of the batch. */
    void score(float[] found) {
      give();
      for (int step = 0; step < program.steps(); step++) {
        Interruption.check();
        session.compute(step, parameters);
        int channel = program.channel(step);
        int value = program.position(step) * image.channels() + channel;
        for (int i = 0; i < session.images(); i++) {
          int at = (first + i) * image.values() + value;
          int level = batch.levels()[at] & 0xff;
          found[at] = logProbability(i * program.parameters(), channel, level);
          session.write(step, i, image.scaled(level));
        }
      }
    }

    /** Not a number if a parameter of the distribution is none. */
    private float logProbability(int offset, int channel, int level) {
      if (values.firstNotFinite(parameters, offset, channel) != ValueLogits.ALL_FINITE) {
        return Float.NaN;
      }
      masses.compute(values.of(parameters, offset, channel), 0, 1);
      return (float) masses.logProbability(level);
    }

    private void give() {
      batch
          .features()
          .forEach(
              (condition, values) -> {
                int size = condition.shape().positions() * condition.shape().maps();
                IntStream.range(0, session.images())
                    .forEach(
                        i -> {
                          int from = (first + i) * size;
                          session.give(i, condition, Arrays.copyOfRange(values, from, from + size));
                        });
              });
    }
  }

  @Override
  public void close() {
    // Everything is on the Java heap.
  }
}
