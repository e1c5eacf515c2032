package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.engine.Device;
import io.weft.engine.Precision;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.optimise.RmsProp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Steps from gradients that no model gives in a row. */
class OptimiserFormTest {

  private static final Map<String, Parameter> ONE =
      Map.of("w", Parameter.weight("w", Initializer.zeros(), 1));

  private static float[] weights(RmsProp rmsProp, float... gradients) {
    OptimiserForm form = OptimiserForm.of(rmsProp);
    try (NativeGraph graph = TensorFlowEngine.on(Device.cpu()).open(Precision.FLOAT32)) {
      var tf = graph.ops();
      Variables weights = new Variables(tf, "weights", ONE, p -> true);
      Map<String, Variables> slots = new LinkedHashMap<>();
      rmsProp.slots().forEach(s -> slots.put(s, new Variables(tf, s, ONE, p -> true)));
      var gradient = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(1)));
      List<Op> step =
          form.step(tf, "w", ONE.get("w"), weights, slots, List.of(tf.constant(1f)), gradient);
      float[] found = new float[gradients.length];
      graph.run(
          session -> {
            weights.assign(session, Map.of("w", new float[1]));
            slots.values().forEach(v -> v.assign(session, Map.of("w", new float[1])));
            for (int i = 0; i < found.length; i++) {
              try (TFloat32 fed = TFloat32.vectorOf(gradients[i])) {
                Session.Runner runner = session.runner().feed(gradient, fed);
                step.forEach(runner::addTarget);
                runner.run().close();
              }
              found[i] = weights.fetch(session).get("w")[0];
            }
          });
      return found;
    }
  }

  /** The mean square forgets at once, so that the second step is as long as its gradient says. */
  @Test
  void aTinyGradientCountsAfterALargeOne() {
    float[] found = weights(RmsProp.withRate(1).withDecay(0), 0.5f, 1e-9f);
    assertEquals(-1, found[0], 1e-6);
    assertEquals(-1 - 1e-9 / (1e-9 + 1e-8), found[1], 1e-6);
  }

  @Test
  void withoutAGradientNothingMoves() {
    assertEquals(0, weights(RmsProp.withRate(1), 0f)[0]);
    float[] found = weights(RmsProp.withRate(1).withMomentum(0.5).withDecay(0), 2f, 0f, 0f);
    assertEquals(-1, found[0], 1e-6);
    assertEquals(-1.5, found[1], 1e-6);
    assertEquals(-1.75, found[2], 1e-6);
  }
}
