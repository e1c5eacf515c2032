package io.weft.internal.tensorflow;

import io.weft.engine.Device;
import io.weft.engine.NativeException;
import io.weft.internal.thread.ThreadLimit;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/** How TensorFlow is told where to compute. */
final class Devices {

  /**
   * The system property that says {@code false} where TensorFlow is not to rewrite graphs before it
   * runs them. That gains some per cent in scoring, and takes seconds for each graph.
   */
  private static final String REWRITING = "weft.tensorflow.rewriting";

  private Devices() {}

  /** Returns how a session is to be opened to compute on a device. */
  static ConfigProto config(Device device) {
    ConfigProto.Builder config = ConfigProto.newBuilder().setAllowSoftPlacement(true);
    ThreadLimit.get()
        .ifPresent(
            most -> config.setIntraOpParallelismThreads(most).setInterOpParallelismThreads(most));
    if ("false".equals(System.getProperty(REWRITING))) {
      config.setGraphOptions(
          GraphOptions.newBuilder()
              .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)));
    }
    if (!device.isGpu()) {
      return config.putDeviceCount("GPU", 0).build();
    }
    return config
        .setGpuOptions(
            GPUOptions.newBuilder()
                .setAllowGrowth(true)
                .setVisibleDeviceList(Integer.toString(device.number())))
        .build();
  }

  /** Returns how a session is to be opened to compute on a device, on the thread that asks. */
  static ConfigProto onOneThread(Device device) {
    ConfigProto config = config(device);
    return device.isGpu()
        ? config
        : config.toBuilder()
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(1)
            .setExperimental(
                ConfigProto.Experimental.newBuilder().setExecutorType("SINGLE_THREADED_EXECUTOR"))
            .build();
  }

  /**
   * Checks that TensorFlow can use a graphics processor, by an addition there.
   *
   * @throws IllegalStateException if there is no such device or the natives are those for CPU
   */
  static void checkGpu(Device device, Origin origin) {
    ConfigProto strict = config(device).toBuilder().setAllowSoftPlacement(false).build();
    try (NativeGraph graph = NativeGraph.open(strict, origin)) {
      graph.run(session -> probe(graph.ops(), session));
    } catch (NativeException | IllegalStateException e) {
      throw new IllegalStateException(
          device
              + " was asked for, but TensorFlow finds no such device; it needs the GPU natives"
              + " (build with -Dtensorflow=gpu), an NVIDIA driver and CUDA 12 with cuDNN 9, of which"
              + " Weft's doctor says what is missing: "
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
}
