package io.weft.pyramid;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.complete.PixelMask;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;

/** Under which orders the missing pixels of a large image are as likely as is said of them. */
final class KnownParts {

  private KnownParts() {}

  /** An order of each model. */
  record Orders(GenerationOrder small, GenerationOrder large) {}

  /**
   * Returns the orders under which each missing pixel sees all that are known.
   *
   * @param known which pixels of the large image are known
   * @param example its number, for messages
   * @throws IllegalArgumentException if there are none, or the mask is of another size
   */
  static Orders orders(MultiScale definition, PixelMask known, int example) {
    ImageSpec image = definition.image();
    try {
      known.check(image);
    } catch (IllegalArgumentException e) {
      throw AdvisedException.at("example " + example, e);
    }
    Scale scale = definition.scale();
    int ofSmall = scale.knownOfSmall(known);
    int besides = image.pixels() - known.missing() - ofSmall;
    ImageSpec small = definition.small().image();
    if (ofSmall < small.pixels() && besides > 0) {
      throw new AdvisedException(
          "example "
              + example
              + ": the small image is drawn before the "
              + besides
              + " known pixels beside it are looked at, so that there is no saying how likely its"
              + " missing ones are given these",
          Advice.KNOW_THE_SMALL_IMAGE);
    }
    GenerationOrder first = definition.small().order();
    if (ofSmall > 0 && ofSmall < small.pixels()) {
      PixelMask part = scale.small(known);
      first = definition.small().completionOrder(part);
      checkSeen(example, "small", part.knownAfterMissing(first), first);
    }
    return new Orders(first, large(definition, known, example, besides));
  }

  private static GenerationOrder large(
      MultiScale definition, PixelMask known, int example, int besides) {
    ImageSpec image = definition.image();
    Scale scale = definition.scale();
    PixelMask given = scale.given(known);
    GenerationOrder order = definition.large().completionOrder(given);
    // The small image is seen from everywhere, whatever comes after what.
    int seen = 0;
    for (int rank = 0; given.isKnown(order.position(rank)); rank++) {
      int position = order.position(rank);
      seen += scale.isSmall(position / image.width(), position % image.width()) ? 0 : 1;
    }
    checkSeen(example, "large", besides - seen, order);
    return order;
  }

  private static void checkSeen(int example, String size, int late, GenerationOrder order) {
    if (late > 0) {
      throw new AdvisedException(
          "example "
              + example
              + ": "
              + late
              + " known pixels come after a missing one in the "
              + size
              + " model's order ("
              + order
              + "), so that it cannot say how likely the missing ones are given all known ones",
          Advice.SEE_ALL_KNOWN_PIXELS);
    }
  }
}
