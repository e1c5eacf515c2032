package io.weft.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.example.EarlierSum;
import com.example.Recurrence;
import io.weft.define.Definition;
import io.weft.define.GraphAssembler;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.tensorflow.Workbench;
import io.weft.layer.Activation;
import io.weft.layer.Add;
import io.weft.layer.BatchNormalisation;
import io.weft.layer.Bias;
import io.weft.layer.CausalAttention;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Concat;
import io.weft.layer.Convolution;
import io.weft.layer.ConvolutionalLstm;
import io.weft.layer.Dropout;
import io.weft.layer.Gate;
import io.weft.layer.Layer;
import io.weft.layer.LayerNormalisation;
import io.weft.layer.OnesChannel;
import io.weft.layer.Pointwise;
import io.weft.layer.PositionalNormalisation;
import io.weft.layer.ResidualGate;
import io.weft.layer.Shift;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.Slice;
import io.weft.layer.Subsample;
import io.weft.layer.TransposedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import io.weft.lower.Phase;
import io.weft.model.GatedPixelCnn;
import io.weft.model.Head;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.ImageSpec;
import io.weft.testing.Convolutions;
import io.weft.testing.RandomGraphs;
import io.weft.testing.ShiftedConvolutions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat64;

/**
 * The dependence algebra against the derivative of the lowered graph: d output(p, map) / d image(q,
 * channel) is nonzero for some weights exactly where {@link Reach} says that it may be.
 */
class JacobianTest {

  /** Rectifiers hide what they cut off: weights are drawn until all that should be seen was. */
  private static final int DRAWS = 300;

  private static final ImageSpec GREY = new ImageSpec(5, 4, 1, 3);
  private static final ImageSpec COLOUR = new ImageSpec(4, 3, 3, 2);

  @Test
  void everyLayerReachesWhatItSays() {
    ColourGroups rgb = ColourGroups.of(3);
    List<Layer> layers = new ArrayList<>();
    for (Activation.Function function : Activation.Function.values()) {
      layers.add(new Activation(function));
    }
    layers.add(Pointwise.of(4));
    layers.add(new Bias(0.1));
    layers.add(Pointwise.of(5).withColours(rgb));
    layers.add(Pointwise.of(6).withColours(rgb.withOutputParts(2)).withoutBias());
    layers.add(new Slice(1, 2));
    layers.add(new Shift(1, -2));
    layers.add(new Shift(9, 0));
    layers.add(new BatchNormalisation(0.9, 1e-3));
    layers.add(new PositionalNormalisation(0.1, 1));
    layers.add(new LayerNormalisation(0.1, 1));
    layers.add(new Dropout(0.5));
    layers.add(new OnesChannel());
    layers.add(Convolution.square(2, 3));
    layers.add(new Convolution(2, 1, 5));
    layers.add(TransposedConvolution.by(2, 2));
    layers.add(new TransposedConvolution(2, 3, 2));
    layers.add(new Subsample(2));
    layers.addAll(ShiftedConvolutions.all());
    List<CausalConvolution> convolutions = Convolutions.all();
    for (int i = 0; i < convolutions.size(); i += 3) {
      CausalConvolution one = convolutions.get(i);
      layers.add(one.colours().isNone() ? one : one.withColours(rgb));
    }
    for (Layer layer : layers) {
      check(graph(COLOUR, layer));
    }
    check(graph(COLOUR, Recurrence.of(2, -1, 1, 0, -2)));
    check(graph(COLOUR, new EarlierSum()));
  }

  /** The gate that forgets what is outside reads in vain: there each has to read all channels. */
  @Test
  void recurrencesReachWhatTheySay() {
    for (ConvolutionalLstm lstm :
        List.of(
            ConvolutionalLstm.rows(3),
            ConvolutionalLstm.leftToRight(),
            ConvolutionalLstm.rightToLeft())) {
      GraphAssembler assembler = GraphAssembler.of("lstm", new ImageSpec(3, 4, 2, 2));
      int gates = assembler.layer("gates", Pointwise.of(4), List.of(0));
      assembler.layer("lstm", lstm, List.of(gates));
      check(graph(assembler, 3));
    }
  }

