package io.weft.internal.distribution;

import io.weft.distribution.Distribution;
import io.weft.expression.Expression;
import io.weft.expression.Tap;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a {@linkplain Distribution distribution} says of the values of one colour channel, checked.
 *
 * @param maps the output maps that are its parameters, ascending
 * @param earlier how many of the pixel's earlier values are parameters too, after the maps
 * @param logits the logits of all levels; reads the parameters as the only input, of one position
 */
public record ValueDistribution(List<Integer> maps, int earlier, Expression logits) {

  /** Freezes the list. */
  public ValueDistribution {
    maps = List.copyOf(maps);
  }

  /**
   * Returns what a distribution says of a channel.
   *
   * @throws IllegalArgumentException if its answers contradict each other or do not fit the images
   */
  public static ValueDistribution of(Distribution distribution, ImageSpec image, int channel) {
    List<Integer> maps =
        IntStream.range(0, distribution.maps(image))
            .filter(map -> distribution.describes(image, channel, map))
            .boxed()
            .toList();
    int earlier = distribution.readsEarlierChannels() ? channel : 0;
    if (maps.isEmpty() && earlier == 0) {
      throw wrong(distribution, channel, "is described by none of the output's maps");
    }
    Expression parameters = new Expression.Read(Tap.global(0), maps.size() + earlier);
    Expression logits = distribution.logits(image, channel, parameters);
    if (logits == null) {
      throw wrong(distribution, channel, "has null for logits; return one for each level");
    }
    if (logits.width() != image.levels()) {
      throw wrong(
          distribution,
          channel,
          "gives " + logits.width() + " logits for images of " + image.levels() + " levels");
    }
    if (!logits.parameters().isEmpty()) {
      throw wrong(
          distribution,
          channel,
          "has a learned parameter, \""
              + logits.parameters().get(0).name()
              + "\"; learn it in a layer, and take it from the output's maps");
    }
    if (logits.taps().stream().anyMatch(tap -> !tap.equals(Tap.global(0)))) {
      throw wrong(distribution, channel, "reads more than the parameters that it is given");
    }
    return new ValueDistribution(maps, earlier, logits);
  }

  private static IllegalArgumentException wrong(
      Distribution distribution, int channel, String problem) {
    return new IllegalArgumentException(
        "the distribution " + distribution + " of colour channel " + channel + " " + problem);
  }

  /** Returns how many parameters a value has. */
  public int parameters() {
    return maps.size() + earlier;
  }
}
