package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.Reach;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import io.weft.order.GenerationOrder;
import io.weft.prove.CausalityException;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.IncrementalComparison;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attention to what is earlier in the generation order: proof, plan, kernels and errors. */
class AttentionTest {

  private static final ImageSpec IMAGE = new ImageSpec(5, 4, 1, 3);

  private static final List<Span> SPANS =
      List.of(
          Span.EARLIER,
          Span.UP_TO_OWN,
          Span.EARLIER.last(1),
          Span.EARLIER.last(5),
          Span.UP_TO_OWN.last(1),
          Span.UP_TO_OWN.last(7));

  private static ModelBuilder builder(ImageSpec image, GenerationOrder order) {
    return ModelBuilder.of("attending", image, List.of(order));
  }

  private static GenerationOrder raster(ImageSpec image) {
    return GenerationOrder.raster(image.height(), image.width());
  }

  /** What is strictly earlier attends, with the image itself where the span is strict. */
  private static Definition model(ImageSpec image, GenerationOrder order, Span span, int heads) {
    ModelBuilder model = builder(image, order);
    Feature x = model.image().causalConv(4, 3, MaskType.A);
    Feature seen = span.isStrict() ? x.concat(model.image()) : x;
    Feature found =
        x.conv1x1(4).causalAttention(seen.conv1x1(4), seen.conv1x1(2 * heads), heads, span);
    Feature again = found.conv1x1(4).causalAttention(x, x.tanh(), 1, Span.UP_TO_OWN.last(3));
    return model.softmax(x.plus(again).conv1x1(image.levels()));
  }

  @Test
  void stepByStepIsTheSameAsAllAtOnce() {
    for (ImageSpec image : List.of(IMAGE, new ImageSpec(1, 6, 1, 2), new ImageSpec(6, 1, 1, 2))) {
      for (Span span : SPANS) {
        IncrementalComparison.check(model(image, raster(image), span, 2), span.hashCode());
      }
    }
  }

  @Test
  void attentionFollowsAnyOrder() {
    for (GenerationOrder order :
        List.of(
            GenerationOrder.hilbert(5, 4),
            GenerationOrder.random(5, 4, 7),
            GenerationOrder.sCurve(5, 4).flipRows())) {
      for (Span span : SPANS) {
        Definition definition = model(IMAGE, order, span, 1);
        IncrementalComparison.check(definition, 3);
        IncrementalComparison.check(definition.under(raster(IMAGE)), 4);
      }
    }
  }

  @Test
  void manyPositionsFillVectors() {
    ImageSpec image = new ImageSpec(13, 11, 1, 2);
    IncrementalComparison.check(model(image, raster(image), Span.EARLIER, 2), 1);
    IncrementalComparison.check(model(image, raster(image), Span.EARLIER.last(70), 4), 2);
  }

  /** A head of each channel's own maps may see its own position, and the channel's groups stay. */
  @Test
  void coloursStayApart() {
    for (Span span : SPANS) {
      ImageSpec image = new ImageSpec(3, 4, 3, 2);
      ColourGroups colours = ColourGroups.of(3);
      ModelBuilder model = ModelBuilder.of("colours", image);
      Feature x =
          model.image().apply(CausalConvolution.square(6, 3, MaskType.A).withColours(colours));
      Feature found = x.causalAttention(x.tanh(), x.relu(), 6, span);
      Definition definition =
          model.softmax(found.plus(x).apply(Pointwise.of(6).withColours(colours)));
      int node = found.id();
      assertEquals(3, definition.proof().groups().ofNode(node).size());
      IncrementalComparison.check(definition, 7);
    }
  }

  /** Earlier pixels are seen whole, whatever channel they are read for. */
  @Test
  void strictAttentionMayMixColours() {
    ImageSpec image = new ImageSpec(3, 4, 3, 2);
    ModelBuilder model = ModelBuilder.of("mixed", image);
    Feature x = model.image().verticalConv(4, 3, MaskType.A);
    Feature keys = model.image().conv1x1(4);
    Feature found = x.causalAttention(keys, model.image().conv1x1(2), 2, Span.EARLIER);
    Definition definition = model.softmax(found.concat(x).conv1x1(6));
    IncrementalComparison.check(definition, 8);
    Reach reach =
        Reach.of(definition.proof().groups(), definition.proof().groups().outputsOf(0), 7);
    assertTrue(reach.contains(6, 2));
    assertTrue(!reach.contains(7, 0));
  }

  @Test
  void theImageAndConditionsMayBeKeys() {
    ModelBuilder model = ModelBuilder.of("given", IMAGE);
    Feature map = model.spatialCondition("map", 2);
    Feature x = model.image().causalConv(1, 3, MaskType.A);
    Feature image = x.causalAttention(model.image(), model.image(), 1, Span.EARLIER);
    Feature given = x.conv1x1(2).causalAttention(map, map, 2, Span.UP_TO_OWN);
    IncrementalComparison.check(model.softmax(image.concat(given).conv1x1(3)), 9);
  }

