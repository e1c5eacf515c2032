package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.EarlierSum;
import com.example.Recurrence;
import com.example.Searching;
import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.optimise.Adam;
import io.weft.order.GenerationOrder;
import io.weft.prove.BlindSpot;
import io.weft.prove.CausalityException;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.IncrementalComparison;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.train.TrainingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer may read its own output at positions that come before: proof, plan and errors. */
class OwnReadsTest {

  private static final ImageSpec IMAGE = new ImageSpec(5, 4, 1, 3);

  private static final Layer ROWS = Recurrence.of(3, -1, -1, -1, 0, -1, 1);
  private static final Layer DIAGONALS = Recurrence.of(3, 0, -1, -1, 0);
  private static final Layer MIRRORED = Recurrence.of(3, 0, 1, -1, 0);

  private static Definition model(ImageSpec image, UnaryOperator<Feature> layers) {
    ModelBuilder model = ModelBuilder.of("recurrent", image);
    Feature first = model.image().apply(CausalConvolution.square(3, 3, MaskType.A));
    return model.softmax(layers.apply(first).conv1x1(image.levels()));
  }

  private static Definition ordered(GenerationOrder order, Layer layer) {
    ModelBuilder model = ModelBuilder.of("ordered", new ImageSpec(4, 4, 1, 2), List.of(order));
    Feature first = model.image().causalConv(3, 3, MaskType.A);
    return model.softmax(first.apply(layer).conv1x1(2));
  }

  @Test
  void stepByStepIsTheSameAsAllAtOnce() {
    for (ImageSpec image : List.of(IMAGE, new ImageSpec(1, 6, 1, 2), new ImageSpec(6, 1, 1, 2))) {
      IncrementalComparison.check(model(image, x -> x.apply(ROWS)), 1);
      IncrementalComparison.check(model(image, x -> x.apply(DIAGONALS).apply(DIAGONALS)), 2);
      IncrementalComparison.check(model(image, x -> x.apply(MIRRORED).shiftDown(1)), 3);
      IncrementalComparison.check(
          model(
              image,
              x -> x.apply(DIAGONALS).plus(x.conv1x1(3).apply(MIRRORED).tanh().shiftDown(1))),
          4);
    }
  }

  @Test
  void aRecurrenceCanFollowAnyOrder() {
    for (GenerationOrder order :
        List.of(
            GenerationOrder.raster(4, 4),
            GenerationOrder.hilbert(4, 4),
            GenerationOrder.random(4, 4, 7))) {
      IncrementalComparison.check(ordered(order, new EarlierSum()), 5);
    }
    Definition several = ordered(GenerationOrder.hilbert(4, 4), new EarlierSum());
    assertTrue(several.graph().orders().declared().size() == 1);
    IncrementalComparison.check(several.under(GenerationOrder.raster(4, 4)), 6);
  }

  @Test
  void whatItWasMayDecideWhatItLooksFor() {
    for (Span span : List.of(Span.EARLIER, Span.UP_TO_OWN.last(3))) {
      for (GenerationOrder order :
          List.of(GenerationOrder.raster(4, 4), GenerationOrder.hilbert(4, 4))) {
        Definition definition = ordered(order, new Searching(1, span));
        IncrementalComparison.check(definition, 8);
        completesAlike(definition, 6);
      }
    }
  }

  /** Three groups of maps: each reads, of itself, all maps of the pixels before. */
  @Test
  void coloursStayApart() {
    Definition definition = colours();
    IncrementalComparison.check(definition, 7);
    int node = definition.graph().nodes().size() - 2;
    assertEquals(3, definition.proof().groups().ofNode(node).size());
  }

  private static Definition colours() {
    ImageSpec image = new ImageSpec(3, 4, 3, 2);
    ColourGroups colours = ColourGroups.of(3);
    ModelBuilder model = ModelBuilder.of("colours", image);
    Feature x =
        model.image().apply(CausalConvolution.square(6, 3, MaskType.A).withColours(colours));
    Feature own = x.apply(new Halved());
    return model.softmax(own.apply(Pointwise.of(6).withColours(colours)));
  }

