package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.engine.Device;
import io.weft.engine.NativeException;
import io.weft.memory.MemoryException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Whatever TensorFlow throws comes out in Weft's words, and without TensorFlow's types. */
class NativeFailureTest {

  /** More than any machine has. */
  private static final int HUGE = 1 << 24;

  private static NativeGraph open() {
    return TensorFlowEngine.on(Device.cpu()).open();
  }

  @Test
  void aRunThatFails() {
    try (NativeGraph graph = open()) {
      Ops tf = graph.ops();
      var left = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.unknown()));
      var sum = tf.math.add(left, tf.constant(new float[] {1, 2}));
      var error =
          assertThrows(
              NativeException.class,
              () ->
                  graph.run(
                      session -> {
                        try (TFloat32 three = TFloat32.vectorOf(1, 2, 3)) {
                          session.runner().feed(left, three).fetch(sum).run().close();
                        }
                      }));
      assertTrue(error.getMessage().startsWith("TensorFlow: invalid argument: "), "" + error);
      assertOurs(error);
    }
  }

  @Test
  void aGraphThatCannotBeBuilt() {
    var error =
        assertThrows(
            NativeException.class,
            () ->
                CloseOnFailure.of(
                    open(),
                    graph -> {
                      Ops tf = graph.ops();
                      return tf.math.add(
                          tf.constant(new float[] {1, 2}), tf.constant(new float[] {1, 2, 3}));
                    }));
    assertOurs(error);
  }

  /** TensorFlow waits for ten seconds before it gives up: for both at once. */
  @Test
  void aTensorThatThereIsNoMemoryFor() {
    CompletableFuture.allOf(
            CompletableFuture.runAsync(NativeFailureTest::hugeInARun),
            CompletableFuture.runAsync(NativeFailureTest::hugeBeforeARun))
        .join();
  }

  private static void hugeInARun() {
    try (NativeGraph graph = open()) {
      Ops tf = graph.ops();
      var sizes = tf.placeholder(TInt32.class);
      var huge = tf.fill(sizes, tf.constant(1f));
      var error =
          assertThrows(
              MemoryException.class,
              () ->
                  graph.run(
                      session -> {
                        try (var fed = TInt32.vectorOf(HUGE, HUGE)) {
                          session.runner().feed(sizes, fed).fetch(huge).run().close();
                        }
                      }));
      assertTrue(error.getMessage().contains("1.0 PB (16777216 x 16777216 float)"), "" + error);
      assertTrue(error.getMessage().contains("Take fewer images at a time"), "" + error);
      assertOurs(error);
    }
  }

  private static void hugeBeforeARun() {
    var error =
        assertThrows(
            MemoryException.class,
            () ->
                TensorFlowNative.call(
                    () -> {
                      TFloat32.tensorOf(Shape.of(HUGE, HUGE)).close();
                      return true;
                    }));
    assertTrue(error.getMessage().contains("no memory left for a tensor"), "" + error);
    assertOurs(error);
  }

  @Test
  void whatIsNotTensorFlowsStaysAsItIs() {
    var theirs = new IllegalArgumentException("a condition of the caller's");
    try (NativeGraph graph = open()) {
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  graph.use(
                      (Session session) -> {
                        throw theirs;
                      }));
      assertEquals(theirs, error);
    }
  }

  /** No class of TensorFlow's is needed to catch, log or pass this on; its trace is kept. */
  private static void assertOurs(RuntimeException error) {
    assertNull(error.getCause());
    assertEquals(0, error.getSuppressed().length);
    assertTrue(error.getClass().getPackageName().startsWith("io.weft"), "" + error.getClass());
    assertTrue(
        Arrays.stream(error.getStackTrace())
            .anyMatch(frame -> frame.getClassName().startsWith("io.weft.internal.tensorflow")));
  }
}