  @Test
  void layersOfSeveralInputsReachWhatTheySay() {
    Layer right = new Shift(0, 1);
    Layer down = new Shift(1, 0);
    check(merged(new Add(), right, down));
    check(merged(new Concat(), right, down));
    check(merged(new Concat(), down, Pointwise.of(1)));
    Layer paired = new Concat();
    GraphAssembler gate = GraphAssembler.of("gate", new ImageSpec(4, 5, 2, 2));
    int moved = gate.layer("moved", right, List.of(0));
    int both = gate.layer("both", paired, List.of(0, moved));
    gate.layer("gate", new Gate(), List.of(both));
    check(graph(gate, 4));
    GraphAssembler residual = GraphAssembler.of("residual-gate", new ImageSpec(4, 5, 2, 2));
    int below = residual.layer("moved", down, List.of(0));
    int halves = residual.layer("both", paired, List.of(0, below));
    residual.layer("gate", new ResidualGate(), List.of(0, halves));
    check(graph(residual, 4));
  }

  /**
   * Where a span has but one position, its weight is 1 whatever query and key are: here the sum
   * with the query, and keys and values of one feature, see the same.
   */
  @Test
  void attentionReachesWhatItSays() {
    for (Span span :
        List.of(Span.EARLIER, Span.UP_TO_OWN, Span.EARLIER.last(1), Span.UP_TO_OWN.last(3))) {
      for (int heads : new int[] {1, 3}) {
        GraphAssembler assembler = GraphAssembler.of("attention", COLOUR);
        int right = assembler.layer("right", new Shift(0, 1), List.of(0));
        int query = assembler.layer("query", Pointwise.of(3), List.of(right));
        int down = assembler.layer("down", new Shift(1, 0), List.of(0));
        int seen = assembler.layer("seen", Pointwise.of(3), List.of(down));
        int found =
            assembler.layer("found", new CausalAttention(heads, span), List.of(query, seen, seen));
        assembler.layer("sum", new Add(), List.of(query, found));
        check(graph(assembler, 7));
      }
    }
  }

  @Test
  void thereAndBackReachesWhatItSays() {
    for (ImageSpec image : List.of(new ImageSpec(5, 4, 1, 2), new ImageSpec(3, 5, 2, 2))) {
      for (ShiftedConvolution layer : ShiftedConvolutions.all()) {
        GraphAssembler assembler = GraphAssembler.of("back", image);
        int coarse = assembler.layer("there", layer, List.of(0));
        assembler.layer(
            "back", TransposedShiftedConvolution.of(layer.withMaps(2)), List.of(coarse, 0));
        check(graph(assembler, 3));
      }
    }
  }

