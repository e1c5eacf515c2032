package io.weft.sample;

import io.weft.define.Definition;
import io.weft.graph.ImageSpec;
import io.weft.step.JvmStepExecutor;
import io.weft.step.StepExecutor;
import io.weft.step.StepProgram;
import io.weft.tensorflow.Device;
import io.weft.tensorflow.TensorFlowStepProgram;
import io.weft.weight.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The executors of a step program, and what was compiled for them: TensorFlow's graphs by batch and
 * steps in a call. Safe for use by several threads. Closing frees native memory; series that are
 * under way keep theirs until they end.
 */
public final class StepExecutors implements AutoCloseable {

  // Fewer images in a TensorFlow session than this are not worth a thread.
  private static final int LEAST_IMAGES = 8;

  private record Key(int batch, int steps) {}

  private final StepProgram program;
  private final Device device;
  private final Map<Key, TensorFlowStepProgram> compiled = new HashMap<>();
  private final DerivedExecutors derived;
  private boolean closed;

  private StepExecutors(StepProgram program, Device device) {
    this.program = program;
    this.device = device;
    this.derived =
        new DerivedExecutors(
            definition -> ExecutorSource.of(new StepExecutors(StepProgram.of(definition), device)));
  }

  /** Returns the executors of a program; nothing is compiled yet. */
  public static StepExecutors of(StepProgram program, Device device) {
    return new StepExecutors(
        Objects.requireNonNull(program, "program"), Objects.requireNonNull(device, "device"));
  }

  /** Returns the definition. */
  public Definition definition() {
    return program.definition();
  }

  /** Returns the executors of the same model under other orders, closed with these. */
  DerivedExecutors derived() {
    return derived;
  }

  /**
   * Binds weights to the executor that is chosen.
   *
   * @param images how many are generated in lockstep
   */
  StepExecutor bind(SamplingExecutor choice, Weights weights, int images, StreamGrain grain) {
    if (!choice.usesTensorFlow(device.isGpu(), images, grain)) {
      return JvmStepExecutor.bind(program, weights);
    }
    return compiled(new Key(imagesPerSession(images), steps(choice, grain))).bind(weights);
  }

  /** A GPU takes all at once; the processor's threads share them. */
  private int imagesPerSession(int images) {
    int most = device.isGpu() ? 1 : Runtime.getRuntime().availableProcessors();
    int sessions = Math.max(1, Math.min(most, images / LEAST_IMAGES));
    return (images + sessions - 1) / sessions;
  }

  private int steps(SamplingExecutor choice, StreamGrain grain) {
    ImageSpec image = definition().image();
    int row = image.width() * image.channels();
    int rows = choice.rows().orElse(grain == StreamGrain.IMAGE ? image.height() : 1);
    return grain == StreamGrain.VALUE ? 1 : Math.min(rows, image.height()) * row;
  }

  private synchronized TensorFlowStepProgram compiled(Key key) {
    if (closed) {
      throw new IllegalStateException("this model is closed; load or make another");
    }
    return compiled.computeIfAbsent(
        key, k -> TensorFlowStepProgram.of(program, device, k.batch(), k.steps()));
  }

  @Override
  public synchronized void close() {
    closed = true;
    derived.close();
    compiled.values().forEach(TensorFlowStepProgram::close);
    compiled.clear();
  }
}