  private static Definition ranked(GenerationOrder order, Span span) {
    ModelBuilder model = builder(new ImageSpec(4, 4, 1, 2), order);
    Feature map = model.condition(new Condition.Spatial("rank", 4, 4, 1));
    Feature query = model.image().causalConv(1, 3, MaskType.A);
    return model.bernoulli(query.causalAttention(map, map, 1, span));
  }

  /** Queries of 0 weigh all alike: the mean of what is earlier, 0 where nothing is. */
  @ParameterizedTest
  @EnumSource(JvmLoops.class)
  void overNothingItIsZero(JvmLoops loops) {
    for (GenerationOrder order :
        List.of(GenerationOrder.raster(4, 4), GenerationOrder.hilbert(4, 4))) {
      for (Span span : List.of(Span.EARLIER, Span.UP_TO_OWN)) {
        float[] found = means(ranked(order, span), loops);
        for (int i = 0; i < found.length; i++) {
          float mean = span.isStrict() ? Math.max(0, i - 1) / 2f : i / 2f;
          assertEquals(mean, found[i], 1e-5, "rank " + i);
        }
        assertEquals(0f, found[0]);
      }
    }
  }

  private static float[] means(Definition definition, JvmLoops loops) {
    Map<String, float[]> zeros = new HashMap<>();
    Weights initial = Weights.initial(definition, 1);
    initial.names().forEach(name -> zeros.put(name, new float[initial.values(name).length]));
    StepProgram program = StepProgram.of(definition);
    GenerationOrder order = definition.graph().order();
    float[] ranks = new float[16];
    for (int q = 0; q < ranks.length; q++) {
      ranks[q] = order.rank(q);
    }
    ConditionValues given = ConditionValues.none().withMap("rank", ranks);
    float[] all = new float[16];
    float[] one = new float[1];
    try (StepSession session =
        JvmStepExecutor.bind(program, Weights.of(definition, zeros), loops).open(1)) {
      Condition map = definition.conditions().get(0);
      session.give(0, map, given.feature(map));
      for (int step = 0; step < all.length; step++) {
        session.compute(step, one);
        all[step] = one[0];
        session.write(step, 0, -1);
      }
    }
    return all;
  }

  /** Strict attention with the image misses nothing; of strict features the end of a row. */
  @Test
  void blindPairs() {
    ImageSpec image = new ImageSpec(5, 5, 1, 2);
    assertEquals(0, blind(seen(image, Span.EARLIER, true)));
    assertEquals(12, blind(seen(image, Span.EARLIER, false)));
    assertEquals(12, blind(seen(image, Span.UP_TO_OWN, false)));
    assertThrows(CausalityException.class, () -> seen(image, Span.UP_TO_OWN, true));
  }

  private static Definition seen(ImageSpec image, Span span, boolean withImage) {
    ModelBuilder model = ModelBuilder.of("seen", image);
    Feature x = model.image().causalConv(2, 3, MaskType.A);
    Feature keys = withImage ? x.concat(model.image()).conv1x1(2) : x;
    return model.softmax(x.plus(x.causalAttention(keys, keys, 1, span)).conv1x1(2));
  }

  private static int blind(Definition definition) {
    int blind = 0;
    List<MapGroup> outputs = definition.proof().groups().outputsOf(0);
    for (int p = 0; p < definition.image().pixels(); p++) {
      Reach reach = Reach.of(definition.proof().groups(), outputs, p);
      for (int q = 0; q < p; q++) {
        blind += reach.contains(q, 0) ? 0 : 1;
      }
    }
    return blind;
  }

  @Test
  void whatIsKnownChangesWhenNotWhat() {
    for (Span span : SPANS) {
      for (GenerationOrder order : List.of(raster(IMAGE), GenerationOrder.hilbert(5, 4))) {
        Definition definition = model(IMAGE, order, span, 2);
        for (int known = 0; known < 20; known += 3) {
          completesAlike(definition, known);
        }
      }
    }
  }

  private static void completesAlike(Definition definition, int known) {
    StepProgram whole = StepProgram.of(definition);
    StepProgram completing = StepProgram.completing(definition, known);
    completing.verify();
    var weights = RandomWeights.of(definition, known);
    int[] levels = RandomGraphs.image(definition, new SplittableRandom(known));
    float[] expected = new float[whole.parameters()];
    float[] found = new float[3 * whole.parameters()];
    try (StepSession all = JvmStepExecutor.bind(whole, weights).open(1);
        StepSession some = JvmStepExecutor.bind(completing, weights).open(3)) {
      for (int step = 0; step < whole.steps(); step++) {
        all.compute(step, expected);
        some.compute(step, found);
        if (step >= completing.knownSteps()) {
          for (int image = 0; image < 3; image++) {
            int from = image * expected.length;
            assertArrayEquals(
                expected,
                Arrays.copyOfRange(found, from, from + expected.length),
                "step " + step + " image " + image);
          }
        }
        float value = definition.image().scaled(levels[whole.position(step)]);
        all.write(step, 0, value);
        for (int image = 0; image < 3; image++) {
          some.write(step, image, value);
        }
      }
    }
  }

