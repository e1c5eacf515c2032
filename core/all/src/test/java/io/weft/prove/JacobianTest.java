package io.weft.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.define.GraphAssembler;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Reach;
import io.weft.internal.tensorflow.Workbench;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Layer;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import io.weft.lower.Phase;
import io.weft.model.GatedPixelCnn;
import io.weft.model.Head;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.ImageSpec;
import io.weft.testing.Convolutions;
import io.weft.testing.LayerSample;
import io.weft.testing.LayerSample.Feed;
import io.weft.testing.LayerSample.Sight;
import io.weft.testing.LayerSamples;
import io.weft.testing.RandomGraphs;
import io.weft.testing.ShiftedConvolutions;
import io.weft.testing.SlowChecks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

  /** All but those that have no derivative, which {@link BruteForceTest} changes one by one. */
  static List<LayerSample> seen() {
    return LayerSamples.all().stream().filter(s -> s.feed() != Feed.LEVELS).toList();
  }

  @ParameterizedTest
  @MethodSource("seen")
  void everyLayerReachesWhatItSays(LayerSample sample) {
    GraphAssembler assembler = GraphAssembler.of("one", COLOUR);
    check(graph(assembler, 1 + sample.onImage(assembler)));
  }

  /** Attention and recurrences, of which in such graphs not all that is read shows. */
  @Test
  void guestsOfRandomGraphsReachNothingElse() {
    List<LayerSample> guests =
        LayerSamples.all().stream().filter(s -> s.sight() != Sight.EACH_MAP).toList();
    for (int i = 0; i < guests.size(); i += SlowChecks.times(3, 1)) {
      LayerGraph layers = RandomGraphs.with(guests.get(i), i).graph();
      boolean[] expected = expected(layers);
      boolean[] found = found(layers, expected, 1);
      for (int v = 0; v < found.length; v++) {
        assertTrue(expected[v] || !found[v], what(layers, v));
      }
    }
  }

  @Test
  void convolutionsReachWhatTheySay() {
    List<Layer> layers = new ArrayList<>(ShiftedConvolutions.all());
    List<CausalConvolution> convolutions = Convolutions.all();
    for (int i = 0; i < convolutions.size(); i += 3) {
      CausalConvolution one = convolutions.get(i);
      layers.add(one.colours().isNone() ? one : one.withColours(ColourGroups.of(3)));
    }
    for (Layer layer : layers) {
      check(graph(COLOUR, layer));
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
    for (ImageSpec image : List.of(new ImageSpec(3, 4, 1, 2), new ImageSpec(2, 3, 3, 2))) {
      check(PixelSnail.builder(image).blocks(1).maps(2).build().graph());
      check(ImageGpt.builder(image).blocks(1).maps(6).heads(2).build().graph());
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
    for (long seed = from; seed < from + SlowChecks.times(2, 20); seed++) {
      check(RandomGraphs.of(seed).graph());
      check(RandomGraphs.ordered(seed).graph());
    }
  }

  private static LayerGraph graph(ImageSpec image, Layer layer) {
    GraphAssembler assembler = GraphAssembler.of("one", image);
    assembler.layer("layer", layer, List.of(0));
    return graph(assembler, 2);
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
    boolean[] expected = expected(layers);
    boolean[] found = found(layers, expected, DRAWS);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[i], found[i], what(layers, i));
    }
  }

  private static String what(LayerGraph layers, int i) {
    int values = layers.image().values();
    String what = layers.name() + ", output " + i / values + " by " + i % values;
    return what + " of " + layers.outputNode().name();
  }

  /** Returns what is nonzero in a number of draws, or in fewer if that is all of what is sought. */
  private static boolean[] found(LayerGraph layers, boolean[] sought, int draws) {
    Shape shape = layers.outputNode().shape();
    int outputs = shape.positions() * shape.maps();
    boolean[] found = new boolean[sought.length];
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      var places = bench.places(layers, outputs);
      Operand<TFloat64> output = bench.output(layers, Phase.INFERENCE, places);
      // One copy of the image for each output value: all of the Jacobian in one run.
      var pick = bench.place(outputs, shape.height(), shape.width(), shape.maps());
      Operand<TFloat64> gradient =
          bench.gradients(bench.functional(output, pick), List.of(places.get("image"))).get(0);
      SplittableRandom random = new SplittableRandom(7);
      for (int draw = 0; draw < draws && !Arrays.equals(sought, found); draw++) {
        Workbench.randomise(places, random);
        pick.set(identity(outputs));
        double[] jacobian = bench.run(List.of(gradient)).get(0);
        for (int i = 0; i < jacobian.length; i++) {
          found[i] |= jacobian[i] != 0;
        }
      }
    }
    return found;
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
