package io.weft.anomaly;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.score.Scores;
import java.util.List;
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

  /** Measures images under two models. */
  static Measured of(ImageSet images, Model model, Model background) {
    return of(images, model::score, background::score);
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
        IntStream.range(0, images.size())
            .mapToObj(i -> Measures.of(images, i, own, other))
            .toList());
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
