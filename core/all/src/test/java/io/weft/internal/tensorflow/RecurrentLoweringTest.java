package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.EarlierSum;
import com.example.Recurrence;
import com.example.Searching;
import io.weft.expression.Attended;
import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.PositionMap;
import io.weft.expression.Ranks;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.expression.Unary;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.layer.ConvolutionalLstm;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.lower.Lowering;
import io.weft.lower.Phase;
import io.weft.lower.WholeImageForm;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.DefinitionException;
import io.weft.testing.ReferenceExpression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** A layer that reads its own output over whole images, and how it is trained. */
class RecurrentLoweringTest {

  private static final List<Shape> GRIDS =
      List.of(new Shape(4, 5, 4), new Shape(5, 3, 4), new Shape(1, 4, 4), new Shape(4, 1, 4));

  /** Layers of one input of 4 maps. */
  private static final List<Layer> LAYERS =
      List.of(
          Recurrence.of(3, -1, -1, -1, 0, -1, 1),
          Recurrence.of(3, 0, -1, -1, 0),
          Recurrence.of(3, 0, 1, -1, 0),
          Recurrence.of(2, 0, 2),
          ConvolutionalLstm.rows(1),
          ConvolutionalLstm.rows(3),
          ConvolutionalLstm.leftToRight(),
          ConvolutionalLstm.rightToLeft(),
          new EarlierSum(),
          new Knight(),
          new Spiral());

