package io.weft.json;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.expression.Span;
import io.weft.layer.Activation;
import io.weft.layer.BatchNormalisation;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ConvolutionForm;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Shift;
import io.weft.model.GatedPixelCnn;
import io.weft.model.Head;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.spec.ImageSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Definitions of every kind, small. */
final class Models {

  static final ImageSpec GREY = new ImageSpec(7, 6, 1, 4);
  static final ImageSpec COLOUR = new ImageSpec(5, 6, 3, 4);

  private Models() {}

  static Map<String, Definition> all() {
    Map<String, Definition> all = new LinkedHashMap<>();
    for (ImageSpec image : List.of(GREY, COLOUR)) {
      String of = image.channels() == 1 ? " in grey" : " in colour";
      all.put("pixelcnn" + of, PixelCnn.of(image, 2, 6, 3));
      all.put("textbook" + of, PixelCnn.textbook(image, 3, 6, 3));
      all.put("gated" + of, GatedPixelCnn.of(image, 2, 6, 3));
      all.put("gated, classes" + of, GatedPixelCnn.classConditional(image, 10, 2, 6, 3));
      all.put("gated, all conditions" + of, conditional(image));
      all.put("plus plus" + of, plusPlus(image));
      all.put("row lstm" + of, PixelRnn.rowLstm(image, 2, 4));
      all.put("diagonal bilstm" + of, PixelRnn.diagonalBiLstm(image, 2, 4));
    }
    all.put("bernoulli", bernoulli());
    all.put("every layer", everyLayer());
    all.put("attention", attention());
    return all;
  }

  static Definition conditional(ImageSpec image) {
    ModelBuilder model = ModelBuilder.of("conditional", image);
    List<Feature> conditions =
        List.of(
            model.classCondition("digit", 10),
            model.vectorCondition("style", 5),
            model.spatialCondition("sketch", 2));
    return model.softmax(GatedPixelCnn.logits(model, 1, 6, 3, Distribution.softmax(), conditions));
  }

  /** Down and up again, a condition at every resolution, a mixture at the end. */
  static Definition plusPlus(ImageSpec image) {
    return PixelCnnPlusPlus.builder(image)
        .blocks(1)
        .maps(4)
        .components(2)
        .classCondition("digit", 10)
        .spatialCondition("sketch", 2)
        .build();
  }

  static Definition bernoulli() {
    ModelBuilder model = ModelBuilder.of("binary", new ImageSpec(6, 6, 1, 2));
    return model.bernoulli(
        Head.logits(model, PixelCnn.first(model, 4, 3), 4, Distribution.bernoulli()));
  }

  static Definition attention() {
    ModelBuilder model = ModelBuilder.of("attention", GREY);
    Feature x = model.image().causalConv(4, 3, MaskType.A);
    Feature near = x.causalAttention(x, x.slice(0, 2), 2, Span.UP_TO_OWN.last(12));
    return model.softmax(
        x.causalAttention(x, model.image(), 1, Span.EARLIER).concat(near).conv1x1(4));
  }

  /** Layers of the catalog, a branch that reaches no output, a condition declared late. */
  static Definition everyLayer() {
    ModelBuilder model = ModelBuilder.of("every.layer", GREY);
    Function<Integer, CausalConvolution> conv = m -> CausalConvolution.square(m, 3, MaskType.B);
    Feature x = model.image().apply("first", CausalConvolution.square(8, 3, MaskType.A));
    Feature late = model.classCondition("late", 3);
    Feature masked =
        x.elu().apply(conv.apply(8).withDilation(2).withForm(ConvolutionForm.MASKED)).concatElu();
    Feature gated = masked.gate().tanh().sigmoid().dropout(0.25).batchNormalisation();
    List<Feature> halves = gated.split(2);
    Feature moved = halves.get(0).apply("down", new Shift(1, -1)).concat(halves.get(1), late);
    moved.apply("dead", new Activation(Activation.Function.RELU)).shiftRight(2);
    return model.softmax(moved.apply(new BatchNormalisation(0.9, 1e-5)).conv1x1(4));
  }
}
