package io.weft.internal.tensorflow;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.engine.GradientProgram;
import io.weft.engine.Precision;
import io.weft.engine.Scoring;
import io.weft.engine.TrainingSteps;
import io.weft.graph.LayerGraph;
import io.weft.internal.step.StepEngine;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.internal.thread.Interruption;
import io.weft.order.GenerationOrder;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * TensorFlow on a device, for one owner, such as a model: where all of the owner's graphs come
 * from. Should one be left open in the end, the log says where the owner was made.
 */
public final class TensorFlowEngine implements Engine {

  private final Device device;

  /** Whether sessions compute on the thread that asks. */
  private final boolean onOneThread;

  private final Origin origin;

  private TensorFlowEngine(Device device, boolean onOneThread, Origin origin) {
    this.device = device;
    this.onOneThread = onOneThread;
    this.origin = origin;
  }

  /** Returns the engine of an owner that the caller of Weft is making. */
  public static TensorFlowEngine on(Device device) {
    Objects.requireNonNull(device, "device");
    return new TensorFlowEngine(device, false, Origin.ofCaller());
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public void checkDevice() {
    if (device.isGpu()) {
      Devices.checkGpu(device, origin);
    }
  }

  @Override
  public void checkBfloat16() {
    Bfloat16.check(this);
  }

  @Override
  public Scoring scoring(Definition definition, List<GenerationOrder> orders, Weights weights) {
    return ScoringProgram.of(definition, orders, weights, this);
  }

  @Override
  public Weights initialised(
      Definition definition, Weights weights, Examples examples, int... indices) {
    return DataInitialisation.of(definition, weights, this, examples, indices);
  }

  @Override
  public TrainingSteps training(
      Definition definition,
      TrainingSteps.Settings settings,
      Weights weights,
      Optional<TrainingState> state) {
    return TrainingProgram.of(definition, settings, this, weights, state);
  }

  @Override
  public GradientProgram gradients(Definition definition, GradientProgram.Settings settings) {
    return TensorFlowGradients.of(definition, settings, onOneThread());
  }

  @Override
  public TensorFlowEngine onOneThread() {
    TensorFlowEngine alone = new TensorFlowEngine(device, true, origin);
    SessionThreads.check(alone.config());
    return alone;
  }

  /** How a session is opened at this moment: the limit of threads may be another later. */
  private ConfigProto config() {
    return onOneThread ? Devices.onOneThread(device) : Devices.config(device);
  }

  @Override
  public boolean runs(TensorFlowLoops loops) {
    return switch (loops) {
      case PLAIN -> true;
      case XLA -> XlaProbe.compilesOn(device);
    };
  }

  @Override
  public StepEngine compile(
      StepProgram program, int batch, int stepsPerDraw, TensorFlowLoops loops) {
    return TensorFlowStepProgram.of(program, this, batch, stepsPerDraw, loops);
  }

  @Override
  public void exportSavedModel(Definition definition, Weights weights, Path folder)
      throws IOException {
    try (ServingProgram program = ServingProgram.of(definition, weights)) {
      Interruption.check();
      program.export(folder);
    }
  }

  /** Returns where the owner was made. */
  Origin origin() {
    return origin;
  }

  /** Opens an empty graph, in float32. */
  NativeGraph open() {
    return open(Precision.FLOAT32);
  }

  /** Opens an empty graph for a network, in float32. */
  NativeGraph open(LayerGraph network) {
    return open(network, Precision.FLOAT32);
  }

  /**
   * Opens an empty graph for a network, in a precision that was checked. That of a recurrence has
   * ten thousands of operations, of which each is small: TensorFlow would rewrite them for a
   * minute, or only fold their constants for a second, and gain nothing.
   */
  NativeGraph open(LayerGraph network, Precision precision) {
    if (network.recurrences().isEmpty()) {
      return open(precision);
    }
    if (precision != Precision.FLOAT32) {
      throw new IllegalArgumentException("a recurrence is not rewritten to " + precision);
    }
    return open(
        GraphOptions.newBuilder()
            .setOptimizerOptions(
                OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0))
            .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)),
        config());
  }

  /** Opens an empty graph, in a precision that was checked. */
  NativeGraph open(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> NativeGraph.open(config(), origin);
      case BFLOAT16 ->
          open(
              rewritten(
                  RewriterConfig.newBuilder()
                      .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON)),
              config());
    };
  }

  /**
   * Opens an empty graph for many small operations one after the other: in the calling thread, with
   * nothing rewritten (oneDNN's fused product costs ten times Eigen's for a few rows).
   */
  NativeGraph openForSteps() {
    ConfigProto.Builder inTurn = config().toBuilder();
    if (!device.isGpu()) {
      inTurn.setExperimental(
          ConfigProto.Experimental.newBuilder().setExecutorType("SINGLE_THREADED_EXECUTOR"));
    }
    return open(
        rewritten(RewriterConfig.newBuilder().setRemapping(RewriterConfig.Toggle.OFF)),
        inTurn.build());
  }

  private static GraphOptions.Builder rewritten(RewriterConfig.Builder rewriter) {
    return GraphOptions.newBuilder().setRewriteOptions(rewriter);
  }

  private NativeGraph open(GraphOptions.Builder options, ConfigProto session) {
    return NativeGraph.open(session.toBuilder().setGraphOptions(options).build(), origin);
  }
}
