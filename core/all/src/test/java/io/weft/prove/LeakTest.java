package io.weft.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.Shift;
import io.weft.model.GatedPixelCnn;
import io.weft.model.Head;
import io.weft.order.GenerationOrder;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leaks put in on purpose: each is refused, and the edge to blame is named. */
class LeakTest {

  private static final ImageSpec GREY = new ImageSpec(8, 8, 1, 4);
  private static final ImageSpec COLOUR = new ImageSpec(7, 7, 3, 4);
  private static final int MAPS = 6;

  /** A user's layer that adds what lies at a distance. */
  record Peek(int rows, int columns) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0).plus(inputs.read(0, rows, columns));
    }
  }

  /** How a hand-made gated network may be wrong. */
  static class Network {
    Feature shifted(Feature above, int block) {
      return above.shiftDown(1);
    }

    MaskType first() {
      return MaskType.A;
    }

    ColourGroups out(ColourGroups colours, int block) {
      return colours;
    }

    Definition build(ImageSpec image, int blocks) {
      ModelBuilder model = ModelBuilder.of("hand-made", image);
      var stacks = new GatedPixelCnn.Stacks(model.image(), model.image());
      List<Feature> skips = new ArrayList<>();
      for (int i = 0; i < blocks; i++) {
        int number = i;
        var in = stacks;
        var block =
            model.block("block", () -> block(in, ColourGroups.of(image.channels()), number));
        stacks = block.stacks();
        skips.add(block.skip());
      }
      return model.softmax(Head.logits(model, Feature.sum(skips), MAPS, Distribution.softmax()));
    }

    private GatedPixelCnn.Block block(GatedPixelCnn.Stacks in, ColourGroups colours, int block) {
      Feature above =
          in.vertical().apply("vertical", CausalConvolution.vertical(2 * MAPS, 3, 3, MaskType.B));
      Feature link = shifted(above, block).apply("link", Pointwise.of(2 * MAPS));
      Feature beside =
          in.horizontal()
              .apply(
                  "horizontal",
                  CausalConvolution.horizontal(2 * MAPS, 3, block == 0 ? first() : MaskType.B)
                      .withColours(colours.withOutputParts(2)));
      Feature gate = beside.plus(link).gate();
      Feature out = gate.apply("out", Pointwise.of(MAPS).withColours(out(colours, block)));
      return new GatedPixelCnn.Block(
          new GatedPixelCnn.Stacks(above.gate(), block == 0 ? out : out.plus(in.horizontal())),
          gate.apply("skip", Pointwise.of(MAPS).withColours(colours)));
    }
  }

  private static void refused(Network network, ImageSpec image, int blocks, String message) {
    refused(message, () -> network.build(image, blocks));
  }

  private static void refused(String message, Runnable build) {
    var error = assertThrows(DefinitionException.class, build::run);
    String all = error.getMessage();
    assertTrue(all.contains("is not causal: " + message), all);
    assertTrue(all.length() < 320 && !all.contains("\n"), all);
  }

  @Test
  void underAnotherOrderTheAdviceIsToFollowIt() {
    ModelBuilder model = ModelBuilder.of("curve", GREY, List.of(GenerationOrder.sCurve(8, 8)));
    Feature right = model.image().shiftRight(1);
    var error =
        assertThrows(DefinitionException.class, () -> model.softmax(right.conv1x1(GREY.levels())));
    assertTrue(error.getMessage().contains("causalConv"), error.getMessage());
  }

  @Test
  void theHandMadeNetworkIsCausalAsItShouldBe() {
    assertEquals(8, new Network().build(GREY, 3).image().height());
    assertEquals(7, new Network().build(COLOUR, 3).image().height());
  }

  @Test
  void typeBOnTheInput() {
    Network wrong =
        new Network() {
          @Override
          MaskType first() {
            return MaskType.B;
          }
        };
    String edge = "block/horizontal reads image at (+0, +0): the distribution of pixel ";
    for (int blocks = 1; blocks <= 3; blocks++) {
      refused(wrong, GREY, blocks, edge + "(4, 4) could see that very value. Use type A there");
      refused(wrong, COLOUR, blocks, edge + "(3, 3) channel 0 could see that very value. Use");
    }
  }

  @Test
  void allVerticalLinksUnshifted() {
    Network wrong =
        new Network() {
          @Override
          Feature shifted(Feature above, int block) {
            return above;
          }
        };
    refused(wrong, GREY, 1, "block/link reads block/vertical at (+0, +0): the distribution of");
    refused(
        wrong,
        GREY,
        3,
        "block/link reads block/vertical at (+0, +0), and 2 other layers likewise: the distribution"
            + " of pixel (4, 4) could see that very value. Shift what it reads down by a row");
    refused(wrong, COLOUR, 2, "block/link reads block/vertical at (+0, +0), and 1 other layer ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void oneVerticalLinkUnshifted(int wrongBlock) {
    Network wrong =
        new Network() {
          @Override
          Feature shifted(Feature above, int block) {
            return block == wrongBlock ? above : super.shifted(above, block);
          }
        };
    String block = wrongBlock == 0 ? "block" : "block_" + (wrongBlock + 1);
    for (ImageSpec image : List.of(GREY, COLOUR)) {
      refused(wrong, image, 3, block + "/link reads " + block + "/vertical at (+0, +0): ");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aMiddleLayerWithoutColourGroups(int wrongBlock) {
    Network wrong =
        new Network() {
          @Override
          ColourGroups out(ColourGroups colours, int block) {
            return block == wrongBlock ? ColourGroups.none() : colours;
          }
        };
    String block = wrongBlock == 0 ? "block" : "block_" + (wrongBlock + 1);
    if (wrongBlock == 2) {
      assertEquals(3, wrong.build(COLOUR, 3).image().channels(), "the last one reaches no output");
    } else {
      refused(
          wrong,
          COLOUR,
          3,
          block
              + "/out reads "
              + block
              + "/gate at (+0, +0): the distribution of pixel (3, 3) channel 0 could see the later"
              + " pixel (3, 3) channel 1. Give it colour groups");
    }
    assertEquals(1, wrong.build(GREY, 3).image().channels());
  }

  @Test
  void aStackThatReadsTheRowBelow() {
    Network wrong =
        new Network() {
          @Override
          Feature shifted(Feature above, int block) {
            return block == 1 ? above.apply("up", new Shift(-1, 0)) : super.shifted(above, block);
          }
        };
    for (ImageSpec image : List.of(GREY, COLOUR)) {
      refused(wrong, image, 3, "block_2/up reads block_2/vertical at (+1, +0): ");
    }
  }

  @Test
  void aShiftThatIsUndone() {
    Network wrong =
        new Network() {
          @Override
          Feature shifted(Feature above, int block) {
            return super.shifted(above, block).apply("up", new Shift(-1, 0));
          }
        };
    refused(wrong, GREY, 1, "block/up reads block/shift at (+1, +0): ");
    refused(wrong, COLOUR, 3, "block/up reads block/shift at (+1, +0), and 2 other layers like");
  }

  @Test
  void aUsersLayerThatReadsTheRowBelow() {
    for (ImageSpec image : List.of(GREY, COLOUR)) {
      ColourGroups colours = ColourGroups.of(image.channels());
      ModelBuilder model = ModelBuilder.of("user", image);
      Feature first =
          model
              .image()
              .apply("first", CausalConvolution.square(MAPS, 3, MaskType.A).withColours(colours));
      Feature next =
          first
              .apply("peek", new Peek(1, 0))
              .apply(CausalConvolution.square(MAPS, 3, MaskType.B).withColours(colours));
      refused(
          "peek reads first at (+1, +0): ",
          () ->
              model.softmax(
                  next.plus(first).apply(Pointwise.of(4 * image.channels()).withColours(colours))));
    }
  }

  @Test
  void aUsersLayerThatReadsAheadOfTheMask() {
    ModelBuilder model = ModelBuilder.of("user", GREY);
    Feature ahead = model.image().apply("peek", new Peek(0, 1));
    Feature x = ahead.apply(CausalConvolution.square(MAPS, 3, MaskType.A));
    refused(
        "peek reads image at (+0, +1): the distribution of pixel (4, 4) could see that very value",
        () -> model.softmax(x.conv1x1(4)));
  }

  @Test
  void aSkipFromTheImage() {
    ModelBuilder model = ModelBuilder.of("skip", GREY);
    Feature x = model.image().apply(CausalConvolution.square(1, 3, MaskType.A));
    refused("add reads image at (+0, +0): ", () -> model.softmax(x.plus(model.image()).conv1x1(4)));
  }

  @Test
  void theNearestLaterPixelIsNamed() {
    ModelBuilder model = ModelBuilder.of("ahead", GREY);
    Feature x = model.image().apply("ahead", new Shift(-2, 1));
    refused(
        "ahead reads image at (+2, -1): the distribution of pixel (4, 4) could see the later pixel"
            + " (6, 3)",
        () -> model.softmax(x.conv1x1(4)));
  }
}
