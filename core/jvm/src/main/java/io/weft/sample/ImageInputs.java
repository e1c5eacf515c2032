package io.weft.sample;

import io.weft.complete.KnownPixels;
import io.weft.internal.Seam;
import io.weft.internal.thread.Interruption;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What callers give for each image of a series, as a model takes it: its conditions, and what is
 * known of it. Each is checked when it is asked for.
 *
 * @param set says what is given
 * @param conditions what the model is conditioned on
 * @param image what it draws
 */
@Seam
public record ImageInputs(Settings set, List<Condition> conditions, ImageSpec image) {

  /** The images whose conditions and known pixels are checked before the first is generated. */
  private static final int CHECKED_AHEAD = 1 << 16;

  /**
   * Asks for what is given for the images of the series and checks it. That of images far ahead is
   * checked when their group is started: a series may be without end.
   *
   * @throws IllegalArgumentException if something is missing or does not fit the model
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public void check() {
    for (int place = 0; place < Math.min(set.count(), CHECKED_AHEAD); place++) {
      Interruption.check();
      conditionsOf(place);
      knownOf(place);
    }
  }

  /**
   * Returns the conditions of an image.
   *
   * @param place of the image in the series, from 0
   * @throws IllegalArgumentException if they do not fit the model
   */
  public ConditionValues conditionsOf(int place) {
    return of(set.conditions(), "the conditions of an image", place, c -> c.check(conditions));
  }

  /**
   * Returns what is known of an image, if images are completed.
   *
   * @param place of the image in the series, from 0
   * @throws IllegalArgumentException if it does not fit the model
   */
  public Optional<KnownPixels> knownOf(int place) {
    return set.known()
        .map(of -> of(of, "the known pixels of an image", place, k -> k.check(image)));
  }

  private <T> T of(OfImage<T> given, String what, int place, Consumer<T> check) {
    long index = set.firstImage() + place;
    try {
      T value = Objects.requireNonNull(given.of(index, place), what);
      check.accept(value);
      return value;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("image " + index + ": " + e.getMessage(), e);
    }
  }
}
