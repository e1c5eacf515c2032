package io.weft.train;

import io.weft.engine.Batch;
import io.weft.engine.TrainingSteps;
import io.weft.engine.TrainingSteps.StepInput;
import io.weft.engine.TrainingSteps.StepOutput;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.util.Optional;

/** Steps that the engine takes as a whole, each on the batch that was prepared meanwhile. */
final class WholeBatches implements StepRunner {

  private final TrainingSteps program;
  private final Prefetch<Batch> batches;

  WholeBatches(TrainingSteps program, Prefetch<Batch> batches) {
    this.program = program;
    this.batches = batches;
  }

  @Override
  public Taken take(StepInput input) {
    long called = System.nanoTime();
    Batch batch = batches.take(input.number());
    long begun = System.nanoTime();
    StepOutput output = program.step(batch, input);
    long done = System.nanoTime();
    return new Taken(
        output,
        output.isFinite() ? Optional.empty() : Optional.of(program.diagnose(batch, input)),
        called,
        begun,
        done);
  }

  @Override
  public boolean heedsInterrupts() {
    return false;
  }

  @Override
  public Weights fetchWeights() {
    return program.fetchWeights();
  }

  @Override
  public TrainingState fetchState(
      long step, long runStart, long optimiserStart, RunLoss loss, boolean withAverage) {
    return program.fetchState(step, runStart, optimiserStart, loss, withAverage);
  }

  @Override
  public void checkMayClose() {
    batches.checkMayClose();
  }

  @Override
  public void close() {
    batches.close();
    program.close();
  }
}
