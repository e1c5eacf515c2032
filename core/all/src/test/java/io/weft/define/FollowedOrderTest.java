package io.weft.define;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.expression.Attended;
import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.expression.Tap;
import io.weft.layer.Before;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.order.GenerationOrder;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a layer reads by a generation order: the model's alone, and in a way that follows it. */
class FollowedOrderTest {

  private static final ImageSpec IMAGE = new ImageSpec(4, 4, 1, 2);
  private static final GenerationOrder RASTER = GenerationOrder.raster(4, 4);
  private static final GenerationOrder HILBERT = GenerationOrder.hilbert(4, 4);

  /** Reads what an order says that the layer brings along. */
  record Reading(PositionMap positions) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0, "my own place", positions);
    }
  }

  /** Goes on from itself where that comes earlier in an order that the layer brings along. */
  record GoingOn(GenerationOrder order) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      PositionMap above = new PositionMap.Earlier(-1, 0, order);
      return inputs.read(0).plus(inputs.own(inputs.only(), "my own place", above));
    }
  }

  /** Attends to all that is earlier in an order that the layer brings along. */
  record Attending(GenerationOrder order) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      int maps = inputs.only().maps();
      Attended all = new Attended(Tap.span(0, Span.EARLIER, order), maps);
      return new Expression.Attention(inputs.read(0), all, all, 1);
    }
  }

  /** The pixel two before the own one, which the layer makes of the order by itself. */
  record TwoBefore() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      GenerationOrder order = inputs.order(0);
      int width = inputs.only().width();
      return inputs.read(
          0,
          "two before",
          (r, c) -> {
            int rank = order.rank(r * width + c);
            return rank < 2 ? PositionMap.NONE : order.position(rank - 2);
          });
    }
  }

  /** The neighbour on one side or the other, whichever the order has behind it. */
  record Beside() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.readEarlier(0, 0, inputs.order(0).isRaster() ? -1 : 1);
    }
  }

  private static Definition model(Layer layer, GenerationOrder... orders) {
    ModelBuilder model = ModelBuilder.of("following", IMAGE, List.of(orders));
    return model.softmax(model.image().apply(layer).conv1x1(2));
  }

  @Test
  void whatALayerMakesOfTheOrderIsForOneOrder() {
    GenerationOrder back = RASTER.flipColumns();
    assertSays(
        () -> model(new TwoBefore(), RASTER, back),
        "layer twobefore: under the order raster+flip-columns of 4x4",
        "it reads image at two before for (0, 0) from (0, 2)",
        "compiled once, under raster of 4x4, it would be from nowhere",
        "as earlier, as before, or by attention");
    // Under each order it is causal, but one program knows one neighbour.
    assertSays(() -> model(new Beside(), RASTER, back), "image at (+0, +1) where earlier");
    model(new Before(), RASTER, back);
  }

  @Test
  void ofOneOrderEachProgramIsItsOwn() {
    Definition hilbert = model(new TwoBefore(), HILBERT);
    assertEquals(hilbert.under(RASTER), hilbert.serving(List.of(RASTER)));
    assertSays(() -> hilbert.serving(List.of(HILBERT, RASTER)), "image at two before");
  }

  /** It is run under another order, but its weights are for the one that it declares. */
  @Test
  void isTrainedUnderItsOwnOrder() {
    Definition raster = model(new TwoBefore(), RASTER);
    Weights expected = trained(raster);
    Weights found = trained(raster.under(RASTER.flipColumns()));
    for (String name : expected.names()) {
      assertArrayEquals(expected.values(name), found.values(name), 1e-6f, name);
    }
  }

  private static Weights trained(Definition definition) {
    int[] levels = new SplittableRandom(4).ints(8L * IMAGE.values(), 0, 2).toArray();
    Examples examples = Examples.of(ImageSet.of(IMAGE, levels));
    try (Model model = Model.initial(definition, 1)) {
      model.train(examples, TrainingOptions.seed(1).steps(3).batch(8).build());
      return model.weights();
    }
  }

  private static Feature applied(Layer layer, GenerationOrder order) {
    return ModelBuilder.of("following", IMAGE, List.of(order)).image().apply(layer);
  }

  private static void assertSays(Executable declaration, String... words) {
    String message = assertThrows(DefinitionException.class, declaration).getMessage();
    Arrays.stream(words).forEach(word -> assertTrue(message.contains(word), message));
  }

  @Test
  void anOrderOfALayersOwnIsRefused() {
    for (PositionMap positions :
        List.of(
            new PositionMap.Before(HILBERT),
            new PositionMap.Earlier(0, -1, HILBERT),
            new PositionMap.InRasterOrder(HILBERT),
            new PositionMap.FromRasterOrder(HILBERT))) {
      assertSays(
          () -> applied(new Reading(positions), RASTER),
          "layer reading",
          "my own place in the order hilbert of 4x4",
          "generated in raster order");
      assertSays(
          () -> applied(new Reading(positions), RASTER.flipRows()),
          "generated in raster+flip-rows of 4x4");
    }
    assertSays(() -> applied(new GoingOn(HILBERT), RASTER), "in the order hilbert of 4x4");
    assertSays(
        () -> applied(new Attending(HILBERT), RASTER),
        "all earlier positions in the order hilbert of 4x4");
  }

  @Test
  void theModelsOrderMayBeGivenByItself() {
    Shape shape = IMAGE.shape();
    for (GenerationOrder order : List.of(RASTER, HILBERT)) {
      for (Layer layer :
          List.of(
              new Reading(new PositionMap.Before(order)),
              new GoingOn(order),
              new Attending(order))) {
        assertEquals(shape, applied(layer, order).shape());
      }
    }
  }

  @Test
  void anOrderForImagesOfAnotherSizeIsRefused() {
    GenerationOrder small = GenerationOrder.raster(2, 2);
    assertSays(
        () -> applied(new Attending(small), RASTER),
        "all earlier positions in the order raster of 2x2",
        "what it reads is 4x4x1",
        "size of its images");
    assertSays(() -> applied(new Reading(new PositionMap.Before(small)), RASTER), "4x4x1");
  }
}
