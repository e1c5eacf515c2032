package io.weft.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.advice.AdvisedException;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.engine.Precision;
import io.weft.explain.Summary;
import io.weft.graph.Node;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepSession;
import io.weft.layer.ColourGroups;
import io.weft.layer.ConvolutionalLstm;
import io.weft.layer.Feature;
import io.weft.layer.KernelPlace;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.optimise.Adam;
import io.weft.order.GenerationOrder;
import io.weft.prove.CausalityException;
import io.weft.prove.ReceptiveField;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.IncrementalComparison;
import io.weft.testing.RandomWeights;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The recurrent families against what can be worked out by hand. */
class PixelRnnTest {

  private static final ImageSpec DIGITS = new ImageSpec(28, 28, 1, 2);

  private static Definition row(ImageSpec image, int firstKernel, int blocks) {
    return PixelRnn.rowLstmBuilder(image).firstKernel(firstKernel).blocks(blocks).maps(2).build();
  }

  private static Definition diagonal(ImageSpec image, int firstKernel, int blocks) {
    return PixelRnn.diagonalBiLstmBuilder(image)
        .firstKernel(firstKernel)
        .blocks(blocks)
        .maps(2)
        .build();
  }

  private static ImageSpec grey(int height, int width) {
    return new ImageSpec(height, width, 1, 2);
  }

  @Test
  void parametersAreThoseOfThePaper() {
    Definition row = PixelRnn.rowLstmBuilder(DIGITS).distribution(Distribution.bernoulli()).build();
    Definition diagonal =
        PixelRnn.diagonalBiLstmBuilder(DIGITS).distribution(Distribution.bernoulli()).build();
    assertEquals(56_321, row.parameterCount());
    assertEquals(63_937, diagonal.parameterCount());
    assertEquals(
        63_937 + 7 * (16 * 32 + 32),
        PixelRnn.diagonalBiLstmBuilder(DIGITS)
            .distribution(Distribution.bernoulli())
            .skips(PixelRnn.Skips.EVERY_BLOCK)
            .build()
            .parameterCount());
    assertEquals(
        56_321 + 68 * 33 + 68,
        PixelRnn.rowLstmBuilder(DIGITS)
            .distribution(Distribution.bernoulli())
            .headMaps(100)
            .build()
            .parameterCount());
  }

  @Test
  void whatEachPixelOfThreeByThreeSees() {
    List<String> expected =
        List.of(
            "o../.../...",
            "Xo./.../...",
            "XXo/.../...",
            "XX./o../...",
            "XXX/Xo./...",
            "XXX/XXo/...",
            "XXX/XX./o..",
            "XXX/XXX/Xo.",
            "XXX/XXX/XXo");
    assertEquals(expected, tables(row(grey(3, 3), 3, 1)));
    assertEquals(expected, tables(diagonal(grey(3, 3), 3, 1)));
    assertEquals("XXXXX/XXXX./XXo../...../.....", tables(diagonal(grey(5, 5), 3, 1)).get(12));
  }

  private static List<String> tables(Definition definition) {
    int width = definition.image().width();
    return IntStream.range(0, definition.image().pixels())
        .mapToObj(p -> table(definition, p / width, p % width))
        .toList();
  }