  /** Each map half of the mean of all maps on the left, and of itself above. */
  record Halved() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape own = inputs.only();
      Expression left = inputs.own(own, 0, -1).mean(1);
      Expression sum = inputs.read(0).plus(left).plus(inputs.own(own, -1, 0));
      return sum.times(sum.like(0.5f));
    }
  }

  @Test
  void theFewestPartsOfMapsAreFound() {
    ModelBuilder model = ModelBuilder.of("chain", IMAGE);
    Feature x = model.image().causalConv(4, 3, MaskType.A).apply("chain", new Chain());
    Definition definition = model.softmax(x.conv1x1(3));
    int node =
        IntStream.range(0, definition.graph().nodes().size())
            .filter(n -> definition.graph().nodes().get(n).name().equals("chain"))
            .findFirst()
            .orElseThrow();
    // Map 0 reads the input, map m the map before it: four that read different things.
    assertEquals(4, definition.proof().groups().ofNode(node).size());
    IncrementalComparison.check(definition, 8);
  }

  /** Map 0 is the input's; each other is the one before it, a column to the left. */
  record Chain() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape own = inputs.only();
      return Expression.concat(
          List.of(inputs.read(0).slice(0, 1), inputs.own(own, 0, -1).slice(0, own.maps() - 1)));
    }
  }

  @Test
  void frontsAreRowsAndDiagonals() {
    ImageSpec image = new ImageSpec(6, 6, 1, 2);
    Definition definition = model(image, x -> x.apply("own", ROWS));
    assertEquals(36, calls(definition, 0));
    assertEquals(6, calls(definition, 35));
    Definition diagonal = model(image, x -> x.apply("own", DIAGONALS));
    assertEquals(36, calls(diagonal, 0));
    assertEquals(11, calls(diagonal, 35));
    Definition mirrored = model(image, x -> x.apply("own", MIRRORED).shiftDown(1));
    // The last row is read by nobody.
    assertEquals(30, calls(mirrored, 0));
  }

  private static int calls(Definition definition, int known) {
    StepProgram program =
        known == 0 ? StepProgram.of(definition) : StepProgram.completing(definition, known);
    program.verify();
    int[] calls = program.callsOfGroups();
    return program.groups().stream()
        .filter(g -> g.node().equals("own"))
        .mapToInt(g -> calls[g.group()])
        .sum();
  }

  @Test
  void whatIsKnownChangesWhenNotWhat() {
    for (Definition definition :
        List.of(
            model(IMAGE, x -> x.apply(ROWS).apply(ROWS)),
            model(IMAGE, x -> x.apply(DIAGONALS).plus(x.apply(MIRRORED).shiftDown(1))),
            colours(),
            ordered(GenerationOrder.hilbert(4, 4), new EarlierSum()))) {
      for (int known = 0; known < definition.image().pixels(); known += 3) {
        completesAlike(definition, known);
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
    float[] found = new float[whole.parameters()];
    try (StepSession all = JvmStepExecutor.bind(whole, weights).open(1);
        StepSession some = JvmStepExecutor.bind(completing, weights).open(1)) {
      for (int step = 0; step < whole.steps(); step++) {
        all.compute(step, expected);
        some.compute(step, found);
        if (step >= completing.knownSteps()) {
          assertArrayEquals(expected, found, "step " + step);
        }
        int level =
            levels[whole.position(step) * definition.image().channels() + whole.channel(step)];
        all.write(step, 0, definition.image().scaled(level));
        some.write(step, 0, definition.image().scaled(level));
      }
    }
  }

  /** The whole of what lies above and to the left, however few layers there are. */
  @Test
  void aRecurrenceSeesWithoutLimit() {
    Definition diagonal = model(new ImageSpec(9, 9, 1, 2), x -> x.apply(DIAGONALS));
    assertTrue(BlindSpot.of(diagonal.proof(), 8, 4, 0).field().contains(0, 0, 0));
  }

  @Test
  void aCircleNamesTheTap() {
    assertSays(() -> model(IMAGE, x -> x.apply(Recurrence.of(3, 0, 0))), "own (+0, +0)");
    assertSays(
        () -> model(IMAGE, x -> x.apply(Recurrence.of(3, -1, 0, 0, 1, 0, -1))),
        "recurrence",
        "in a circle",
        "own (+0, +1)",
        "own (+0, -1)");
  }

  @Test
  void aCircleThroughOneSpotIsFound() {
    assertSays(() -> model(IMAGE, x -> x.apply(new Wheel())), "what position (2, ", "around");
  }

  @ParameterizedTest
  @MethodSource("recurrences")
  void aUsersOwnRecurrenceTrains(Layer layer) {
    int[] boards = new int[8 * IMAGE.values()];
    Arrays.setAll(boards, i -> (i / 20 + i % 20 / 4 + i % 4) % 3);
    Examples examples = Examples.of(ImageSet.of(IMAGE, boards));
    try (Model model = Model.initial(model(IMAGE, x -> x.apply(layer)), 3)) {
      double before = model.score(examples).meanNats();
      model.train(
          examples,
          TrainingOptions.seed(1).steps(100).batch(8).optimiser(Adam.withRate(0.03)).build());
      double after = model.score(examples).meanNats();
      assertTrue(after < before / 2, before + " nats, then " + after);
    }
  }

  static List<Layer> recurrences() {
    return List.of(DIAGONALS, new Searching(1, Span.EARLIER));
  }

  /** Reads on along one row, the last position reads the first. */
  record Wheel() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape own = inputs.only();
      return inputs
          .own(
              own,
              "around",
              (r, c) -> r != 2 ? PositionMap.NONE : own.position(r, (c + 1) % own.width()))
          .plus(inputs.read(0));
    }
  }

  @Test
  void whatIsReadMustBeThere() {
    assertSays(
        () -> model(IMAGE, x -> x.apply(new Astray(20, 3))), "position 20 of its own output");
    assertSays(
        () -> model(IMAGE, x -> x.apply(new Astray(0, 2))), "2 maps of its own output", "gives 3");
  }

  /** Reads a position, and as many maps as it pleases. */
  record Astray(int position, int maps) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape own = inputs.only().withMaps(maps);
      Expression read = inputs.own(own, "astray", (r, c) -> r == 1 ? position : PositionMap.NONE);
      return Expression.concat(java.util.Collections.nCopies(3, read)).slice(0, 3);
    }
  }

  /** The state of a whole row to its right would be known before the row is. */
  @Test
  void fromRightToLeftNeedsAShift() {
    CausalityException leak =
        assertThrows(
            CausalityException.class,
            () -> model(new ImageSpec(9, 9, 1, 2), x -> x.plus(x.apply("backwards", MIRRORED))));
    assertTrue(
        leak.getMessage().contains("Shift what it reads down by a row first"), leak.getMessage());
    assertTrue(leak.getMessage().contains("backwards"), leak.getMessage());
  }

  @Test
  void theOrderDecidesWhichWayIsEarlier() {
    GenerationOrder snake = GenerationOrder.sCurve(4, 4);
    CausalityException leak =
        assertThrows(CausalityException.class, () -> ordered(snake, DIAGONALS));
    assertTrue(leak.getMessage().contains("at own (+0, -1)"), leak.getMessage());
    IncrementalComparison.check(ordered(snake, Recurrence.of(3, -1, -1, -1, 0, -1, 1)), 9);
  }

  private static void assertSays(Runnable declaration, String... words) {
    String message = assertThrows(DefinitionException.class, declaration::run).getMessage();
    Arrays.stream(words).forEach(w -> assertTrue(message.contains(w), message));
  }
}
