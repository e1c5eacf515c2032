package io.weft.train;

import io.weft.engine.TrainingSteps.StepInput;
import io.weft.engine.TrainingSteps.StepOutput;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.util.Optional;

/** Steps of which the gradients come from a source, and the rest is done here. */
final class MicroBatches implements StepRunner {

  private final GradientSource source;
  private final WeightUpdate update;

  MicroBatches(GradientSource source, WeightUpdate update) {
    this.source = source;
    this.update = update;
  }

  @Override
  public Taken take(StepInput input) {
    long called = System.nanoTime();
    var step = new GradientSource.Step(input.number(), input.before(), input.order());
    GradientSource.Found found = source.gradient(step, update.weights());
    StepOutput output = update.take(found.sum(), input);
    long done = System.nanoTime();
    return new Taken(
        output,
        output.isFinite() ? Optional.empty() : Optional.of(source.diagnose(step, update.weights())),
        called,
        found.inputReady(),
        done);
  }

  @Override
  public boolean heedsInterrupts() {
    return source.heedsInterrupts();
  }

  @Override
  public Weights fetchWeights() {
    return update.kept();
  }

  @Override
  public TrainingState fetchState(
      long step, long runStart, long optimiserStart, RunLoss loss, boolean withAverage) {
    return update.state(step, runStart, optimiserStart, loss, withAverage);
  }

  @Override
  public void checkMayClose() {
    source.checkMayClose();
  }

  @Override
  public void close() {
    source.close();
  }
}
