package io.weft.tensorflow;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * Where a model computes. A device that is asked for and absent is an error, never a silent
 * fall-back.
 */
public final class Device {

  private static final int NO_GPU = -1;
  private static final Device CPU = new Device(NO_GPU);

  private final int gpu;

  private Device(int gpu) {
    this.gpu = gpu;
  }

  /** Returns the processor. */
  public static Device cpu() {
    return CPU;
  }

  /**
   * Returns a graphics processor, having checked that TensorFlow can use it.
   *
   * @param number the number of the device, from 0
   * @throws IllegalStateException if there is no such device or the natives are those for CPU
   */
  public static Device gpu(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("a GPU has a number from 0, found " + number);
    }
    Device device = new Device(number);
    device.check();
    return device;
  }

  private void check() {
    TensorFlowNative.version();
    ConfigProto strict = config().toBuilder().setAllowSoftPlacement(false).build();
    try (Graph graph = new Graph()) {
      Ops tf =
          GraphOps.of(graph)
              .withDevice(
                  org.tensorflow.DeviceSpec.newBuilder()
                      .deviceType(org.tensorflow.DeviceSpec.DeviceType.GPU)
                      .deviceIndex(0)
                      .build());
      var probe = tf.math.add(tf.constant(1f), tf.constant(1f));
      try (Session session = new Session(graph, strict);
          var result = session.runner().fetch(probe).run()) {
        result.size();
      }
    } catch (TensorFlowException | IllegalArgumentException | IllegalStateException e) {
      throw new IllegalStateException(
          this
              + " was asked for, but TensorFlow finds no such device; it needs the GPU natives"
              + " (build with -Dtensorflow=gpu), an NVIDIA driver and CUDA 12 with cuDNN 9: "
              + e.getMessage().lines().findFirst().orElse(""),
          e);
    }
  }

  /** Opens a session of {@code graph} on this device, in float32. */
  Session open(Graph graph) {
    return open(graph, Precision.FLOAT32);
  }

  /** Opens a session of {@code graph} on this device, in a precision that was checked. */
  Session open(Graph graph, Precision precision) {
    return switch (precision) {
      case FLOAT32 -> new Session(graph, config());
      case BFLOAT16 ->
          new Session(
              graph,
              rewritten(
                      RewriterConfig.newBuilder()
                          .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON))
                  .build());
    };
  }

  private ConfigProto.Builder rewritten(RewriterConfig.Builder rewriter) {
    return config().toBuilder()
        .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(rewriter));
  }

  /**
   * Opens a session of {@code graph} on this device for many small operations one after the other:
   * in the calling thread, with nothing rewritten (oneDNN's fused product costs ten times Eigen's
   * for a few rows).
   */
  Session openForSteps(Graph graph) {
    ConfigProto.Builder config =
        rewritten(RewriterConfig.newBuilder().setRemapping(RewriterConfig.Toggle.OFF));
    if (gpu == NO_GPU) {
      config.setExperimental(
          ConfigProto.Experimental.newBuilder().setExecutorType("SINGLE_THREADED_EXECUTOR"));
    }
    return new Session(graph, config.build());
  }

  /** Returns whether this is a graphics processor. */
  public boolean isGpu() {
    return gpu != NO_GPU;
  }

  private ConfigProto config() {
    ConfigProto.Builder config = ConfigProto.newBuilder().setAllowSoftPlacement(true);
    if (gpu == NO_GPU) {
      return config.putDeviceCount("GPU", 0).build();
    }
    return config
        .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true).setVisibleDeviceList("" + gpu))
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Device device && gpu == device.gpu;
  }

  @Override
  public int hashCode() {
    return gpu;
  }

  @Override
  public String toString() {
    return gpu == NO_GPU ? "CPU" : "GPU " + gpu;
  }
}
