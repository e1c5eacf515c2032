package io.weft.internal.tensorflow;

import io.weft.engine.Device;
import io.weft.engine.NativeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Whether XLA compiles loops on a device: found out by running a small one there, once. */
final class XlaProbe {

  private static final Logger LOG = LoggerFactory.getLogger(XlaProbe.class);

  /** What was found on each device that was asked for. */
  private static final Map<Device, Boolean> FOUND = new ConcurrentHashMap<>();

  private XlaProbe() {}

  /**
   * Returns whether XLA compiles there. Where it does not, a log says so.
   *
   * @throws IllegalStateException if that cannot be tried: TensorFlow has begun with another number
   *     of threads
   */
  static boolean compilesOn(Device device) {
    return FOUND.computeIfAbsent(device, XlaProbe::compiles);
  }

  private static boolean compiles(Device device) {
    try (NativeGraph graph = TensorFlowEngine.on(device).openForSteps()) {
      return graph.use(session -> compiles(graph.ops(), session));
    } catch (NativeException | IllegalArgumentException e) {
      LOG.info(
          "sampling on TensorFlow without XLA, which does not compile on {}: {}",
          device,
          e.getMessage());
      return false;
    }
  }

  private static boolean compiles(Ops tf, Session session) {
    StepState state = new StepState();
    StepState.Values values = new StepState.Values();
    state.declare("step", TInt32.class, Shape.scalar());
    values.set("step", tf.constant(0));
    state.declare("value", TFloat32.class, Shape.of(2));
    values.set("value", tf.constant(new float[] {0, 1}));
    state.compiled(tf, "weft_probe", values, List.of("value"), (ops, v) -> probe(ops, state, v));
    try (var result = session.runner().fetch(values.<TFloat32>get("value")).run()) {
      return result.size() == 1;
    }
  }

  /** A loop with functions that need the device's mathematical library. */
  private static void probe(Ops tf, StepState state, StepState.Values values) {
    state.loop(
        tf,
        "weft_probe_loop",
        values,
        (ops, v) -> ops.math.less(v.<TInt32>get("step"), ops.constant(3)),
        (ops, v) -> {
          v.set("value", ops.math.tanh(ops.math.exp(v.<TFloat32>get("value"))));
          v.set("step", ops.math.add(v.<TInt32>get("step"), ops.constant(1)));
        });
  }
}
