package io.weft.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.Shift;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import org.junit.jupiter.api.Test;

class CausalityProofTest {

  private static final ImageSpec GREY = new ImageSpec(8, 8, 1, 4);
  private static final ImageSpec COLOUR = new ImageSpec(6, 6, 3, 4);

  @Test
  void theModelFamiliesAreCausal() {
    for (ImageSpec image : new ImageSpec[] {GREY, COLOUR}) {
      PixelCnn.of(image, 2, 6, 3);
      PixelCnn.textbook(image, 3, 6, 3);
      GatedPixelCnn.classConditional(image, 10, 3, 6, 3);
    }
    assertEquals(1, GatedPixelCnn.of(GREY, 2, 4, 3).proof().groups().outputsOf(0).size());
  }

  @Test
  void typeBOnTheInputIsNamed() {
    ModelBuilder model = ModelBuilder.of("leak", GREY);
    var x = model.image().apply("first", CausalConvolution.square(8, 3, MaskType.B)).relu();
    var y = x.apply(CausalConvolution.square(8, 3, MaskType.B)).plus(x);
    expect(() -> model.softmax(y.conv1x1(4)), "first reads image at (+0, +0)");
  }

  @Test
  void anUnshiftedVerticalLinkIsNamed() {
    ModelBuilder model = ModelBuilder.of("leak", GREY);
    var none = java.util.List.<io.weft.layer.Feature>of();
    var image = new GatedPixelCnn.Stacks(model.image(), model.image());
    var first = GatedPixelCnn.block(model, image, 4, 3, MaskType.A, none);
    var second = GatedPixelCnn.block(model, first.stacks(), 4, 3, MaskType.B, none);
    var unshifted = second.stacks().vertical().apply("unshifted", Pointwise.of(4));
    var third = GatedPixelCnn.block(model, second.stacks(), 4, 3, MaskType.B, none);
    var sum = third.skip().plus(first.skip()).plus(unshifted);
    expect(() -> model.softmax(sum.conv1x1(4)), "unshifted reads block_2/gate_2 at (+0, +0)");
  }

  @Test
  void aWrongColourGroupIsNamed() {
    ModelBuilder model = ModelBuilder.of("leak", COLOUR);
    var groups = ColourGroups.of(3);
    var x =
        model.image().apply(CausalConvolution.square(6, 3, MaskType.A).withColours(groups)).relu();
    expect(() -> model.softmax(x.apply("head", Pointwise.of(12))), "head reads relu");
  }

  @Test
  void aStackThatReadsTheRowBelowIsNamed() {
    ModelBuilder model = ModelBuilder.of("leak", GREY);
    var x = model.image().apply(CausalConvolution.square(8, 3, MaskType.A)).relu();
    var below = x.apply("below", new Shift(-1, 0));
    expect(() -> model.softmax(x.plus(below).conv1x1(4)), "below reads relu at (+1, +0)");
  }

  private static void expect(org.junit.jupiter.api.function.Executable build, String culprit) {
    var error = assertThrows(DefinitionException.class, build);
    assertTrue(error.getMessage().contains(culprit), error.getMessage());
  }
}
