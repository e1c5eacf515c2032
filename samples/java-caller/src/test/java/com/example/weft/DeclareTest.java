package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.json.DefinitionJson;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.model.GatedPixelCnn;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.VerticalForm;
import io.weft.order.GenerationOrder;
import io.weft.prove.BlindSpot;
import io.weft.prove.CausalityException;
import io.weft.prove.Leak;
import io.weft.prove.ReceptiveField;
import io.weft.prove.Remedy;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Models are declared by builders and as functions of features, and refused where they leak. */
class DeclareTest {

  @Test
  void everyFamilyHasABuilder() {
    ImageSpec grey = new ImageSpec(8, 8, 1, 4);
    ImageSpec colour = new ImageSpec(8, 8, 3, 256);
    List<Definition> all =
        List.of(
            PixelCnn.builder(grey).blocks(1).maps(4).kernel(3).firstKernel(5).build(),
            PixelCnn.textbookBuilder(grey).blocks(1).maps(4).build(),
            GatedPixelCnn.builder(grey)
                .name("gated")
                .blocks(1)
                .maps(6)
                .vertical(VerticalForm.FACTORED)
                .vectorCondition("style", 3)
                .spatialCondition("sketch", 1)
                .build(),
            PixelCnnPlusPlus.builder(colour).blocks(1).maps(8).components(2).dropout(0.1).build(),
            LocallyMaskedPixelCnn.builder(new ImageSpec(8, 8, 1, 2))
                .blocks(1)
                .maps(4)
                .orders(GenerationOrder.eight(GenerationOrder.sCurve(8, 8)))
                .distribution(Distribution.bernoulli())
                .build());
    all.forEach(d -> assertTrue(d.parameterCount() > 0, d.toString()));
    assertEquals(
        List.of(new Condition.Vector("style", 3), new Condition.Spatial("sketch", 8, 8, 1)),
        all.get(2).conditions());
    assertEquals(8, all.get(4).orders().size());
  }

  /** The blocks are the caller's own functions. */
  @Test
  void aModelIsAFunctionOfFeatures() {
    // region functional
    ModelBuilder model = ModelBuilder.of("residual", new ImageSpec(16, 16, 1, 4));
    Feature digit = model.classCondition("digit", 10);
    Feature x = model.image().causalConv(16, 5, MaskType.A);
    List<Feature> skips = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Feature in = x;
      x = model.block("block", () -> residual(in, digit));
      skips.add(x);
    }
    Definition residual = model.softmax(Feature.sum(skips).relu().conv1x1(4));
    // endregion
    // region prove
    ReceptiveField field = ReceptiveField.ofOutput(residual.proof(), 8, 8, 0);
    BlindSpot blind = BlindSpot.of(residual.proof(), 8, 8, 0);
    // endregion
    assertEquals(2 + 3, field.rowsAbove());
    assertTrue(field.contains(8, 7, 0));
    assertEquals(0, field.rowsBelow());
    assertTrue(blind.pixels() > 0, "a plain network has one");
  }

  // region block
  private static Feature residual(Feature in, Feature condition) {
    int maps = in.shape().maps();
    Feature branch = in.relu().causalConv(maps, 3, MaskType.B).conditionedOn(condition);
    return in.plus(branch.gate().conv1x1(maps));
  }

  // endregion

  /** The two stacks of Gated PixelCNN, wired by hand from single layers. */
  @Test
  void theTwoStacksAreWiredByHand() {
    // region stacks
    ModelBuilder model = ModelBuilder.of("two-stacks", new ImageSpec(16, 16, 1, 4));
    Feature x = model.image();
    Feature above = x.verticalConv(16, 3, MaskType.B).shiftDown(1).relu();
    Feature left = x.horizontalConv(16, 3, MaskType.A).relu();
    Feature vertical = above.verticalConv(16, 3, MaskType.B).relu();
    Feature horizontal = left.horizontalConv(16, 3, MaskType.B).plus(vertical.conv1x1(16)).relu();
    Definition stacks = model.softmax(horizontal.conv1x1(4));
    // endregion
    assertTrue(BlindSpot.of(stacks.proof(), 8, 8, 0).isEmpty());
  }

  /** The maps of each colour are told to the layers, and where they lie in parts. */
  @Test
  void aColourNetworkIsWiredByHand() {
    // region colours
    ModelBuilder model = ModelBuilder.of("colour", new ImageSpec(8, 8, 3, 4));
    ColourGroups rgb = ColourGroups.of(3);
    Feature halves =
        model
            .image()
            .apply(CausalConvolution.square(32, 3, MaskType.A).withColours(rgb.withOutputParts(2)));
    Feature twice = halves.gate().concatElu();
    Feature joined = twice.apply(Pointwise.of(16).withColours(rgb.withInputParts(2)));
    Definition colour = model.softmax(joined.apply(Pointwise.of(12).withColours(rgb)));
    // endregion
    ReceptiveField ofBlue = ReceptiveField.ofOutput(colour.proof(), 4, 4, 2);
    assertEquals(2, ofBlue.channelsSeen(4, 4), "red and green");
    assertEquals(0, ReceptiveField.ofOutput(colour.proof(), 4, 4, 0).channelsSeen(4, 4));
  }

  @Test
  void aLeakIsData() {
    List<String> said = new ArrayList<>();
    ModelBuilder model = ModelBuilder.of("one-part", new ImageSpec(8, 8, 3, 4));
    CausalConvolution first =
        CausalConvolution.square(32, 3, MaskType.A).withColours(ColourGroups.of(3));
    Feature gated = model.image().apply("first", first).gate();
    Feature logits = gated.apply(Pointwise.of(12).withColours(ColourGroups.of(3)));
    // region leak
    try {
      model.softmax(logits);
    } catch (CausalityException refused) {
      Leak leak = refused.leak();
      for (Remedy remedy : leak.remedies()) {
        said.add(leak.layer() + ": " + remedy.advice());
      }
    }
    // endregion
    assertEquals(
        List.of(
            "gate: Give first colour groups (withColours), ColourGroups.of(3).withOutputParts(2),"
                + " so that channels see earlier ones only"),
        said);
  }

  @Test
  void aLeakIsRefusedAndSaysWhatToDo() {
    ModelBuilder model = ModelBuilder.of("type-b", new ImageSpec(16, 16, 1, 4));
    Feature x = model.image().causalConv(4, 3, MaskType.B);
    var refused = assertThrows(DefinitionException.class, () -> model.softmax(x));
    assertEquals(
        "model \"type-b\" is not causal: conv3x3 reads image at (+0, +0): the distribution of"
            + " pixel (8, 8) could see that very value. Use type A there, with colour groups in a"
            + " colour image.",
        refused.getMessage());
  }

  @Test
  void whatDoesNotFitIsRefusedWhereItIsMade() {
    ModelBuilder model = ModelBuilder.of("odd", new ImageSpec(8, 8, 1, 4));
    Feature x = model.image().causalConv(5, 3, MaskType.A);
    var refused = assertThrows(DefinitionException.class, x::gate);
    assertTrue(refused.getMessage().contains("takes an even number of maps"), refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new ImageSpec(8, 8, 1, 1));
    Feature foreign = ModelBuilder.of("other", new ImageSpec(8, 8, 1, 4)).image();
    assertThrows(DefinitionException.class, () -> x.plus(foreign));
  }

  @Test
  void aDefinitionIsAValueAndIsWrittenAsJson() {
    Definition digits = Digits.definition();
    assertEquals(digits, Digits.definition());
    DefinitionJson json = DefinitionJson.standard();
    assertEquals(digits, json.read(json.write(digits)));
  }
}
