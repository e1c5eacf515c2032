package io.weft.prove;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.distribution.Distribution;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.graph.LayerGraph;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.ConvolutionalLstm;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MapNormalisation;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.Shift;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomGraphs;
import io.weft.testing.Sketch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every remedy that a leak names is applied as it is said, and the definition is proven then. */
class RemedyTest {

  private static final ImageSpec GREY = new ImageSpec(8, 8, 1, 4);
  private static final ImageSpec COLOUR = new ImageSpec(6, 6, 3, 4);
  private static final ColourGroups RGB = ColourGroups.of(3);
  private static final CausalConvolution FIRST = CausalConvolution.square(12, 3, MaskType.A);
  private static final CausalConvolution NEXT = CausalConvolution.square(12, 3, MaskType.B);

  /** A user's layer that adds what lies at some places; the own one is always read. */
  record Peek(List<List<Integer>> places) implements Sketch.Mendable {
    static Peek at(int... numbers) {
      List<List<Integer>> places = new ArrayList<>();
      for (int i = 0; i < numbers.length; i += 2) {
        places.add(List.of(numbers[i], numbers[i + 1]));
      }
      return new Peek(places);
    }

    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Expression sum = inputs.read(0);
      for (List<Integer> place : places) {
        sum = sum.plus(inputs.read(0, place.get(0), place.get(1)));
      }
      return sum;
    }

