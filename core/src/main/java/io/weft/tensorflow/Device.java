package io.weft.tensorflow;

import org.tensorflow.DeviceSpec;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

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
    ConfigProto strict = config().toBuilder().setAllowSoftPlacement(false).build();
    try (NativeGraph graph = NativeGraph.open(strict, Origin.ofCaller())) {
      graph.run(session -> probe(graph.ops(), session));
    } catch (NativeException | IllegalStateException e) {
      throw new IllegalStateException(
          this
              + " was asked for, but TensorFlow finds no such device; it needs the GPU natives"
              + " (build with -Dtensorflow=gpu), an NVIDIA driver and CUDA 12 with cuDNN 9: "
              + e.getMessage().lines().findFirst().orElse(""),
          e);
    }
  }

  private static void probe(Ops tf, Session session) {
    Ops there =
        tf.withDevice(
            DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(0).build());
    var probe = there.math.add(there.constant(1f), there.constant(1f));
    session.runner().fetch(probe).run().close();
  }

  /** Returns whether this is a graphics processor. */
  public boolean isGpu() {
    return gpu != NO_GPU;
  }

  /** Returns how a session is to be opened to compute here. */
  ConfigProto config() {
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
