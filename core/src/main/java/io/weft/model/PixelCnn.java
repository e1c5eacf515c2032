package io.weft.model;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import java.util.List;
import java.util.stream.IntStream;

/**
 * PixelCNN (van den Oord, Kalchbrenner, Kavukcuoglu 2016, arXiv 1601.06759, section 3.5) as
 * functions of features: the original, and the textbook variant with batch normalisation and
 * dilated convolutions.
 */
public final class PixelCnn {

  /** The dilations of the textbook variant's seven residual blocks. */
  private static final List<Integer> DILATIONS = List.of(1, 2, 1, 3, 1, 2, 1);

  private PixelCnn() {}

  /**
   * Returns the first layer: a type A convolution of the image.
   *
   * @param model the model under construction
   * @param maps output maps
   * @param kernel size of the square kernel, odd
   */
  public static Feature first(ModelBuilder model, int maps, int kernel) {
    return model
        .image()
        .apply(CausalConvolution.square(maps, kernel, MaskType.A).withColours(colours(model)));
  }

  /**
   * Returns a residual block (figure 5): ReLU, 1 x 1 to h maps, ReLU, kernel x kernel type B, ReLU,
   * 1 x 1 back to 2h, added to the input once.
   *
   * @param model the model under construction
   * @param in 2h maps
   * @param kernel size of the square kernel, odd
   */
  public static Feature residual(ModelBuilder model, Feature in, int kernel) {
    int half = in.shape().maps() / 2;
    ColourGroups colours = colours(model);
    return model.block(
        "residual",
        () ->
            in.relu()
                .apply(Pointwise.of(half).withColours(colours))
                .relu()
                .apply(CausalConvolution.square(half, kernel, MaskType.B).withColours(colours))
                .relu()
                .apply(Pointwise.of(2 * half).withColours(colours))
                .plus(in));
  }

  /**
   * Returns a residual block of the textbook variant: 1 x 1 to h, 3 x 3 type B dilated, 1 x 1 to
   * 2h, each followed by batch normalisation and ReLU, added to the input once.
   *
   * @param model the model under construction
   * @param in 2h maps
   * @param kernel size of the square kernel, odd
   * @param dilation distance between taps
   */
  public static Feature normalisedResidual(
      ModelBuilder model, Feature in, int kernel, int dilation) {
    int half = in.shape().maps() / 2;
    ColourGroups colours = colours(model);
    return model.block(
        "residual",
        () ->
            in.apply(Pointwise.of(half).withColours(colours))
                .batchNormalisation()
                .relu()
                .apply(
                    CausalConvolution.square(half, kernel, MaskType.B)
                        .withDilation(dilation)
                        .withColours(colours))
                .batchNormalisation()
                .relu()
                .apply(Pointwise.of(2 * half).withColours(colours))
                .batchNormalisation()
                .relu()
                .plus(in));
  }

  /**
   * Returns the original PixelCNN with softmax output: 7 x 7 type A to 2h maps, residual blocks,
   * head.
   *
   * @param image the images
   * @param blocks residual blocks, at least 1
   * @param maps h, half the width of the residual stream
   * @param kernel size of the blocks' kernels, odd
   */
  public static Definition of(ImageSpec image, int blocks, int maps, int kernel) {
    ModelBuilder model = ModelBuilder.of("pixelcnn", image);
    Feature x = first(model, 2 * maps, 7);
    for (int i = 0; i < blocks; i++) {
      x = residual(model, x, kernel);
    }
    return model.softmax(Head.logits(model, x, 2 * maps, Distribution.SOFTMAX));
  }

  /**
   * Returns the textbook variant with softmax output: 7 x 7 type A to 2h maps, batch normalisation,
   * ReLU, residual blocks with dilations 1, 2, 1, 3, 1, 2, 1 (over again for more than seven), 1 x
   * 1, batch normalisation, ReLU, 1 x 1 to the logits.
   *
   * @param image the images
   * @param blocks residual blocks; the textbook has 7
   * @param maps h, half the width of the residual stream; the textbook has 64
   * @param kernel size of the blocks' kernels, odd; the textbook has 3
   */
  public static Definition textbook(ImageSpec image, int blocks, int maps, int kernel) {
    ModelBuilder model = ModelBuilder.of("pixelcnn-textbook", image);
    Feature x = first(model, 2 * maps, 7).batchNormalisation().relu();
    for (int i : IntStream.range(0, blocks).toArray()) {
      x = normalisedResidual(model, x, kernel, DILATIONS.get(i % DILATIONS.size()));
    }
    ColourGroups colours = colours(model);
    return model.softmax(
        x.apply(Pointwise.of(2 * maps).withColours(colours))
            .batchNormalisation()
            .relu()
            .apply("logits", Pointwise.of(Distribution.SOFTMAX.maps(image)).withColours(colours)));
  }

  private static ColourGroups colours(ModelBuilder model) {
    return ColourGroups.of(model.imageSpec().channels());
  }
}
