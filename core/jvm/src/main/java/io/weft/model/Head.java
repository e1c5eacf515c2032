package io.weft.model;

import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.Pointwise;

/** The end of a PixelCNN: ReLU, 1 x 1, ReLU, 1 x 1 to what the distribution needs. */
public final class Head {

  private Head() {}

  /**
   * Returns the logits (PixelCNN, table 1, last rows).
   *
   * @param model the model under construction
   * @param feature what the body gives
   * @param maps maps between the two 1 x 1 convolutions
   * @param distribution what the logits describe
   */
  public static Feature logits(
      ModelBuilder model, Feature feature, int maps, Distribution distribution) {
    ColourGroups colours = ColourGroups.of(model.imageSpec().channels());
    return model.block(
        "head",
        () ->
            feature
                .relu()
                .apply(Pointwise.of(maps).withColours(colours))
                .relu()
                .apply(
                    "logits",
                    Pointwise.of(distribution.maps(model.imageSpec())).withColours(colours)));
  }
}
