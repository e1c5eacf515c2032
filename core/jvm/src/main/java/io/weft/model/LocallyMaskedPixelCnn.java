package io.weft.model;

import io.weft.advice.Advice;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.Bias;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.PositionalNormalisation;
import io.weft.optimise.Adam;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.util.List;
import java.util.Optional;

/**
 * Locally masked PixelCNN (Jain, Abbeel and Pathak, UAI 2020, arXiv 2006.12486): the wiring of
 * PixelCNN++ in one stream, with dilations in place of strides, under any generation orders.
 *
 * <pre>{@code
 * LocallyMaskedPixelCnn.builder(image)
 *     .orders(GenerationOrder.eight(GenerationOrder.sCurve(28, 28)))
 *     .build()
 * }</pre>
 */
public final class LocallyMaskedPixelCnn {

  /** The model's name, unless said otherwise. */
  public static final String NAME = "locally-masked-pixelcnn";

  /** Blocks at each of the three depths on the way down, unless said otherwise. */
  public static final int BLOCKS = 5;

  /** Maps of every block, unless said otherwise; the next multiple of the colour channels. */
  public static final int MAPS = 160;

  /** The distance of taps between depths, where PixelCNN++ has strides. */
  private static final int DILATION = 2;

  private static final int DEPTHS = 3;

  /** How much the maps of the first pixel differ, which knows of no other. */
  private static final double START = 0.1;

  private LocallyMaskedPixelCnn() {}

  /**
   * Returns the least number of maps that suits images: a multiple of their colour channels, whose
   * maps are normalised apart.
   *
   * @param atLeast how many maps there should be, 1 or more
   */
  public static int suitingMaps(ImageSpec image, int atLeast) {
    return Math.multiplyExact(
        Math.max(1, -Math.floorDiv(-atLeast, image.channels())), image.channels());
  }

  /**
   * Starts a model of 5 blocks of 160 maps (162 where there are three colour channels) with 3 x 3
   * kernels, in raster order: the paper's size. Its output is Bernoulli for images of 2 levels,
   * else softmax.
   */
  public static Builder builder(ImageSpec image) {
    return new Builder(image);
  }

  /**
   * Starts the paper's way of training it: Adam at 2e-4, batches of 32.
   *
   * @param seed any number; it decides the order of the examples, the generation order of each
   *     step, and all noise
   */
  public static TrainingOptions.Builder training(long seed) {
    return TrainingOptions.seed(seed).optimiser(Adam.withRate(2e-4)).batch(32);
  }

  /** Builds a locally masked PixelCNN; every block is conditioned on every condition. */
  public static final class Builder extends ModelFamily<Builder> {

    private Builder(ImageSpec image) {
      super(NAME, image, BLOCKS, suitingMaps(image, MAPS));
      firstKernel(KERNEL);
      distribution(image.levels() == 2 ? Distribution.bernoulli() : Distribution.softmax());
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    Feature logits(ModelBuilder model, List<Feature> given) {
      int channels = model.imageSpec().channels();
      if (maps() % channels != 0) {
        throw new DefinitionException(
            "locally masked PixelCNN takes a multiple of "
                + channels
                + " maps for images of "
                + channels
                + " channels, found "
                + maps()
                + "; the next is "
                + suitingMaps(model.imageSpec(), maps()),
            Advice.CHANGE_MAPS);
      }
      Network network = new Network(model, maps(), kernel(), dropout(), given);
      return network.logits(firstKernel(), blocks(), distribution());
    }
  }

  /** The network, as functions of features. */
  private static final class Network {
    private final ModelBuilder model;
    private final int maps;
    private final int kernel;
    private final double dropout;
    private final List<Feature> conditions;
    private final ColourGroups colours;

    Network(ModelBuilder model, int maps, int kernel, double dropout, List<Feature> conditions) {
      this.model = model;
      this.maps = maps;
      this.kernel = kernel;
      this.dropout = dropout;
      this.conditions = conditions;
      this.colours = ColourGroups.of(model.imageSpec().channels());
    }

    /** Down to the third depth and up again; each block up reads one that was kept on the way. */
    Feature logits(int firstKernel, int blocks, Distribution distribution) {
      Shortcuts<Feature> kept = new Shortcuts<>();
      Feature first =
          model
              .input()
              .apply(
                  "first",
                  CausalConvolution.square(maps, firstKernel, MaskType.A).withColours(colours))
              .apply(new Bias(START));
      Feature x = kept.keep(normalised(first));
      for (int depth = 0; depth < DEPTHS; depth++) {
        if (depth > 0) {
          x = kept.keep(dilated("down", x));
        }
        for (int b = 0; b < blocks; b++) {
          x = kept.keep(block(x, Optional.empty()));
        }
      }
      x = kept.take();
      for (int depth = 0; depth < DEPTHS; depth++) {
        if (depth > 0) {
          x = dilated("up", x);
        }
        for (int b = 0; b < blocks + (depth > 0 ? 1 : 0); b++) {
          x = block(x, Optional.of(kept.take()));
        }
      }
      kept.finish();
      return x.elu()
          .apply("logits", Pointwise.of(distribution.maps(model.imageSpec())).withColours(colours));
    }

    private Feature dilated(String name, Feature x) {
      return normalised(
          x.apply(
              name,
              CausalConvolution.square(maps, kernel, MaskType.B)
                  .withDilation(DILATION)
                  .withColours(colours)));
    }

    /**
     * The gated residual block of PixelCNN++; {@code kept} is what it reads beside, if anything.
     */
    private Feature block(Feature x, Optional<Feature> kept) {
      return model.block(
          "block",
          () -> {
            Feature inner = conv("in", x, maps, colours.withInputParts(2));
            if (kept.isPresent()) {
              Pointwise link =
                  Pointwise.of(maps).withoutBias().withColours(colours.withInputParts(2));
              inner = inner.plus(kept.orElseThrow().concatElu().apply("link", link));
            }
            inner = ModelFamily.dropped(normalised(inner), dropout);
            ColourGroups halves = colours.withInputParts(2).withOutputParts(2);
            Feature both = normalised(conv("out", inner, 2 * maps, halves));
            return x.residualGate(both.conditionedOn(conditions));
          });
    }

    private Feature conv(String name, Feature x, int out, ColourGroups groups) {
      return x.concatElu()
          .apply(name, CausalConvolution.square(out, kernel, MaskType.B).withColours(groups));
    }

    private Feature normalised(Feature x) {
      return x.apply(PositionalNormalisation.standard().withChannels(colours.channels()));
    }
  }

  /**
   * Returns a model of the given size in raster order.
   *
   * @param image the images
   * @param blocks blocks at each of the three depths on the way down
   * @param maps maps of every block, a multiple of the colour channels
   */
  public static Definition of(ImageSpec image, int blocks, int maps) {
    return builder(image).blocks(blocks).maps(maps).build();
  }
}
