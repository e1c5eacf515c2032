package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.engine.Device;
import io.weft.engine.Precision;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

class Float32OperationsTest {

  private static final Shape ONE = Shape.of(1, 1, 1, 1);
  private static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);

  /** A function of 0.5, between two convolutions in bfloat16. */
  private static double between(
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> function, boolean kept) {
    try (NativeGraph graph = TensorFlowEngine.on(Device.cpu()).open(Precision.BFLOAT16)) {
      Ops tf = graph.ops();
      Placeholder<TFloat32> image = tf.placeholder(TFloat32.class, Placeholder.shape(ONE));
      Placeholder<TFloat32> filter = tf.placeholder(TFloat32.class, Placeholder.shape(ONE));
      Operand<TFloat32> value = function.apply(tf, tf.nn.conv2d(image, filter, STRIDES, "VALID"));
      Operand<TFloat64> found = tf.dtypes.cast(value, TFloat64.class);
      Operand<TFloat64> after =
          tf.dtypes.cast(tf.nn.conv2d(value, filter, STRIDES, "VALID"), TFloat64.class);
      Float32Operations float32 =
          kept ? Float32Operations.of(graph.graph()) : Float32Operations.none();
      return graph.use(
          session -> {
            Session.Runner runner = session.runner().fetch(found).fetch(after);
            try (TFloat32 half = TFloat32.tensorOf(ONE, DataBuffers.of(0.5f));
                TFloat32 one = TFloat32.tensorOf(ONE, DataBuffers.of(1f));
                var result = float32.in(runner.feed(image, half).feed(filter, one)).run()) {
              return ((TFloat64) result.get(0)).getDouble(0, 0, 0, 0);
            }
          });
    }
  }

  private static void assertKept(
      double exact, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> function) {
    assertEquals(exact, between(function, true), 1e-7 * Math.abs(exact));
    // Else nothing would show that TensorFlow would round it.
    assertNotEquals(exact, between(function, false), 1e-5 * Math.abs(exact));
  }

  @Test
  void functionsOfAGateAreInFloat32() {
    assumeTrue(
        Bfloat16.missing(TensorFlowEngine.on(Device.cpu())).isEmpty(),
        "this processor has no bfloat16");
    assertKept(Math.tanh(0.5), (tf, x) -> tf.math.tanh(x));
    assertKept(1 / (1 + Math.exp(-0.5)), (tf, x) -> tf.math.sigmoid(x));
    assertKept(Math.expm1(-0.5), (tf, x) -> tf.nn.elu(tf.math.neg(x)));
  }
}