    @Override
    public Layer without(String name) {
      return new Peek(
          places.stream()
              .filter(
                  p -> !String.format(Locale.ROOT, "(%+d, %+d)", p.get(0), p.get(1)).equals(name))
              .toList());
    }
  }

  private static Map<String, Function<Feature, Feature>> grey() {
    Map<String, Function<Feature, Feature>> leaks = new LinkedHashMap<>();
    leaks.put("type B on the image", x -> x.apply(NEXT).relu().apply(NEXT));
    leaks.put("horizontal of type B", x -> x.horizontalConv(12, 3, MaskType.B).gate());
    leaks.put("1x1 on the image", x -> x.conv1x1(8).relu());
    leaks.put("the image added", x -> x.apply(CausalConvolution.square(1, 3, MaskType.A)).plus(x));
    leaks.put("the image beside", x -> x.apply(FIRST).concat(x));
    leaks.put(
        "the image in a gate",
        x -> x.concat(x.apply(CausalConvolution.square(1, 3, MaskType.A))).gate());
    leaks.put("a shift up", x -> x.apply(FIRST).shiftDown(-1));
    leaks.put("two shifts up", x -> x.apply(FIRST).shiftDown(-1).relu().shiftDown(-1));
    leaks.put("a shift to the left", x -> x.apply(FIRST).shiftRight(-1));
    leaks.put("far ahead", x -> x.apply("ahead", new Shift(-2, 1)));
    leaks.put("a vertical link", x -> link(x, Pointwise.of(12)));
    leaks.put(
        "a vertical link, added", x -> x.apply(FIRST).plus(x.verticalConv(12, 3, MaskType.B)));
    leaks.put("a vertical link, beside", x -> x.apply(FIRST).concat(x.factoredVerticalConv(4, 3)));
    leaks.put(
        "a vertical link, gated",
        x -> x.apply(FIRST).concat(x.verticalConv(12, 3, MaskType.B)).gate());
    leaks.put(
        "a vertical link through another convolution",
        x -> x.verticalConv(4, 3, MaskType.B).apply(NEXT));
    leaks.put(
        "a vertical link, normalised",
        x ->
            x.apply(FIRST)
                .plus(
                    x.verticalConv(12, 3, MaskType.B)
                        .positionalNormalisation()
                        .batchNormalisation()
                        .dropout(0.1)));
    leaks.put("down-shifted, not shifted", x -> x.downShiftedConv(8, 2, 3).concatElu());
    leaks.put("down-right-shifted, not shifted", x -> x.downRightShiftedConv(8, 2, 2));
    leaks.put(
        "down and strided",
        x ->
            x.apply(ShiftedConvolution.down(4, 2, 3).withStride(2))
                .apply(
                    TransposedShiftedConvolution.of(ShiftedConvolution.down(4, 2, 3).withStride(2)),
                    x));
    leaks.put(
        "residual gate",
        x -> x.apply(CausalConvolution.square(1, 3, MaskType.A)).residualGate(x.conv1x1(2)));
    leaks.put(
        "from right to left, not shifted",
        x -> x.apply(FIRST).apply("right", ConvolutionalLstm.rightToLeft()));
    leaks.put(
        "from both sides, not shifted",
        x ->
            x.apply(FIRST)
                .apply(ConvolutionalLstm.leftToRight())
                .plus(x.apply(FIRST).apply("right", ConvolutionalLstm.rightToLeft())));
    leaks.put(
        "inclusive attention to the image",
        x -> attending(x, x.conv1x1(12), Span.UP_TO_OWN.last(5)));
    leaks.put(
        "inclusive attention to more than the image",
        x -> attending(x, x.apply(FIRST).concat(x).conv1x1(12), Span.UP_TO_OWN));
    leaks.put("a peek to the right", x -> x.apply(FIRST).apply("peek", Peek.at(0, 1)));
    leaks.put("a peek below", x -> x.apply(FIRST).apply("peek", Peek.at(1, 0)));
    leaks.put(
        "a peek all round",
        x -> x.apply(FIRST).apply("peek", Peek.at(0, 1, 1, 0, 1, -1, -1, 0, 2, 2)));
    leaks.put(
        "peeks in two layers",
        x -> x.apply(FIRST).apply("peek", Peek.at(0, 1)).apply("peek_2", Peek.at(0, 1, 1, 1)));
    leaks.put("a peek before the mask", x -> x.apply("peek", Peek.at(0, 1)).apply(FIRST));
    return leaks;
  }

  private static Feature attending(Feature image, Feature seen, Span span) {
    return image.apply(FIRST).causalAttention(seen, seen, 2, span);
  }

  private static Feature link(Feature x, Layer link) {
    Feature vertical = x.verticalConv(12, 3, MaskType.B);
    return x.apply(FIRST).plus(vertical.apply("link", link)).relu();
  }

  private static Map<String, Function<Feature, Feature>> colour() {
    Map<String, Function<Feature, Feature>> leaks = new LinkedHashMap<>();
    Function<Feature, Feature> first = x -> x.apply(FIRST.withColours(RGB));
    leaks.put("1x1 without groups", x -> first.apply(x).conv1x1(12).relu());
    leaks.put("3x3 without groups", x -> first.apply(x).relu().apply(NEXT));
    leaks.put("horizontal without groups", x -> first.apply(x).horizontalConv(12, 3, MaskType.B));
    leaks.put(
        "three without groups", x -> first.apply(x).conv1x1(12).relu().conv1x1(12).conv1x1(9));
    leaks.put(
        "in branches",
        x -> {
          Feature y = first.apply(x);
          return y.apply(NEXT).plus(y.conv1x1(12)).plus(y.apply(Pointwise.of(12).withColours(RGB)));
        });
    leaks.put(
        "a gate of one part",
        x -> x.apply(CausalConvolution.square(8, 3, MaskType.A).withColours(RGB)).gate());
    leaks.put(
        "a gate of a sum of one part",
        x -> {
          Feature above = x.verticalConv(8, 3, MaskType.B).shiftDown(1);
          return x.apply(CausalConvolution.horizontal(8, 3, MaskType.A).withColours(RGB))
              .plus(above.conv1x1(8))
              .gate();
        });
    leaks.put(
        "a gate of two convolutions",
        x -> {
          Feature y = first.apply(x);
          return y.apply(NEXT.withColours(RGB))
              .slice(0, 8)
              .plus(y.apply(Pointwise.of(8).withColours(RGB)))
              .relu()
              .gate();
        });
    leaks.put(
        "a residual gate of one part",
        x -> {
          Feature y = x.apply(CausalConvolution.square(4, 3, MaskType.A).withColours(RGB));
          return y.residualGate(y.apply(Pointwise.of(8).withColours(RGB)));
        });
    leaks.put(
        "concatElu before one part",
        x ->
            x.apply(CausalConvolution.square(4, 3, MaskType.A).withColours(RGB))
                .concatElu()
                .apply(Pointwise.of(9).withColours(RGB)));
    leaks.put(
        "concat before one part",
        x -> {
          Feature y = x.apply(CausalConvolution.square(5, 3, MaskType.A).withColours(RGB));
          return y.concat(y.relu(), y.tanh()).apply(NEXT.withColours(RGB));
        });
    leaks.put(
        "concat of unequal parts",
        x -> {
          Feature y = x.apply(CausalConvolution.square(5, 3, MaskType.A).withColours(RGB));
          return y.concat(first.apply(x)).apply(NEXT.withColours(RGB));
        });
    leaks.put("concat of the image", x -> first.apply(x).concat(x).apply(NEXT.withColours(RGB)));
    leaks.put(
        "a gate and concatElu",
        x ->
            x.apply(CausalConvolution.square(8, 3, MaskType.A).withColours(RGB))
                .concatElu()
                .apply(Pointwise.of(8).withColours(RGB))
                .gate());
    leaks.put("normalised together", x -> first.apply(x).positionalNormalisation());
    leaks.put("a slice from another colour", x -> first.apply(x).slice(1, 9).relu());
    leaks.put(
        "parts where there are none",
        x ->
            first
                .apply(x)
                .apply(Pointwise.of(8).withColours(RGB.withInputParts(3).withOutputParts(2))));
    leaks.put("type B with groups on the image", x -> x.apply(NEXT.withColours(RGB)));
    leaks.put("type B without groups on the image", x -> x.apply(NEXT));
    leaks.put("1x1 with groups on the image", x -> x.apply(Pointwise.of(12).withColours(RGB)));
    leaks.put(
        "the image added",
        x -> x.apply(CausalConvolution.square(3, 3, MaskType.A).withColours(RGB)).plus(x));
    leaks.put("a vertical link", x -> first.apply(x).plus(x.verticalConv(12, 3, MaskType.B)));
    leaks.put("a peek to the right", x -> first.apply(x).apply("peek", Peek.at(0, 1)));
    return leaks;
  }

  private static Map<String, Function<Feature, Feature>> ordered() {
    Map<String, Function<Feature, Feature>> leaks = new LinkedHashMap<>();
    leaks.put("a shift", x -> x.shiftDown(1));
    leaks.put("a shift of features", x -> x.apply(FIRST).shiftRight(1).relu());
    leaks.put("type B on the image", x -> x.apply(NEXT));
    leaks.put("1x1 on the image", x -> x.conv1x1(8));
    leaks.put("the image added", x -> x.apply(CausalConvolution.square(1, 3, MaskType.A)).plus(x));
    leaks.put("a peek to the left", x -> x.apply(FIRST).apply("peek", Peek.at(0, -1)));
    leaks.put("peeks", x -> x.apply(FIRST).apply("peek", Peek.at(0, -1, -1, 0, 1, 1)).relu());
    leaks.put("down-shifted", x -> x.apply(FIRST).downShiftedConv(8, 2, 3));
    return leaks;
  }

  @Test
  void aLeakIsData() {
    var conv = CausalConvolution.square(8, 3, MaskType.A).withColours(RGB);
    Sketch sketch = sketch(COLOUR, Orders.raster(6, 6), x -> x.apply("conv", conv).gate());
    Leak leak =
        assertThrows(CausalityException.class, () -> sketch.define(Distribution.softmax())).leak();
    assertEquals("gate_1", leak.layer());
    assertEquals(List.of(new Leak.Edge("gate_1", "conv", "(+0, +0)")), leak.edges());
    assertEquals(new BlindSpot.Value(3, 3, 0), leak.value());
    assertEquals(new BlindSpot.Value(3, 3, 0), leak.seen());
    Remedy.Change change = new Remedy.Replace("conv", conv.withColours(RGB.withOutputParts(2)));
    assertEquals(List.of(change), leak.remedies().get(0).changes());
  }

  private static Sketch sketch(ImageSpec image, Orders orders, Function<Feature, Feature> leak) {
    Sketch sketch = new Sketch("leaky", image, orders);
    Feature last = leak.apply(sketch.image());
    last.apply(
        "logits",
        Pointwise.of(image.levels() * image.channels())
            .withColours(ColourGroups.of(image.channels())));
    return sketch;
  }

  @TestFactory
  Stream<DynamicTest> everyRemedyMendsWhatItNames() {
    Orders raster = Orders.raster(8, 8);
    Orders curve = Orders.of(List.of(GenerationOrder.sCurve(8, 8), GenerationOrder.hilbert(8, 8)));
    return Stream.of(
            tests("grey", GREY, raster, grey()),
            tests("colour", COLOUR, Orders.raster(6, 6), colour()),
            tests("ordered", GREY, curve, ordered()))
        .flatMap(tests -> tests);
  }

  private static Stream<DynamicTest> tests(
      String kind, ImageSpec image, Orders orders, Map<String, Function<Feature, Feature>> leaks) {
    return leaks.entrySet().stream()
        .map(
            leak ->
                DynamicTest.dynamicTest(
                    kind + ": " + leak.getKey(),
                    () -> {
                      Sketch sketch = sketch(image, orders, leak.getValue());
                      CausalityException refused =
                          assertThrows(
                              CausalityException.class,
                              () -> sketch.define(Distribution.softmax()));
                      assertTrue(refused.getMessage().length() < 400, refused.getMessage());
                      assertFalse(refused.leak().remedies().isEmpty());
                      for (Remedy remedy : refused.leak().remedies()) {
                        String message = refused.getMessage();
                        assertTrue(message.contains(remedy.advice()), message);
                        Sketch mended = sketch.mended(remedy);
                        assertDoesNotThrow(
                            () -> mended.define(Distribution.softmax()),
                            () -> message + "\nmended by " + remedy.changes());
                      }
                    }));
  }

  /** Ways to spoil one application; empty where it has nothing of the kind. */
  private static Map<String, Function<Sketch.Step, List<Sketch.Step>>> mistakes() {
    Map<String, Function<Sketch.Step, List<Sketch.Step>>> mistakes = new LinkedHashMap<>();
    mistakes.put(
        "type B",
        s -> other(s, s.layer() instanceof CausalConvolution c ? typed(c, MaskType.B) : s.layer()));
    mistakes.put("no groups", s -> other(s, grouped(s.layer(), ColourGroups.none())));
    mistakes.put(
        "no channels",
        s -> other(s, s.layer() instanceof MapNormalisation n ? n.withChannels(1) : s.layer()));
    mistakes.put(
        "not shifted", s -> other(s, s.layer() instanceof Shift ? new Shift(0, 0) : s.layer()));
    mistakes.put(
        "shifted up", s -> other(s, s.layer() instanceof Shift ? new Shift(-1, 0) : s.layer()));
    mistakes.put("peeked", s -> List.of(renamed(s), then(s, Peek.at(0, 1))));
    mistakes.put("peeked below", s -> List.of(renamed(s), then(s, Peek.at(1, 0, 0, 1))));
    mistakes.put("moved to the left", s -> List.of(renamed(s), then(s, new Shift(0, -1))));
    return mistakes;
  }

  private static List<Sketch.Step> other(Sketch.Step step, Layer layer) {
    return layer.equals(step.layer())
        ? List.of()
        : List.of(new Sketch.Step(step.name(), layer, step.inputs()));
  }

  private static Sketch.Step renamed(Sketch.Step step) {
    return new Sketch.Step(step.name() + "_right", step.layer(), step.inputs());
  }

  private static Sketch.Step then(Sketch.Step step, Layer wrong) {
    return new Sketch.Step(step.name(), wrong, List.of(step.name() + "_right"));
  }

  private static Layer typed(CausalConvolution c, MaskType type) {
    return new CausalConvolution(
        c.maps(),
        c.kernelHeight(),
        c.kernelWidth(),
        c.dilation(),
        type,
        c.support(),
        c.colours(),
        c.form());
  }

  private static Layer grouped(Layer layer, ColourGroups groups) {
    if (layer instanceof Pointwise p && p.colours().channels() == 3) {
      return p.withColours(groups);
    }
    return layer instanceof CausalConvolution c && c.colours().channels() == 3
        ? c.withColours(groups)
        : layer;
  }

  /** Spoils random graphs at each layer in each way, and does what is said until all is proven. */
  @Test
  void aSpoiltGraphIsMendedByWhatIsSaid() {
    Map<String, Integer> leaks = new LinkedHashMap<>();
    int rounds = 0;
    for (long seed = 0; seed < 90; seed++) {
      Definition right = seed % 4 == 3 ? RandomGraphs.ordered(seed) : RandomGraphs.of(seed);
      LayerGraph graph = right.graph();
      SplittableRandom random = new SplittableRandom(seed);
      Sketch sketch = Sketch.of(graph);
      for (var mistake : mistakes().entrySet()) {
        List<Sketch.Step> open =
            sketch.steps().stream().filter(s -> !mistake.getValue().apply(s).isEmpty()).toList();
        if (open.isEmpty()) {
          continue;
        }
        Sketch.Step step = open.get(random.nextInt(open.size()));
        List<Sketch.Step> wrong = mistake.getValue().apply(step);
        int took =
            mend(
                sketch.changed(s -> s.equals(step) ? wrong : List.of(s)),
                graph,
                mistake.getKey() + " at " + step.name() + " of " + graph.name());
        if (took > 0) {
          leaks.merge(mistake.getKey(), 1, Integer::sum);
          rounds += took;
        }
      }
    }
    assertEquals(mistakes().keySet(), leaks.keySet(), "each kind leaked");
    int all = leaks.values().stream().mapToInt(Integer::intValue).sum();
    assertTrue(rounds < 1.1 * all, rounds + " remedies for " + all + " leaks: one each, mostly");
  }

  /** Mends until the definition is proven; returns how often. */
  private static int mend(Sketch spoilt, LayerGraph graph, String what) {
    String output = graph.outputNode().name();
    Sketch sketch = spoilt;
    StringBuilder log = new StringBuilder(what);
    for (int round = 0; round < 8; round++) {
      try {
        sketch.define(output, graph.distribution());
        return round;
      } catch (CausalityException e) {
        log.append("\n").append(e.getMessage()).append("\n   ").append(e.leak().remedies());
        sketch = sketch.mended(e.leak().remedies().get(0));
      } catch (DefinitionException e) {
        if (round == 0) {
          return 0;
        }
        throw new AssertionError(log.toString(), e);
      }
    }
    throw new AssertionError(log.toString());
  }
}