  /** What serves nobody when values are known is left out, and what is left in does not change. */
  @Test
  void keysOfKnownPixelsAreComputedAsFarAsTheyServe() {
    Definition definition = model(IMAGE, raster(IMAGE), Span.EARLIER.last(3), 1);
    StepProgram program = StepProgram.of(definition);
    java.util.BitSet known = new java.util.BitSet();
    known.set(0, 12);
    assertTrue(program.idleCalls(known).cardinality() > 0);
    Definition all = model(IMAGE, raster(IMAGE), Span.EARLIER, 1);
    StepProgram wide = StepProgram.of(all);
    assertTrue(
        wide.idleCalls(known).cardinality() < program.idleCalls(known).cardinality(),
        wide.idleCalls(known) + " and " + program.idleCalls(known));
  }

  @Test
  void whatAttentionCostsGrowsWithTheSteps() {
    ImageSpec image = new ImageSpec(6, 6, 1, 2);
    StepProgram strict = StepProgram.of(model(image, raster(image), Span.EARLIER, 1));
    StepProgram window = StepProgram.of(model(image, raster(image), Span.EARLIER.last(4), 1));
    long more = strict.flops() - window.flops();
    // Of 36 runs of 0 to 35 slots, and of at most 4: 2 (keys + values) + 3 for each slot.
    assertEquals((630 - (6 + 32 * 4)) * (2 * (4 + 2) + 3), more);
    assertTrue(strict.cacheBytes() > window.cacheBytes());
  }

  @Test
  void inclusiveAttentionToTheImageLeaks() {
    CausalityException leak =
        assertThrows(
            CausalityException.class,
            () -> {
              ModelBuilder model = ModelBuilder.of("peeking", new ImageSpec(6, 6, 1, 2));
              Feature x = model.image().causalConv(2, 3, MaskType.A);
              Feature k = x.concat(model.image()).conv1x1(2);
              Feature v = model.image().conv1x1(2);
              model.softmax(x.plus(x.causalAttention(k, v, 1, Span.UP_TO_OWN)).conv1x1(2));
            });
    String message = leak.getMessage();
    assertTrue(message.contains("causalattention reads "), message);
    assertTrue(message.contains("at all positions up to its own"), message);
    assertTrue(message.contains("could see that very value"), message);
    assertTrue(message.contains("Attend there to earlier positions alone (Span.EARLIER)"), message);
  }

  @Test
  void attentionOnAPooledGridLeaks() {
    CausalityException leak =
        assertThrows(CausalityException.class, () -> pooled(new ImageSpec(8, 8, 1, 2)));
    String message = leak.getMessage();
    assertTrue(message.contains("at all earlier positions"), message);
    assertTrue(message.contains("Shift what it reads down by"), message);
  }

  /** Attention between 2 x 2 blocks, in the raster order of the blocks. */
  private static void pooled(ImageSpec image) {
    ModelBuilder model = ModelBuilder.of("pooled", image);
    Feature x = model.image().causalConv(2, 3, MaskType.A);
    var pool = ShiftedConvolution.downRight(2, 2, 2).withStride(2);
    Feature blocks = model.image().apply("blocks", new Blocks()).conv1x1(2);
    Feature query = x.apply(pool);
    Feature found = query.causalAttention(blocks.tanh(), blocks.relu(), 1, Span.EARLIER);
    Feature fine = found.apply(TransposedShiftedConvolution.of(pool), x);
    model.softmax(x.plus(fine).conv1x1(2));
  }

  /** The sums of 2 x 2 blocks. */
  record Blocks() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      Shape fine = inputs.only();
      return new Shape(fine.height() / 2, fine.width() / 2, fine.maps());
    }

    @Override
    public Expression compute(Inputs inputs) {
      return at(inputs, 0, 0).plus(at(inputs, 0, 1)).plus(at(inputs, 1, 0)).plus(at(inputs, 1, 1));
    }

    private static Expression at(Inputs inputs, int row, int column) {
      Shape fine = inputs.only();
      return inputs.read(
          0,
          "(" + row + ", " + column + ") of its block",
          new PositionMap.Strided(2, row, column, fine.height(), fine.width()));
    }
  }

  @Test
  void whatDoesNotFitIsSaid() {
    assertSays(
        "a query as wide as its keys, found 4 and 2",
        x -> x.causalAttention(x.slice(0, 2), x, 1, Span.EARLIER));
    assertSays("attention with 3 heads", x -> x.causalAttention(x, x, 3, Span.EARLIER));
    assertSays(
        "one height and width",
        x -> x.causalAttention(x.apply(new io.weft.layer.Subsample(2)), x, 1, Span.EARLIER));
    assertThrows(IllegalArgumentException.class, () -> Span.EARLIER.last(0));
    assertThrows(
        IllegalArgumentException.class, () -> new io.weft.layer.CausalAttention(0, Span.EARLIER));
  }

  private static void assertSays(
      String words, java.util.function.UnaryOperator<Feature> attention) {
    ModelBuilder model = ModelBuilder.of("unfit", IMAGE);
    Feature x = model.image().causalConv(4, 3, MaskType.A);
    String message = assertThrows(DefinitionException.class, () -> attention.apply(x)).getMessage();
    assertTrue(message.contains(words), message);
  }
}
