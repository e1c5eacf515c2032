package io.weft.distribution;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.expression.Expression;
import io.weft.expression.Unary;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The distribution of one colour value given what came before it, as the output maps of the network
 * parametrise it: an immutable value, of Weft or of your own.
 *
 * <p>Its meaning is one function, {@link #logits}, in the expression language: from the parameters
 * of a colour value to the logarithm of each level's mass, up to a summand that all levels share.
 * The probability of level v is e^(logit v) over the sum of all, so that it sums to 1 whatever the
 * network says. From this follow, in every engine, the likelihood that is trained and scored, and
 * how a level is drawn: at temperature T and a uniform number u it is the first one at which the
 * sum of e^((logit - largest) / T) over it and the levels below exceeds u times the sum over all.
 *
 * <p>The parameters of a colour value are the output maps that {@linkplain #describes describe} its
 * channel, ascending; where the distribution {@linkplain #readsEarlierChannels reads} them, the
 * pixel's earlier colour values, scaled to [-1, 1], follow.
 *
 * <p>To save models with a distribution of your own, make it a record and add it to the catalog
 * ({@code LayerCatalog.withDistribution}). What comes out below does not depend on where a
 * distribution is from: engines know quicker ways for Weft's own, which give the same masses.
 *
 * <pre>{@code
 * // The mass of a level falls exponentially with its distance from a location.
 * record DiscreteLaplace() implements Distribution {
 *   public int maps(ImageSpec image) {
 *     return 2 * image.channels();
 *   }
 *
 *   public Expression logits(ImageSpec image, int channel, Expression parameters) {
 *     Expression levels = Expression.constants(image.scaledLevels());
 *     Expression location = parameters.slice(0, 1).repeated(levels.width());
 *     Expression sharpness = parameters.slice(1, 1).map(Unary.EXP).repeated(levels.width());
 *     Expression distance = levels.minus(location).map(Unary.SQUARE).map(Unary.SQRT);
 *     return distance.times(sharpness).map(Unary.NEGATE);
 *   }
 * }
 * }</pre>
 */
public interface Distribution {

  /** Returns one logit for each level (PixelCNN, section 3.1): levels x channels maps. */
  static Distribution softmax() {
    return new Softmax();
  }

  /** Returns one logit for level 1 against level 0: as many maps as channels; 2 levels only. */
  static Distribution bernoulli() {
    return new Bernoulli();
  }

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

  /**
   * Returns whether an output map is a parameter of colour channel {@code channel}. Without more,
   * maps belong to channels in turn, as in colour groups: map m to channel m modulo channels.
   */
  default boolean describes(ImageSpec image, int channel, int map) {
    return map % image.channels() == channel;
  }

  /**
   * Returns whether a colour value's distribution also reads the pixel's earlier values; without
   * more it does not.
   */
  default boolean readsEarlierChannels() {
    return false;
  }

  /**
   * Returns the logarithm of each level's mass, up to a summand that all levels share.
   *
   * @param channel the colour channel of the value
   * @param parameters of the value: the maps that describe the channel, then, where they are read,
   *     the pixel's earlier values, scaled to [-1, 1]
   * @return as wide as there are levels, level 0 first; computed from {@code parameters} and
   *     constants alone
   */
  Expression logits(ImageSpec image, int channel, Expression parameters);

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
    public Expression logits(ImageSpec image, int channel, Expression parameters) {
      return parameters;
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
        throw new AdvisedException(
            "a Bernoulli output is for images of 2 levels, found " + image.levels(),
            Advice.USE_SOFTMAX);
      }
      return image.channels();
    }

    @Override
    public Expression logits(ImageSpec image, int channel, Expression parameters) {
      return Expression.concat(List.of(parameters.like(0), parameters));
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
    public boolean readsEarlierChannels() {
      return true;
    }

    @Override
    public Expression logits(ImageSpec image, int channel, Expression parameters) {
      int levels = image.levels();
      int own = firstMap(channel + 1);
      Expression weights = parameters.slice(0, components);
      for (int c = 0; c < channel; c++) {
        Expression earlier = parameters.slice(own + c, 1).repeated(components);
        weights =
            weights.plus(
                logMass(levels, mean(c, own, parameters), logScale(c, parameters), earlier));
      }
      // All levels of component 0, then all of component 1, and so on.
      Expression masses =
          logMass(
              levels,
              eachRepeated(mean(channel, own, parameters), levels),
              eachRepeated(logScale(channel, parameters), levels),
              Expression.constants(image.scaledLevels()).repeated(components));
      Expression joint = eachRepeated(weights, levels).plus(masses);
      Expression sum = joint.slice(0, levels);
      for (int k = 1; k < components; k++) {
        Expression other = joint.slice(k * levels, levels);
        // log(e^a + e^b)
        sum = sum.plus(other.minus(sum).map(Unary.SOFTPLUS));
      }
      return sum;
    }

    private Expression mean(int channel, int own, Expression parameters) {
      int first = firstMap(channel);
      Expression mean = parameters.slice(first, components);
      for (int c = 0; c < channel; c++) {
        Expression coefficients = parameters.slice(first + (2 + c) * components, components);
        Expression value = parameters.slice(own + c, 1).repeated(components);
        mean = mean.plus(coefficients.map(Unary.TANH).times(value));
      }
      return mean;
    }

    private Expression logScale(int channel, Expression parameters) {
      Expression given = parameters.slice(firstMap(channel) + components, components);
      return given
          .maximum(given.like((float) LEAST_LOG_SCALE))
          .minimum(given.like((float) LARGEST_LOG_SCALE));
    }

    private static Expression eachRepeated(Expression values, int times) {
      return Expression.concat(
          IntStream.range(0, values.width())
              .mapToObj(i -> values.slice(i, 1).repeated(times))
              .toList());
    }

    /**
     * The logarithm of a logistic's mass from halfway below to halfway above a value. Between z and
     * z + w it has sigmoid(z + w) sigmoid(-z) (1 - e^-w): a product, whose logarithm is exact in
     * both tails; with t = tanh(w / 2) the last factor is 2 t / (1 + t).
     */
    private static Expression logMass(
        int levels, Expression mean, Expression logScale, Expression value) {
      float half = 1f / (levels - 1);
      Expression sharpness = logScale.map(Unary.NEGATE).map(Unary.EXP);
      Expression below = value.minus(value.like(half)).minus(mean).times(sharpness);
      Expression above = value.plus(value.like(half)).minus(mean).times(sharpness);
      Expression t = sharpness.times(sharpness.like(half)).map(Unary.TANH);
      Expression within = t.plus(t).map(Unary.LOG).minus(t.plus(t.like(1)).map(Unary.LOG));
      // 1 where a level has one before it, or one after it, and 0 at that end.
      Expression scale = value.like((levels - 1) / 2f);
      Expression bounded = value.plus(value.like(1)).times(scale).minimum(value.like(1));
      Expression bounding = value.like(1).minus(value).times(scale).minimum(value.like(1));
      return bounded
          .times(bounding)
          .times(within)
          .minus(bounding.times(above.map(Unary.NEGATE).map(Unary.SOFTPLUS)))
          .minus(bounded.times(below.map(Unary.SOFTPLUS)));
    }

    @Override
    public String toString() {
      return "LOGISTIC MIXTURE of " + components;
    }
  }
}
