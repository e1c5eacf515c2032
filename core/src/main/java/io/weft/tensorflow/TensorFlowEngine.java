package io.weft.tensorflow;

import io.weft.step.StepCompiler;
import io.weft.step.StepEngine;
import io.weft.step.StepProgram;
import io.weft.step.TensorFlowLoops;
import java.util.Objects;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * TensorFlow on a device, for one owner, such as a model: where all of the owner's graphs come
 * from. Should one be left open in the end, the log says where the owner was made.
 */
public final class TensorFlowEngine implements StepCompiler {

  private final Device device;
  private final Origin origin;

  private TensorFlowEngine(Device device, Origin origin) {
    this.device = device;
    this.origin = origin;
  }

  /** Returns the engine of an owner that the caller of Weft is making. */
  public static TensorFlowEngine on(Device device) {
    return new TensorFlowEngine(Objects.requireNonNull(device, "device"), Origin.ofCaller());
  }

  /** Returns where it computes. */
  public Device device() {
    return device;
  }

  @Override
  public boolean isOnGpu() {
    return device.isGpu();
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

  /** Returns where the owner was made. */
  Origin origin() {
    return origin;
  }

  /** Opens an empty graph, in float32. */
  NativeGraph open() {
    return open(Precision.FLOAT32);
  }

  /** Opens an empty graph, in a precision that was checked. */
  NativeGraph open(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> NativeGraph.open(device.config(), origin);
      case BFLOAT16 ->
          open(
              RewriterConfig.newBuilder()
                  .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON),
              device.config());
    };
  }

  /**
   * Opens an empty graph for many small operations one after the other: in the calling thread, with
   * nothing rewritten (oneDNN's fused product costs ten times Eigen's for a few rows).
   */
  NativeGraph openForSteps() {
    ConfigProto.Builder config = device.config().toBuilder();
    if (!device.isGpu()) {
      config.setExperimental(
          ConfigProto.Experimental.newBuilder().setExecutorType("SINGLE_THREADED_EXECUTOR"));
    }
    return open(
        RewriterConfig.newBuilder().setRemapping(RewriterConfig.Toggle.OFF), config.build());
  }

  private NativeGraph open(RewriterConfig.Builder rewriter, ConfigProto config) {
    return NativeGraph.open(
        config.toBuilder()
            .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(rewriter))
            .build(),
        origin);
  }
}