  @Test
  void modelFamiliesReachWhatTheySay() {
    for (ImageSpec image : List.of(GREY, COLOUR)) {
      check(PixelCnn.of(image, 1, 3, 3).graph());
      check(PixelCnn.textbook(image, 2, 3, 3).graph());
      check(GatedPixelCnn.of(image, 1, 3, 3).graph());
      check(PixelRnn.rowLstm(image, 1, 4).graph());
      check(PixelRnn.diagonalBiLstm(image, 1, 4).graph());
      check(GatedPixelCnn.classConditional(image, 3, 1, 3, 3).graph());
      check(
          LocallyMaskedPixelCnn.builder(image)
              .blocks(1)
              .maps(6)
              .order(GenerationOrder.hilbert(image.height(), image.width()))
              .build()
              .graph());
    }
    for (ImageSpec image : List.of(new ImageSpec(3, 5, 1, 3), new ImageSpec(4, 2, 3, 2))) {
      check(PixelCnnPlusPlus.builder(image).blocks(1).maps(2).components(1).build().graph());
    }
    ModelBuilder model = ModelBuilder.of("binary", new ImageSpec(4, 4, 1, 2));
    Definition binary =
        model.bernoulli(
            Head.logits(model, PixelCnn.first(model, 4, 3), 4, Distribution.bernoulli()));
    check(binary.graph());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 20, 40, 60})
  void randomGraphsReachWhatTheySay(long from) {
    for (long seed = from; seed < from + 20; seed++) {
      check(RandomGraphs.of(seed).graph());
      check(RandomGraphs.ordered(seed).graph());
    }
  }

  private static LayerGraph graph(ImageSpec image, Layer layer) {
    GraphAssembler assembler = GraphAssembler.of("one", image);
    assembler.layer("layer", layer, List.of(0));
    return graph(assembler, 2);
  }

  private static LayerGraph merged(Layer merge, Layer left, Layer right) {
    GraphAssembler assembler = GraphAssembler.of("merge", new ImageSpec(4, 5, 1, 2));
    int first = assembler.layer("left", left, List.of(0));
    int second = assembler.layer("right", right, List.of(0));
    assembler.layer("layer", merge, List.of(first, second));
    return graph(assembler, 4);
  }

  /** Not proven: what a single layer reaches need not be causal. */
  private static LayerGraph graph(GraphAssembler assembler, int count) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(assembler.node(i));
    }
    ImageSpec image = assembler.image();
    return new LayerGraph(
        "one",
        image,
        Orders.raster(image.height(), image.width()),
        nodes,
        count - 1,
        Distribution.softmax());
  }

  private static void check(LayerGraph layers) {
    Shape shape = layers.outputNode().shape();
    int outputs = shape.positions() * shape.maps();
    boolean[] expected = expected(layers);
    boolean[] found = new boolean[expected.length];
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      var places = bench.places(layers, outputs);
      Operand<TFloat64> output = bench.output(layers, Phase.INFERENCE, places);
      // One copy of the image for each output value: all of the Jacobian in one run.
      var pick = bench.place(outputs, shape.height(), shape.width(), shape.maps());
      Operand<TFloat64> gradient =
          bench.gradients(bench.functional(output, pick), List.of(places.get("image"))).get(0);
      SplittableRandom random = new SplittableRandom(7);
      for (int draw = 0; draw < DRAWS && !Arrays.equals(expected, found); draw++) {
        Workbench.randomise(places, random);
        pick.set(identity(outputs));
        double[] jacobian = bench.run(List.of(gradient)).get(0);
        for (int i = 0; i < jacobian.length; i++) {
          found[i] |= jacobian[i] != 0;
        }
      }
    }
    for (int i = 0; i < found.length; i++) {
      int value = i % layers.image().values();
      String what = layers.name() + ", output " + i / layers.image().values() + " by " + value;
      assertEquals(expected[i], found[i], what + " of " + layers.outputNode().name());
    }
  }

  private static double[] identity(int size) {
    double[] identity = new double[size * size];
    for (int i = 0; i < size; i++) {
      identity[i * size + i] = 1;
    }
    return identity;
  }

  /** What the algebra says, [output position, output map, image position, channel]. */
  private static boolean[] expected(LayerGraph layers) {
    MapGroups groups = MapGroups.of(layers);
    Shape shape = layers.outputNode().shape();
    int channels = layers.image().channels();
    int values = layers.image().values();
    boolean[] expected = new boolean[shape.positions() * shape.maps() * values];
    for (int output = 0; output < expected.length / values; output++) {
      MapGroup group = groups.ofMap(layers.output(), output % shape.maps());
      Reach reach = Reach.of(groups, group, output / shape.maps());
      for (int value = 0; value < values; value++) {
        expected[output * values + value] = reach.contains(value / channels, value % channels);
      }
    }
    return expected;
  }
}
