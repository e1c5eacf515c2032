package io.weft.model;

import io.weft.advice.Advice;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.expression.Span;
import io.weft.layer.Before;
import io.weft.layer.Feature;
import io.weft.layer.Ones;
import io.weft.layer.PositionEmbedding;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.List;

/**
 * A small decoder-only transformer over pixels (Image GPT, Chen et al. 2020), in any generation
 * order: each position starts from the pixel before it and a learned embedding of its place, and
 * attends to what the positions up to its own have made of theirs.
 *
 * <p>A block is x + attention(norm(x)), then x + net(norm(x)) with a net of two layers of four
 * times the maps: normalised before, and the residual added once. Heads are equal parts of the
 * maps.
 */
public final class ImageGpt {

  /** The model's name, unless said otherwise. */
  public static final String NAME = "image-gpt";

  /** Blocks, unless said otherwise. */
  public static final int BLOCKS = 8;

  /** Maps of the stream, unless said otherwise. */
  public static final int MAPS = 64;

  /** Heads of each attention, unless said otherwise. */
  public static final int HEADS = 4;

  /** How many times as wide as the stream the net within a block is. */
  private static final int WIDER = 4;

  private static final int COMPONENTS = 10;

  private ImageGpt() {}

  /**
   * Starts a model of 8 blocks of 64 maps with 4 heads. Its output is Bernoulli for images of 2
   * levels, else softmax; for colour a mixture of 10 logistic distributions, whose channels depend
   * on each other.
   */
  public static Builder builder(ImageSpec image) {
    return new Builder(image);
  }

  /** Builds such a transformer; conditions are added to what it starts from. */
  public static final class Builder extends ModelFamily<Builder> {

    private int heads = HEADS;

    private Builder(ImageSpec image) {
      super(NAME, image, BLOCKS, MAPS);
      distribution(usual(image));
    }

    private static Distribution usual(ImageSpec image) {
      if (image.levels() == 2) {
        return Distribution.bernoulli();
      }
      return image.channels() == 1
          ? Distribution.softmax()
          : Distribution.logisticMixture(COMPONENTS);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Gives each attention so many heads, a divisor of the maps. */
    public Builder heads(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("heads: at least 1, found " + count);
      }
      heads = count;
      return this;
    }

    /**
     * Refuses any size but 1: a block reaches other positions by attention.
     *
     * @throws IllegalArgumentException if it is another
     */
    @Override
    public Builder kernel(int size) {
      checkOnly("kernel: the blocks of image-gpt have none", 1, size, "leave it out");
      return this;
    }

    /**
     * Refuses any size but 1: what the stream starts from is the pixel before.
     *
     * @throws IllegalArgumentException if it is another
     */
    @Override
    public Builder firstKernel(int size) {
      checkOnly("first kernel: image-gpt reads one pixel, that before", 1, size, "leave it out");
      return this;
    }

    @Override
    Feature logits(ModelBuilder model, List<Feature> given) {
      if (maps() % heads != 0) {
        throw new DefinitionException(
            "image-gpt takes maps that divide into "
                + heads
                + " heads, found "
                + maps()
                + "; take a multiple",
            Advice.CHANGE_MAPS);
      }
      Feature places = model.image().apply(new Ones()).apply(PositionEmbedding.of(maps()));
      Feature x =
          model.input().apply(new Before()).conv1x1(maps()).plus(places).conditionedOn(given);
      for (int b = 0; b < blocks(); b++) {
        x = block(model, x, heads, dropout());
      }
      return x.layerNormalisation().conv1x1(distribution().maps(model.imageSpec()));
    }
  }

  /**
   * Returns a block: attention to all up to the own position, and a net of two layers.
   *
   * @param model the model under construction
   * @param from the stream, which sees strictly earlier pixels
   * @param heads a divisor of its maps
   * @param dropout the share of what is added to the stream that is dropped in training, 0 for none
   */
  public static Feature block(ModelBuilder model, Feature from, int heads, double dropout) {
    int maps = from.shape().maps();
    return model.block(
        "block",
        () -> {
          Feature seen = from.layerNormalisation();
          Feature found =
              seen.conv1x1(maps)
                  .causalAttention(seen.conv1x1(maps), seen.conv1x1(maps), heads, Span.UP_TO_OWN);
          Feature x = from.plus(ModelFamily.dropped(found.conv1x1(maps), dropout));
          Feature net = x.layerNormalisation().conv1x1(WIDER * maps).relu().conv1x1(maps);
          return x.plus(ModelFamily.dropped(net, dropout));
        });
  }
}
