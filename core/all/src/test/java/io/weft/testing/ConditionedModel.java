package io.weft.testing;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.Feature;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ImageSpec;
import java.util.List;

/** A small Gated PixelCNN under a class, a vector and a spatial map at once. */
public final class ConditionedModel {

  private ConditionedModel() {}

  /** Returns the model for images of one kind. */
  public static Definition of(ImageSpec image) {
    ModelBuilder model = ModelBuilder.of("conditional", image);
    List<Feature> conditions =
        List.of(
            model.classCondition("class", 3),
            model.vectorCondition("style", 4),
            model.spatialCondition("map", 2));
    return model.softmax(GatedPixelCnn.logits(model, 2, 6, 3, Distribution.softmax(), conditions));
  }
}
