package io.weft.testing;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import java.util.List;

/** A small locally masked network, one set of weights for several orders. */
public final class OrderedModel {

  private OrderedModel() {}

  /** Returns the model for some orders, two layers of 3 x 3 kernels deep. */
  public static Definition of(ImageSpec image, List<GenerationOrder> orders) {
    ModelBuilder model = ModelBuilder.of("ordered", image, orders);
    ColourGroups colours = ColourGroups.of(image.channels());
    int maps = 6;
    Feature first =
        model
            .image()
            .apply(CausalConvolution.square(maps, 3, MaskType.A).withColours(colours))
            .elu();
    Feature second =
        first.apply(CausalConvolution.square(maps, 3, MaskType.B).withColours(colours)).elu();
    return model.softmax(
        first
            .plus(second)
            .apply(Pointwise.of(image.levels() * image.channels()).withColours(colours)));
  }

  /** Returns the model for the eight raster orders. */
  public static Definition of(ImageSpec image) {
    return of(image, GenerationOrder.eight(GenerationOrder.raster(image.height(), image.width())));
  }
}
