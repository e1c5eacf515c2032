package io.weft.graph;

/**
 * The distribution of one colour value given what came before it, as the output maps of the network
 * parametrise it.
 *
 * <p>Output map m belongs to colour channel m mod channels, as in colour groups: parameter k of
 * channel c is map k * channels + c.
 */
public enum Distribution {
  /** One logit for each level (PixelCNN, section 3.1): levels x channels maps. */
  SOFTMAX {
    @Override
    public int parameters(ImageSpec image) {
      return image.levels();
    }
  },
  /** One logit for level 1 against level 0: as many maps as channels; 2 levels only. */
  BERNOULLI {
    @Override
    public int parameters(ImageSpec image) {
      if (image.levels() != 2) {
        throw new IllegalArgumentException(
            "a Bernoulli output is for images of 2 levels, found "
                + image.levels()
                + "; use softmax");
      }
      return 1;
    }
  };

  /**
   * Returns how many maps describe one colour value.
   *
   * @throws IllegalArgumentException if the distribution does not fit the images
   */
  public abstract int parameters(ImageSpec image);

  /** Returns how many maps the network must give. */
  public int maps(ImageSpec image) {
    return parameters(image) * image.channels();
  }
}