  /** Reads itself two rows up and one to the left, in parts that overlap, and a constant. */
  record Knight() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only().withMaps(7);
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape own = shape(inputs);
      Expression there = inputs.own(own, -2, -1);
      Parameter kernel = Parameter.weight("kernel", Initializer.glorot(3, 4), 3, 4);
      Expression sum =
          Expression.concat(
                  List.of(there.slice(1, 1), there.slice(2, 1), inputs.read(0).slice(3, 1)))
              .times(kernel)
              .plus(Expression.vector(Parameter.offset("bias", Initializer.zeros(), 4)))
              .map(Unary.TANH);
      Expression mean = Expression.concat(List.of(sum, inputs.read(0))).mean(2).slice(0, 2);
      return Expression.concat(
          List.of(sum, Expression.constants(0.25f), mean.times(there.slice(3, 1).repeated(2))));
    }
  }

  /** From the last position to the first, three apart: fronts that are no runs of positions. */
  record Spiral() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape own = inputs.only();
      Expression next =
          inputs.own(
              own,
              "3 on, mirrored every second",
              (r, c) -> {
                int q = own.position(r, c) + (c % 2 == 0 ? 3 : 2);
                return q < own.positions() ? q : PositionMap.NONE;
              });
      return inputs.read(0).plus(next.map(Unary.TANH));
    }
  }

  /** Goes on from the pixel before, whatever the order. */
  record Trail() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Expression before =
          inputs.own(inputs.only(), "own, before", new PositionMap.Before(inputs.order(0)));
      return inputs.read(0).plus(before.map(Unary.TANH));
    }
  }

  private static final List<Span> SPANS =
      List.of(Span.EARLIER, Span.UP_TO_OWN, Span.EARLIER.last(2), Span.UP_TO_OWN.last(3));

  @Test
  void aRecurrenceMayAttendToItsInput() {
    List<GenerationOrder> all =
        List.of(
            GenerationOrder.raster(3, 4),
            GenerationOrder.hilbert(3, 4),
            GenerationOrder.random(3, 4, 3));
    for (Span span : SPANS) {
      for (GenerationOrder order : all) {
        assertAgrees(
            Workbench.alone(
                new Searching(2, span), new Orders(order, List.of(order)), new Shape(3, 4, 4)),
            order);
      }
      LayerGraph graph =
          Workbench.alone(new Searching(2, span), new Orders(all.get(0), all), new Shape(3, 4, 4));
      assertAgreesUnderEach(graph, all);
      GradientCheck.graph(graph, Phase.TRAINING);
    }
  }

  @Test
  void wholeImagesAreWhatTheExpressionSays() {
    for (Layer layer : LAYERS) {
      for (Shape grid : GRIDS) {
        if (layer instanceof EarlierSum) {
          LayerGraph graph =
              Workbench.alone(layer, Orders.raster(grid.height(), grid.width()), grid);
          assertAgrees(graph, GenerationOrder.raster(grid.height(), grid.width()));
        } else {
          assertAgrees(Workbench.alone(layer, grid), GenerationOrder.raster(1, 1));
        }
      }
    }
  }

  /** One graph for several orders, of which each has other fronts. */
  @Test
  void everyOrderHasItsOwnFronts() {
    List<GenerationOrder> all =
        List.of(
            GenerationOrder.raster(4, 4),
            GenerationOrder.hilbert(4, 4),
            GenerationOrder.random(4, 4, 3),
            GenerationOrder.raster(4, 4).rotate180());
    for (Layer layer : List.of(new EarlierSum(), new Trail())) {
      assertAgreesUnderEach(
          Workbench.alone(layer, new Orders(all.get(0), all), new Shape(4, 4, 3)), all);
    }
  }

  private static void assertAgreesUnderEach(LayerGraph graph, List<GenerationOrder> all) {
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      var places = bench.places(graph, Workbench.BATCH);
      randomise(places, 2);
      for (int o = 0; o < all.size(); o++) {
        OrderChoice choice = new OrderChoice(all, Optional.of(bench.tf().constant(o)));
        double[] found =
            bench.run(List.of(bench.lower(graph, Phase.INFERENCE, places, choice).output())).get(0);
        assertArrayEquals(expected(graph, places, all.get(o)), found, 1e-12, all.get(o) + "");
      }
    }
  }

  @Test
  void gradientsAreRight() {
    for (Layer layer : LAYERS) {
      for (Shape grid : layer instanceof EarlierSum ? List.<Shape>of() : GRIDS.subList(0, 3)) {
        GradientCheck.layer(layer, Phase.TRAINING, grid);
      }
    }
    List<GenerationOrder> orders =
        List.of(GenerationOrder.hilbert(4, 4), GenerationOrder.raster(4, 4));
    GradientCheck.graph(
        Workbench.alone(new EarlierSum(), new Orders(orders.get(0), orders), new Shape(4, 4, 3)),
        Phase.TRAINING);
  }

  /** A form that runs half of a recurrence by the general way. */
  record Half(Layer layer) implements Layer, WholeImageForm {
    @Override
    public Shape shape(Inputs inputs) {
      return layer.shape(inputs);
    }

    @Override
    public Expression compute(Inputs inputs) {
      return layer.compute(inputs);
    }

    @Override
    public <T extends TFloating> Operand<T> lower(Lowering<T> lowering) {
      return lowering.evaluate(lowering.expression().operands().get(0));
    }
  }

  @Test
  void aFormCannotRunHalfOfARecurrence() {
    LayerGraph graph = Workbench.alone(new Half(Recurrence.of(3, -1, 0)), new Shape(3, 3, 2));
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      var places = bench.places(graph, Workbench.BATCH);
      String message =
          assertThrows(DefinitionException.class, () -> bench.lower(graph, Phase.INFERENCE, places))
              .getMessage();
      assertTrue(message.contains("reads the layer's own output"), message);
    }
  }

  /** Random values that float32 holds. */
  private static void randomise(Map<String, Workbench<TFloat64>.Place> places, long seed) {
    Workbench.randomise(places, new SplittableRandom(seed));
    places.values().forEach(p -> p.set(DoubleStream.of(p.values()).map(v -> (float) v).toArray()));
  }

  private static void assertAgrees(LayerGraph graph, GenerationOrder order) {
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      var places = bench.places(graph, Workbench.BATCH);
      randomise(places, 1);
      double[] found = bench.run(List.of(bench.output(graph, Phase.INFERENCE, places))).get(0);
      assertArrayEquals(expected(graph, places, order), found, 1e-12, graph.nodes().toString());
    }
  }

  /** The layer position by position, each computed when it is first read. */
  private static double[] expected(
      LayerGraph graph, Map<String, Workbench<TFloat64>.Place> places, GenerationOrder order) {
    Node.Applied node = (Node.Applied) graph.outputNode();
    Shape shape = node.shape();
    double[] all = new double[Workbench.BATCH * shape.positions() * shape.maps()];
    for (int b = 0; b < Workbench.BATCH; b++) {
      Plain plain = new Plain(node, places, order, b);
      for (int q = 0; q < shape.positions(); q++) {
        System.arraycopy(
            plain.at(q), 0, all, (b * shape.positions() + q) * shape.maps(), shape.maps());
      }
    }
    return all;
  }

  private static final class Plain {
    private final Node.Applied node;
    private final Map<String, Workbench<TFloat64>.Place> places;
    private final GenerationOrder order;
    private final int image;
    private final double[][] known;

    Plain(
        Node.Applied node,
        Map<String, Workbench<TFloat64>.Place> places,
        GenerationOrder order,
        int image) {
      this.node = node;
      this.places = places;
      this.order = order;
      this.image = image;
      this.known = new double[node.shape().positions()][];
    }

    double[] at(int q) {
      if (known[q] == null) {
        known[q] = new Position(q).of(node.expression());
      }
      return known[q];
    }

    private final class Position extends ReferenceExpression {
      private final int q;

      Position(int q) {
        this.q = q;
      }

      @Override
      public double[] read(Expression.Read read) {
        PositionMap under = (PositionMap) read.tap().positions().moved(order);
        int width = node.shape().width();
        int source = under.source(q / width, q % width);
        if (source == PositionMap.NONE) {
          return new double[read.width()];
        }
        if (read.tap().isOwn()) {
          return at(source);
        }
        return input(read.tap().input(), source, read.width());
      }

      private double[] input(int index, int source, int maps) {
        double[] input = places.get("in" + index).values();
        int from = (image * (input.length / Workbench.BATCH / maps) + source) * maps;
        return Arrays.copyOfRange(input, from, from + maps);
      }

      @Override
      protected List<double[]> attended(Attended attended) {
        List<double[]> rows = new ArrayList<>();
        int width = node.shape().width();
        new Ranks(attended.ranks().span(), order)
            .each(
                q / width,
                q % width,
                p -> rows.add(input(attended.tap().input(), p, attended.width())));
        return rows;
      }

      @Override
      protected float[] parameter(Parameter parameter) {
        double[] wide = places.get(node.fullName(parameter)).values();
        float[] narrow = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
          narrow[i] = (float) wide[i];
        }
        return narrow;
      }
    }
  }
}