  private static String table(Definition definition, int row, int column) {
    ReceptiveField field = ReceptiveField.ofOutput(definition.proof(), row, column, 0);
    StringJoiner rows = new StringJoiner("/");
    for (int r = 0; r < definition.image().height(); r++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < definition.image().width(); c++) {
        boolean own = r == row && c == column;
        line.append(own ? 'o' : field.contains(r, c, 0) ? 'X' : '.');
      }
      rows.add(line);
    }
    return rows.toString();
  }

  @Test
  void blindPairsOfSmallImages() {
    assertEquals(12, blindPairs(diagonal(grey(5, 5), 3, 1)));
    assertEquals(12, blindPairs(diagonal(grey(5, 5), 3, 3)));
    assertEquals(54, blindPairs(row(grey(5, 5), 3, 1)));
    ModelBuilder one = ModelBuilder.of("one-way", grey(5, 5));
    Feature left =
        PixelCnn.first(one, 4, 3)
            .apply(Pointwise.of(8))
            .apply(ConvolutionalLstm.leftToRight())
            .slice(0, 2);
    assertEquals(60, blindPairs(one.softmax(left)));
  }

  /** The Diagonal BiLSTM's own: (H - 1) (W - 1 - k / 2) pairs, at any depth. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void blindPairsOfADiagonalBiLstm(int blocks) {
    assertEquals(27 * (27 - 3), blindPairs(diagonal(DIGITS, 7, blocks)));
  }

  @ParameterizedTest
  @CsvSource({"1, 107000", "7, 78506"})
  void blindPairsOfARowLstm(int blocks, int pairs) {
    assertEquals(pairs, blindPairs(row(DIGITS, 7, blocks)));
  }

  private static int blindPairs(Definition definition) {
    int width = definition.image().width();
    int blind = 0;
    for (int p = 0; p < definition.image().pixels(); p++) {
      blind += p - ReceptiveField.ofOutput(definition.proof(), p / width, p % width, 0).values();
    }
    return blind;
  }

  @Test
  void theBlindSpotIsReported() {
    Definition definition = diagonal(grey(9, 9), 3, 2);
    assertTrue(
        Summary.of(definition).toString().contains("1 value of 1 pixel"),
        Summary.of(definition).toString());
  }

  /** h = 0.5 tanh(0.5 (1 - 2^-n)), where n counts the states so far along the cell's way. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, -0.5})
  void constantGates(double content) {
    for (ImageSpec image : List.of(grey(3, 4), grey(1, 3), grey(4, 1))) {
      int width = image.width();
      states(image, ConvolutionalLstm.rows(3), 0, content, p -> p / width + 1);
      states(image, ConvolutionalLstm.leftToRight(), 0, content, p -> p % width + 1);
      states(
          image,
          ConvolutionalLstm.rightToLeft(),
          1,
          content,
          p -> p < width ? 0 : width - p % width);
    }
    assertEquals(0.122459, state(1, 0.5), 1e-6);
    assertEquals(0.179179, state(2, 0.5), 1e-6);
    assertEquals(0.205785, state(3, 0.5), 1e-6);
  }

  private static double state(int n, double content) {
    return 0.5 * Math.tanh(content * (1 - Math.pow(2, -n)));
  }

  private static void states(
      ImageSpec image,
      ConvolutionalLstm layer,
      int down,
      double content,
      java.util.function.IntUnaryOperator count) {
    ModelBuilder model = ModelBuilder.of("constant", image);
    Feature gates = PixelCnn.first(model, 2, 3).apply("gates", Pointwise.of(8));
    Feature h = gates.apply("lstm", layer).slice(0, 2);
    Definition definition = model.softmax(down == 0 ? h : h.shiftDown(down));
    float g = (float) (0.5 * Math.log((1 + content) / (1 - content)));
    Map<String, float[]> values = new HashMap<>();
    definition.graph().parameters().forEach((n, p) -> values.put(n, new float[p.size()]));
    Arrays.fill(values.get("gates/bias"), 6, 8, g);
    float[] logits = logits(definition, Weights.of(definition, values));
    for (int p = 0; p < image.pixels(); p++) {
      double expected = state(count.applyAsInt(p), content);
      assertEquals(expected, logits[2 * p], 1e-6, layer + " at " + p);
      assertEquals(expected, logits[2 * p + 1], 1e-6, layer + " at " + p);
    }
  }

  /** The parameters of all values of the black image. */
  private static float[] logits(Definition definition, Weights weights) {
    StepProgram program = StepProgram.of(definition);
    int each = program.parameters();
    float[] all = new float[program.steps() * each];
    float[] now = new float[each];
    try (StepSession session = JvmStepExecutor.bind(program, weights).open(1)) {
      for (int step = 0; step < program.steps(); step++) {
        session.compute(step, now);
        System.arraycopy(now, 0, all, step * each, each);
        session.write(step, 0, definition.image().scaled(0));
      }
    }
    return all;
  }

  @Test
  void fromRightToLeftItMustBeShifted() {
    ModelBuilder model = ModelBuilder.of("unshifted", grey(6, 6));
    Feature x = PixelCnn.first(model, 4, 3);
    Feature left = x.conv1x1(8).apply("left", ConvolutionalLstm.leftToRight()).slice(0, 2);
    Feature right = x.conv1x1(8).apply("right", ConvolutionalLstm.rightToLeft());
    CausalityException leak =
        assertThrows(CausalityException.class, () -> model.softmax(left.plus(right.slice(0, 2))));
    String message = leak.getMessage();
    assertTrue(message.contains("Shift what it reads down by a row first"), message);
    assertTrue(message.contains("right"), message);
  }

  @Test
  void aCircleIsRefused() {
    for (ConvolutionalLstm circle :
        List.of(
            new ConvolutionalLstm(List.of(new KernelPlace(0, 0)), new KernelPlace(-1, 0)),
            new ConvolutionalLstm(
                List.of(new KernelPlace(0, 1), new KernelPlace(0, -1)), new KernelPlace(-1, 0)))) {
      ModelBuilder model = ModelBuilder.of("circle", grey(4, 4));
      Feature gates = PixelCnn.first(model, 8, 3);
      String message =
          assertThrows(DefinitionException.class, () -> gates.apply(circle)).getMessage();
      assertTrue(message.contains("in a circle"), message);
      assertTrue(
          message.contains(circle.hidden().size() == 1 ? "own (+0, +0)" : "own (+0, +1)"), message);
    }
    assertThrows(IllegalArgumentException.class, () -> ConvolutionalLstm.rows(2));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConvolutionalLstm(List.of(), new KernelPlace(-1, 0)));
  }

  /** Under the S-curve every second row goes from right to left. */
  @Test
  void theOrderMustAgree() {
    GenerationOrder snake = GenerationOrder.sCurve(5, 5);
    String message =
        assertThrows(
                CausalityException.class, () -> ordered(snake, ConvolutionalLstm.leftToRight(), 0))
            .getMessage();
    assertTrue(message.contains("own (+0, -1)"), message);
    IncrementalComparison.check(ordered(snake, ConvolutionalLstm.rows(3), 0), 1);
    IncrementalComparison.check(ordered(snake, ConvolutionalLstm.rightToLeft(), 1), 2);
    assertThrows(
        IllegalArgumentException.class,
        () -> PixelRnn.rowLstmBuilder(grey(5, 5)).order(snake).build());
    assertThrows(
        IllegalArgumentException.class,
        () -> PixelRnn.diagonalBiLstmBuilder(grey(5, 5)).order(snake).build());
  }

  private static Definition ordered(GenerationOrder order, ConvolutionalLstm layer, int down) {
    ModelBuilder model = ModelBuilder.of("ordered", grey(5, 5), List.of(order));
    Feature gates = model.image().causalConv(8, 3, MaskType.A);
    Feature h = gates.apply(layer).slice(0, 2);
    return model.softmax(down == 0 ? h : h.shiftDown(down));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void coloursStayApart(int units) {
    ImageSpec image = new ImageSpec(3, 4, 3, 2);
    for (Definition definition :
        List.of(PixelRnn.rowLstm(image, 2, units), PixelRnn.diagonalBiLstm(image, 2, units))) {
      List<Node> nodes = definition.graph().nodes();
      for (int n = 0; n < nodes.size(); n++) {
        if (nodes.get(n) instanceof Node.Applied layer && !layer.ownTaps().isEmpty()) {
          assertEquals(3, definition.proof().groups().ofNode(n).size(), layer.name());
        }
      }
      IncrementalComparison.check(definition, units);
    }
  }

  /** One pattern over all four gates mixes colours where h is no multiple of 3. */
  @Test
  void onePatternOverAllGatesIsRefused() {
    assertThrows(CausalityException.class, () -> onePattern(4));
    onePattern(6);
  }

  private static Definition onePattern(int units) {
    ColourGroups colours = ColourGroups.of(3);
    ModelBuilder model = ModelBuilder.of("one-pattern", new ImageSpec(3, 4, 3, 2));
    Feature h =
        PixelCnn.first(model, 6, 3)
            .apply(Pointwise.of(4 * units).withColours(colours))
            .apply(ConvolutionalLstm.rows(3))
            .slice(0, units);
    return model.softmax(h.apply(Pointwise.of(6).withColours(colours)));
  }

  /** The stream goes through a block once, unchanged where nothing is added. */
  @Test
  void theInputIsAddedOnce() {
    Definition deep = diagonal(grey(4, 4), 3, 12);
    Definition flat = diagonal(grey(4, 4), 3, 1);
    Map<String, float[]> values = new HashMap<>();
    Weights random = RandomWeights.of(deep, 3);
    random.names().forEach(n -> values.put(n, random.values(n).clone()));
    values.forEach(
        (name, numbers) -> {
          if (name.contains("/out/")) {
            Arrays.fill(numbers, 0);
          }
        });
    Map<String, float[]> same = new HashMap<>();
    flat.graph().parameters().keySet().forEach(n -> same.put(n, values.get(n)));
    assertArrayEquals(logits(flat, Weights.of(flat, same)), logits(deep, Weights.of(deep, values)));
  }

  @Test
  void conditionsOfAllKinds() {
    ImageSpec image = new ImageSpec(4, 3, 3, 2);
    for (Supplier<ModelFamily<?>> family :
        List.<Supplier<ModelFamily<?>>>of(
            () -> PixelRnn.rowLstmBuilder(image).skips(PixelRnn.Skips.EVERY_BLOCK),
            () ->
                PixelRnn.diagonalBiLstmBuilder(image)
                    .skips(PixelRnn.Skips.EVERY_BLOCK)
                    .headMaps(5))) {
      Definition definition =
          family
              .get()
              .blocks(2)
              .maps(4)
              .classCondition("digit", 3)
              .vectorCondition("style", 2)
              .spatialCondition("sketch", 2)
              .build();
      IncrementalComparison.check(definition, 4);
    }
  }

  @Test
  void aDiagonalBiLstmHasNoKernel() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> PixelRnn.diagonalBiLstmBuilder(DIGITS).kernel(5))
            .getMessage();
    assertTrue(message.contains("found 5"), message);
  }

  @Test
  void bfloat16IsRefusedWithAReason() {
    ImageSpec image = grey(4, 4);
    try (Model model = Model.initial(row(image, 3, 1), 1)) {
      Examples examples = Examples.of(ImageSet.of(image, new int[2 * image.values()]));
      TrainingOptions options =
          TrainingOptions.seed(1).steps(1).precision(Precision.BFLOAT16).build();
      String message =
          assertThrows(AdvisedException.class, () -> model.training(examples, options))
              .getMessage();
      assertTrue(message.contains("row_lstm/rows"), message);
      assertTrue(message.endsWith("Train in float32, which needs nothing."), message);
    }
  }

  /** A checkerboard is learned: the loss of what follows from the pixel before goes to 0. */
  @Test
  void bothLearn() {
    ImageSpec image = grey(6, 6);
    int[] levels = new int[8 * image.values()];
    Arrays.setAll(levels, i -> (i / 36 + i % 36 / 6 + i % 6) % 2);
    Examples boards = Examples.of(ImageSet.of(image, levels));
    for (Definition definition : List.of(row(image, 3, 2), diagonal(image, 3, 2))) {
      try (Model model = Model.initial(definition, 2)) {
        double before = model.score(boards).meanNats();
        model.train(
            boards,
            TrainingOptions.seed(1)
                .steps(150)
                .batch(8)
                .optimiser(Adam.withRate(0.03))
                .clipNorm(1)
                .build());
        double after = model.score(boards).meanNats();
        assertTrue(after < 2 && after < before / 5, before + " nats, then " + after);
      }
    }
  }
}
