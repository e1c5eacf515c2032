package io.weft.graph;

/**
 * The distribution of one colour value given what came before it, as the output maps of the network
 * parametrise it.
 *
 * <p>The parameters of a colour value are the output maps that {@linkplain #describes describe} its
 * channel, ascending; where the distribution {@linkplain #readsEarlierChannels reads} them, the
 * pixel's earlier colour values, scaled to [-1, 1], follow.
 */
public sealed interface Distribution {

  /** One logit for each level (PixelCNN, section 3.1): levels x channels maps. */
  Distribution SOFTMAX = new Softmax();

  /** One logit for level 1 against level 0: as many maps as channels; 2 levels only. */
  Distribution BERNOULLI = new Bernoulli();

  /**
   * Returns a mixture of discretised logistic distributions (PixelCNN++, section 2.1).
   *
   * @param components how many are mixed, at least 1; the paper has 10
   */
  static Distribution logisticMixture(int components) {
    return new LogisticMixture(components);
  }

  /**
   * Returns how many maps the network must give.
   *
   * @throws IllegalArgumentException if the distribution does not fit the images
   */
  int maps(ImageSpec image);

  /** Returns whether an output map is a parameter of colour channel {@code channel}. */
  boolean describes(ImageSpec image, int channel, int map);

  /** Returns whether a colour value's distribution also reads the pixel's earlier values. */
  boolean readsEarlierChannels();

  /** Returns how many parameters a colour value of a channel has. */
  int parameters(ImageSpec image, int channel);

  /**
   * One logit for each level. Logit k of channel c is map k x channels + c: maps belong to channels
   * as in colour groups.
   */
  record Softmax() implements Distribution {
    @Override
    public int maps(ImageSpec image) {
      return image.levels() * image.channels();
    }

    @Override
    public boolean describes(ImageSpec image, int channel, int map) {
      return map % image.channels() == channel;
    }

    @Override
    public int parameters(ImageSpec image, int channel) {
      return image.levels();
    }

    @Override
    public boolean readsEarlierChannels() {
      return false;
    }

    @Override
    public String toString() {
      return "SOFTMAX";
    }
  }

  /** One logit for level 1 against level 0. The logit of channel c is map c. */
  record Bernoulli() implements Distribution {
    @Override
    public int maps(ImageSpec image) {
      if (image.levels() != 2) {
        throw new IllegalArgumentException(
            "a Bernoulli output is for images of 2 levels, found "
                + image.levels()
                + "; use softmax");
      }
      return image.channels();
    }

    @Override
    public boolean describes(ImageSpec image, int channel, int map) {
      return map % image.channels() == channel;
    }

    @Override
    public int parameters(ImageSpec image, int channel) {
      return 1;
    }

    @Override
    public boolean readsEarlierChannels() {
      return false;
    }

    @Override
    public String toString() {
      return "BERNOULLI";
    }
  }

  /**
   * A mixture of discretised logistic distributions (PixelCNN++, section 2.1, equations 2 and 3).
   *
   * <p>With K components, the maps are K logits of the mixture, shared by all channels of a pixel;
   * then for each channel c: K means, K log-scales (held within {@link #LEAST_LOG_SCALE} and {@link
   * #LARGEST_LOG_SCALE}), and for each earlier channel i of the pixel K coefficients, of which the
   * hyperbolic tangent times the value of channel i is added to the means. The distribution of a
   * channel reads the maps of earlier ones too: what they drew says which component is likely.
   *
   * <p>Level v of {@code levels} sits at 2v / (levels - 1) - 1 and has the mass from halfway to the
   * level before to halfway to the next; the first and the last level have all that is beyond. So
   * the masses of all levels sum to 1.
   *
   * @param components K, at least 1
   */
  record LogisticMixture(int components) implements Distribution {

    /** Smaller log-scales count as this: such a logistic lies within one level of 256. */
    public static final double LEAST_LOG_SCALE = -7;

    /** Larger log-scales count as this, so that no mass becomes 0 in float32. */
    public static final double LARGEST_LOG_SCALE = 80;

    /** Checks the count. */
    public LogisticMixture {
      // An output has at most 2^16 maps, and a component at most 15 of them.
      if (components < 1 || components > 4096) {
        throw new IllegalArgumentException(
            "a logistic mixture has 1 to 4096 components, found " + components);
      }
    }

    /** Returns the first map of a channel's own parameters, its means. */
    public int firstMap(int channel) {
      return components * (1 + 2 * channel + channel * (channel - 1) / 2);
    }

    @Override
    public int maps(ImageSpec image) {
      return firstMap(image.channels());
    }

    @Override
    public boolean describes(ImageSpec image, int channel, int map) {
      return map < firstMap(channel + 1);
    }

    @Override
    public int parameters(ImageSpec image, int channel) {
      return firstMap(channel + 1) + channel;
    }

    @Override
    public boolean readsEarlierChannels() {
      return true;
    }

    @Override
    public String toString() {
      return "LOGISTIC MIXTURE of " + components;
    }
  }
}
