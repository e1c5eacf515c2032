package io.weft.anomaly;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.internal.thread.Interruption;
import io.weft.score.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Images, and what was measured of each. Immutable.
 *
 * @param images the images
 * @param scores under the model
 * @param background under the background model
 * @param each what was measured of each image
 */
record Measured(ImageSet images, Scores scores, Scores background, List<Measures> each) {

  /** Two likelihoods for each of these are 128 MB. */
  private static final int VALUES_AT_ONCE = 1 << 24;

  /** Measures images under two models. */
  static Measured of(ImageSet images, Model model, Model background) {
    return of(images, model::score, background::score);
  }

  /** What becomes of images before they are measured. */
  @FunctionalInterface
  interface Change {
    /**
     * Changes some images.
     *
     * @param first the number of the first among all
     */
    ImageSet of(ImageSet images, int first);
  }

  /**
   * Measures images as above, some at a time: log-likelihoods of all may be more than memory has.
   *
   * @param part takes what was measured of each part, in order
   */
  static void inParts(
      ImageSet images, Change change, Model model, Model background, Consumer<Measured> part) {
    int most = Math.max(1, VALUES_AT_ONCE / images.spec().values());
    inParts(images, most, change, model, background, part);
  }

  /** Measures images as above, so many at a time. */
  static void inParts(
      ImageSet images,
      int most,
      Change change,
      Model model,
      Model background,
      Consumer<Measured> part) {
    for (int first = 0, end; first < images.size(); first = end) {
      end = first + Math.min(most, images.size() - first);
      part.accept(of(change.of(images.slice(first, end), first), model, background));
    }
  }

  /** Measures images in parts as above, and returns what was measured of each. */
  static List<Measures> each(ImageSet images, Change change, Model model, Model background) {
    List<Measures> all = new ArrayList<>();
    inParts(images, change, model, background, part -> all.addAll(part.each()));
    return List.copyOf(all);
  }

  /** Measures images by what scores them under two models. */
  static Measured of(
      ImageSet images, Function<Examples, Scores> model, Function<Examples, Scores> background) {
    Examples examples = Examples.of(images);
    Scores own = model.apply(examples);
    Scores other = background.apply(examples);
    return new Measured(
        images,
        own,
        other,
        IntStream.range(0, images.size()).mapToObj(i -> measures(images, i, own, other)).toList());
  }

  private static Measures measures(ImageSet images, int image, Scores own, Scores background) {
    Interruption.check();
    return Measures.of(images, image, own, background);
  }

  int size() {
    return each.size();
  }

  /** Returns what each pixel of an image adds to a score, in nats, [row, column]. */
  float[] heat(AnomalyScore by, int image) {
    float[] heat = scores.pixelLogLikelihoods(image);
    float[] less = background.pixelLogLikelihoods(image);
    for (int pixel = 0; pixel < heat.length; pixel++) {
      heat[pixel] = (by == AnomalyScore.LIKELIHOOD_RATIO ? less[pixel] : 0) - heat[pixel];
    }
    return heat;
  }
}
