package io.weft.prove;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.spec.ImageSpec;

/** Stacks of plain masked convolutions: the models with the blind spot. */
public final class PlainModels {

  private PlainModels() {}

  /** Returns {@code layers} masked 3 x 3 convolutions and nothing else that reaches further. */
  public static Definition plain(ImageSpec image, int layers) {
    ModelBuilder model = ModelBuilder.of("plain", image);
    Feature x = model.image().apply(CausalConvolution.square(4, 3, MaskType.A)).relu();
    for (int i = 1; i < layers; i++) {
      x = x.apply(CausalConvolution.square(4, 3, MaskType.B)).relu();
    }
    return model.softmax(x.conv1x1(image.levels() * image.channels()));
  }
}
