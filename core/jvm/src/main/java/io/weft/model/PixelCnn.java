package io.weft.model;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.spec.ImageSpec;
import java.util.List;

/**
 * PixelCNN (van den Oord, Kalchbrenner, Kavukcuoglu 2016, arXiv 1601.06759, section 3.5) as
 * functions of features: the original, and the textbook variant with batch normalisation and
 * dilated convolutions.
 *
 * <p>The paper's model is unconditional; conditions enter here as in Gated PixelCNN (arXiv
 * 1606.05328, equation 4), as a learned bias on every causal convolution.
 */
public final class PixelCnn {

  /** The original's name, unless said otherwise. */
  public static final String NAME = "pixelcnn";

  /** The textbook variant's name, unless said otherwise. */
  public static final String TEXTBOOK_NAME = "pixelcnn-textbook";

  /** Residual blocks, unless said otherwise. */
  public static final int BLOCKS = 7;

  /** h, half the width of the residual stream, unless said otherwise. */
  public static final int MAPS = 64;

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
        .input()
        .apply(CausalConvolution.square(maps, kernel, MaskType.A).withColours(colours(model)));
  }

  /**
   * Returns a residual block (figure 5): ReLU, 1 x 1 to h maps, ReLU, kernel x kernel type B, ReLU,
   * 1 x 1 back to 2h, added to the input once.
   *
   * @param model the model under construction
   * @param from 2h maps
   * @param kernel size of the square kernel, odd
   * @param dropout the share that is dropped in training before the last convolution, 0 for none
   * @param conditions what the causal convolution is conditioned on
   */
  public static Feature residual(
      ModelBuilder model, Feature from, int kernel, double dropout, List<Feature> conditions) {
    int half = from.shape().maps() / 2;
    ColourGroups colours = colours(model);
    return model.block(
        "residual",
        () ->
            ModelFamily.dropped(
                    from.relu()
                        .apply(Pointwise.of(half).withColours(colours))
                        .relu()
                        .apply(
                            CausalConvolution.square(half, kernel, MaskType.B).withColours(colours))
                        .conditionedOn(conditions)
                        .relu(),
                    dropout)
                .apply(Pointwise.of(2 * half).withColours(colours))
                .plus(from));
  }

  /**
   * Returns a residual block of the textbook variant: 1 x 1 to h, 3 x 3 type B dilated, 1 x 1 to
   * 2h, each followed by batch normalisation and ReLU, added to the input once.
   *
   * @param model the model under construction
   * @param from 2h maps
   * @param kernel size of the square kernel, odd
   * @param dilation distance between taps
   * @param dropout the share that is dropped in training before the last convolution, 0 for none
   * @param conditions what the causal convolution is conditioned on, after its normalisation
   */
  public static Feature normalisedResidual(
      ModelBuilder model,
      Feature from,
      int kernel,
      int dilation,
      double dropout,
      List<Feature> conditions) {
    int half = from.shape().maps() / 2;
    ColourGroups colours = colours(model);
    return model.block(
        "residual",
        () ->
            ModelFamily.dropped(
                    from.apply(Pointwise.of(half).withColours(colours))
                        .batchNormalisation()
                        .relu()
                        .apply(
                            CausalConvolution.square(half, kernel, MaskType.B)
                                .withDilation(dilation)
                                .withColours(colours))
                        .batchNormalisation()
                        .conditionedOn(conditions)
                        .relu(),
                    dropout)
                .apply(Pointwise.of(2 * half).withColours(colours))
                .batchNormalisation()
                .relu()
                .plus(from));
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
    return builder(image).blocks(blocks).maps(maps).kernel(kernel).build();
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
    return textbookBuilder(image).blocks(blocks).maps(maps).kernel(kernel).build();
  }

  /**
   * Starts an original PixelCNN: a 7 x 7 first layer to 2h maps, 7 residual blocks with 3 x 3
   * kernels, h = 64 maps within them.
   */
  public static Builder builder(ImageSpec image) {
    return new Builder(image);
  }

  /** Starts a textbook PixelCNN: as {@link #builder}, normalised and dilated. */
  public static TextbookBuilder textbookBuilder(ImageSpec image) {
    return new TextbookBuilder(image);
  }

  /** Builds an original PixelCNN. */
  public static final class Builder extends ModelFamily<Builder> {

    private Builder(ImageSpec image) {
      super(NAME, image, BLOCKS, MAPS);
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    Feature logits(ModelBuilder model, List<Feature> given) {
      Feature x = first(model, 2 * maps(), firstKernel()).conditionedOn(given);
      for (int i = 0; i < blocks(); i++) {
        x = residual(model, x, kernel(), dropout(), given);
      }
      return Head.logits(model, x, 2 * maps(), distribution());
    }
  }

  /** Builds a textbook PixelCNN. */
  public static final class TextbookBuilder extends ModelFamily<TextbookBuilder> {

    private TextbookBuilder(ImageSpec image) {
      super(TEXTBOOK_NAME, image, BLOCKS, MAPS);
    }

    @Override
    TextbookBuilder self() {
      return this;
    }

    @Override
    Feature logits(ModelBuilder model, List<Feature> given) {
      Feature x =
          first(model, 2 * maps(), firstKernel()).batchNormalisation().conditionedOn(given).relu();
      for (int i = 0; i < blocks(); i++) {
        int dilation = DILATIONS.get(i % DILATIONS.size());
        x = normalisedResidual(model, x, kernel(), dilation, dropout(), given);
      }
      ColourGroups colours = colours(model);
      int outputs = distribution().maps(model.imageSpec());
      return x.apply(Pointwise.of(2 * maps()).withColours(colours))
          .batchNormalisation()
          .relu()
          .apply("logits", Pointwise.of(outputs).withColours(colours));
    }
  }

  private static ColourGroups colours(ModelBuilder model) {
    return ColourGroups.of(model.imageSpec().channels());
  }
}
