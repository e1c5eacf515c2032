package io.weft.pyramid;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.order.GenerationOrder;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.util.List;

/** Small pyramids to test with. */
final class Pyramids {

  static final String CONDITION = "small";

  /** Digits of 8 x 8, whose small images are 4 x 4. */
  static final ImageSet DIGITS = EmbeddedDigits.count(24).size(8).levels(3).seed(4).grey();

  static final Examples EXAMPLES = Examples.labelled(DIGITS, "digit");

  private Pyramids() {}

  /** A pyramid of images on a class or not. */
  static MultiScale of(ImageSpec image, int factor, int classes) {
    Scale scale = Scale.subsample(factor);
    return new MultiScale(
        small(scale.small(image), classes), large(image, scale, classes), CONDITION, scale);
  }

  /** The digits' pyramid, on their class. */
  static MultiScale ofDigits() {
    return of(DIGITS.spec(), 2, 10);
  }

  static Definition small(ImageSpec image, int classes) {
    ModelBuilder model = ModelBuilder.of("little", image);
    return model.softmax(logits(model, first(model, classes)));
  }

  static Definition large(ImageSpec image, Scale scale, int classes) {
    return large(ModelBuilder.of("large", image), scale, classes);
  }

  /** The large model for two orders, so that it is for any. */
  static Definition largeOfAnyOrder(ImageSpec image, Scale scale) {
    GenerationOrder raster = GenerationOrder.raster(image.height(), image.width());
    GenerationOrder curve = GenerationOrder.sCurve(image.height(), image.width());
    return large(ModelBuilder.of("large", image, List.of(raster, curve)), scale, 0);
  }

  private static Definition large(ModelBuilder model, Scale scale, int classes) {
    ImageSpec image = model.imageSpec();
    ImageSpec smaller = scale.small(image);
    Feature small =
        model.condition(
            new Condition.Spatial(
                CONDITION, smaller.height(), smaller.width(), smaller.channels()));
    Feature grown = small.conv(5, 3).relu().upConv(4, scale.factor(), model.image());
    return model.softmax(logits(model, first(model, classes).conditionedOn(grown)));
  }

  private static Feature first(ModelBuilder model, int classes) {
    Feature first =
        model
            .image()
            .apply(
                CausalConvolution.square(6, 3, MaskType.A)
                    .withColours(ColourGroups.of(model.imageSpec().channels())));
    return classes > 0 ? first.conditionedOn(model.classCondition("digit", classes)) : first;
  }

  private static Feature logits(ModelBuilder model, Feature x) {
    ImageSpec image = model.imageSpec();
    return x.tanh()
        .apply(
            Pointwise.of(image.levels() * image.channels())
                .withColours(ColourGroups.of(image.channels())));
  }

  /** A pyramid with weights that make the pixels depend on each other. */
  static MultiScaleModel random(MultiScale pyramid) {
    return MultiScaleModel.of(
        random(pyramid.small()), random(pyramid.large()), CONDITION, pyramid.scale());
  }

  private static Model random(Definition definition) {
    return Model.of(definition, RandomWeights.of(definition, 5), Device.cpu());
  }
}
