package io.weft.model;

import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.expression.Span;
import io.weft.layer.Background;
import io.weft.layer.Feature;
import io.weft.layer.FromRaster;
import io.weft.layer.Ones;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.ToRaster;
import io.weft.order.GenerationOrder;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PixelSNAIL (Chen, Mishra, Rohaninejad and Abbeel 2017, arXiv 1712.09763; the wiring is that of
 * the authors' code): gated residual blocks of shifted 2 x 2 convolutions in turn with attention to
 * all earlier pixels, weight-normalised. What blocks see but for attention is above and on the
 * left.
 *
 * <p>Keys and values see the image itself at the positions that are attended to, and attention is
 * to strictly earlier ones: so no earlier pixel is ever out of sight.
 */
public final class PixelSnail {

  /** The model's name, unless said otherwise. */
  public static final String NAME = "pixelsnail";

  /** Blocks of convolutions and attention, unless said otherwise: the paper's for CIFAR-10. */
  public static final int BLOCKS = 12;

  /** Maps of the stream, unless said otherwise: the paper's for CIFAR-10. */
  public static final int MAPS = 256;

  /** Gated residual blocks before each attention. */
  public static final int RESIDUALS = 4;

  /** The width of a key. */
  public static final int KEY_MAPS = 16;

  /** The share that is dropped in training, unless said otherwise. */
  public static final double DROPOUT = 0.5;

  /** Logistic distributions of the mixture, unless said otherwise. */
  public static final int COMPONENTS = 10;

  /** What reads the image, as PixelCNN++ counts kernels: 1 x 3 above, and 2 x 1 on the left. */
  private static final int IMAGE_KERNEL = 3;

  /** The deviation that a residual branch starts with. */
  private static final double BRANCH_DEVIATION = 0.1;

  private PixelSnail() {}

  /**
   * Starts a model: 12 blocks of 256 maps, dropout 0.5, a mixture of 10 logistic distributions;
   * Bernoulli for images of 2 levels.
   */
  public static Builder builder(ImageSpec image) {
    return new Builder(image);
  }

  /**
   * Builds a PixelSNAIL; every residual block is conditioned on every condition. Its orders are
   * raster order, mirrored, and of square images transposed too, in any number: {@link
   * GenerationOrder#eight}.
   */
  public static final class Builder extends ModelFamily<Builder> {

    private Builder(ImageSpec image) {
      super(NAME, image, BLOCKS, MAPS);
      dropout(DROPOUT);
      distribution(
          image.levels() == 2
              ? Distribution.bernoulli()
              : Distribution.logisticMixture(COMPONENTS));
    }

    @Override
    Builder self() {
      return this;
    }

    /** Mixes {@code count} logistic distributions, at least 1. */
    public Builder components(int count) {
      return distribution(Distribution.logisticMixture(count));
    }

    /**
     * Refuses any size but 3, that of the authors' code.
     *
     * @throws IllegalArgumentException if it is another
     */
    @Override
    public Builder firstKernel(int size) {
      checkOnly(
          "first kernel: PixelSNAIL reads the image as in the authors' code",
          IMAGE_KERNEL,
          size,
          "leave it out, or set that of the blocks");
      return this;
    }

    @Override
    Feature logits(ModelBuilder model, List<Feature> given) {
      if (kernel() % 2 == 0) {
        throw new DefinitionException(
            "PixelSNAIL takes an odd kernel n, of which its blocks have (n + 1) / 2 rows and"
                + " columns; found "
                + kernel()
                + ", take "
                + (kernel() - 1)
                + " or "
                + (kernel() + 1));
      }
      if (isForRasterAlone()) {
        return logits(model, model.image(), model.input(), given);
      }
      List<Feature> turned = new ArrayList<>(turned(given));
      if (isForSeveralOrders()) {
        turned.add(places(model));
      }
      Feature image = model.image().apply(new ToRaster());
      Feature input = model.input().apply(new ToRaster());
      return logits(model, image, input, turned).apply(new FromRaster());
    }

    private Feature logits(ModelBuilder model, Feature image, Feature input, List<Feature> given) {
      return new Network(model, image, input, maps(), (kernel() + 1) / 2, dropout(), given)
          .logits(blocks(), distribution());
    }
  }

  /** The network, as functions of features. */
  private record Network(
      ModelBuilder model,
      Feature image,
      Feature input,
      int maps,
      int kernel,
      double dropout,
      List<Feature> given) {

    Feature logits(int blocks, Distribution distribution) {
      Feature background = image.apply(new Ones()).apply(new Background());
      for (int c = 1; c < image.shape().maps(); c++) {
        background = background.concat(image.apply(new Ones()).apply(new Background()));
      }
      Feature ul = model.block("first", this::first);
      for (int b = 0; b < blocks; b++) {
        ul = block(ul, background);
      }
      int outputs = distribution.maps(model.imageSpec());
      return ul.elu().apply("parameters", ShiftedConvolution.down(outputs, 1, 1));
    }

    /** What reads the image: moved so that no position sees its own pixel. */
    private Feature first() {
      Feature x = input.onesChannel();
      Feature above = x.downShiftedConv(maps, 1, IMAGE_KERNEL).shiftDown(1);
      return above.plus(x.downRightShiftedConv(maps, 2, 1).shiftRight(1));
    }

    private Feature block(Feature from, Feature background) {
      return model.block(
          "block",
          () -> {
            Feature ul = from;
            for (int r = 0; r < RESIDUALS; r++) {
              ul =
                  residual(
                      ul, Optional.empty(), ShiftedConvolution.downRight(maps, kernel, kernel));
            }
            return residual(ul, Optional.of(attended(ul, background)), pointwise(maps));
          });
    }

    /** What attention finds: its keys and values see the image, so it looks strictly back. */
    private Feature attended(Feature ul, Feature background) {
      Feature content = input.concat(ul, background);
      int values = Math.max(1, maps / 2);
      Feature found =
          residual(content, Optional.empty(), pointwise(content.shape().maps()))
              .apply("content", pointwise(KEY_MAPS + values));
      Feature asking = ul.concat(background);
      Feature queries =
          residual(asking, Optional.empty(), pointwise(asking.shape().maps()))
              .apply("queries", pointwise(KEY_MAPS));
      return queries.causalAttention(
          found.slice(0, KEY_MAPS), found.slice(KEY_MAPS, values), 1, Span.EARLIER);
    }

    private static ShiftedConvolution pointwise(int maps) {
      return ShiftedConvolution.down(maps, 1, 1);
    }

    /** ELU, convolution, what comes from aside, ELU, dropout, convolution, conditions, gate. */
    private Feature residual(
        Feature from, Optional<Feature> aside, ShiftedConvolution convolution) {
      int width = from.shape().maps();
      return model.block(
          "residual",
          () -> {
            Feature first = from.elu().apply(convolution);
            if (aside.isPresent()) {
              first = first.plus(aside.get().elu().apply("aside", pointwise(width)));
            }
            Feature branch =
                ModelFamily.dropped(first.elu(), dropout)
                    .apply(convolution.withMaps(2 * width).withDeviation(BRANCH_DEVIATION));
            return from.residualGate(branch.conditionedOn(given));
          });
    }
  }
}
