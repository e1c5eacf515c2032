package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.layer.Layer;
import io.weft.lower.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat64;

/**
 * Compares gradients with central differences in float64: for each place that a scalar depends on,
 * along random directions and single coordinates.
 */
public final class GradientCheck {

  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-6;
  private static final int DIRECTIONS = 3;
  private static final int COORDINATES = 3;

  private GradientCheck() {}

  /** Checks a layer on open inputs, by all inputs and parameters. */
  public static void layer(Layer layer, Phase phase, Shape... inputs) {
    graph(Workbench.alone(layer, inputs), phase);
  }

  /** Checks a layer on open inputs, by its parameters alone. */
  public static void parameters(Layer layer, Phase phase, Shape... inputs) {
    check(Workbench.alone(layer, inputs), phase, List.of());
  }

  /** Checks the graph of a layer on open inputs, by all inputs and parameters. */
  public static void graph(LayerGraph layers, Phase phase) {
    List<String> inputs = new ArrayList<>();
    boolean[] live = layers.live();
    for (int i = 0; i < live.length; i++) {
      if (live[i] && layers.nodes().get(i) instanceof Node.Given given) {
        inputs.add(given.name());
      }
    }
    check(layers, phase, inputs);
  }

  private static void check(LayerGraph layers, Phase phase, List<String> inputs) {
    String name = layers.nodes() + ", " + phase;
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      Map<String, Workbench<TFloat64>.Place> places = bench.places(layers, Workbench.BATCH);
      Workbench.randomise(places, new SplittableRandom(name.hashCode()));
      Operand<TFloat64> output = bench.output(layers, phase, places);
      List<String> by = new ArrayList<>(inputs);
      // While training, statistics are measured and not read.
      by.addAll(
          phase == Phase.TRAINING ? Workbench.trainable(layers) : layers.parameters().keySet());
      Map<String, Workbench<TFloat64>.Place> open = new LinkedHashMap<>();
      by.forEach(n -> open.put(n, places.get(n)));
      Shape shape = layers.outputNode().shape();
      functional(
          name, bench, output, open, Workbench.BATCH, shape.height(), shape.width(), shape.maps());
    }
  }

  /** Checks a random linear functional of {@code output}, which has the given sizes. */
  public static void functional(
      String name,
      Workbench<TFloat64> bench,
      Operand<TFloat64> output,
      Map<String, Workbench<TFloat64>.Place> open,
      long... sizes) {
    assertFalse(open.isEmpty());
    SplittableRandom random = new SplittableRandom(name.hashCode());
    Workbench<TFloat64>.Place weights = bench.place(sizes);
    Workbench.randomise(Map.of("weights", weights), random);
    Operand<TFloat64> scalar = bench.functional(output, weights);
    List<double[]> gradients = bench.run(bench.gradients(scalar, List.copyOf(open.values())));
    int at = 0;
    for (var entry : open.entrySet()) {
      double[] gradient = gradients.get(at++);
      for (int i = 0; i < DIRECTIONS + COORDINATES; i++) {
        double[] direction = new double[gradient.length];
        if (i < DIRECTIONS) {
          Arrays.setAll(direction, k -> 2 * random.nextDouble() - 1);
        } else {
          direction[random.nextInt(direction.length)] = 1;
        }
        double above = moved(bench, scalar, entry.getValue(), direction, STEP);
        double below = moved(bench, scalar, entry.getValue(), direction, -STEP);
        compare(name + " by " + entry.getKey(), (above - below) / (2 * STEP), gradient, direction);
      }
    }
  }

  private static double moved(
      Workbench<TFloat64> bench,
      Operand<TFloat64> scalar,
      Workbench<TFloat64>.Place place,
      double[] direction,
      double step) {
    double[] before = place.values();
    double[] moved = before.clone();
    Arrays.setAll(moved, i -> before[i] + step * direction[i]);
    place.set(moved);
    double value = bench.run(List.of(scalar)).get(0)[0];
    place.set(before);
    return value;
  }

  private static void compare(String what, double measured, double[] gradient, double[] direction) {
    double computed = 0;
    double size = 0;
    for (int i = 0; i < direction.length; i++) {
      computed += gradient[i] * direction[i];
      size += Math.abs(gradient[i] * direction[i]);
    }
    assertEquals(measured, computed, TOLERANCE * Math.max(size, 1e-2), what);
  }
}
