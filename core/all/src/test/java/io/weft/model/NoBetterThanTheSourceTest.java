package io.weft.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.ImageModel;
import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.optimise.Adam;
import io.weft.pyramid.MultiScale;
import io.weft.pyramid.MultiScaleModel;
import io.weft.pyramid.Scale;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.SlowChecks;
import io.weft.train.TrainingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A result that is too good is a leak until proven otherwise. For pictures one knows of results
 * that nobody has reached; here the images come from a source whose probabilities are known
 * exactly, so that there is no doubt what is too good: no model finds new images likelier than
 * their source does, but by luck. The chance that the likelihoods of all of them together are e^a
 * times the source's is at most e^-a, whatever the model.
 */
class NoBetterThanTheSourceTest {

  private static final ImageSpec IMAGE = new ImageSpec(6, 6, 1, 2);

  /** How often a pixel differs from the one on its left. */
  private static final double TURNS = 0.1;

  /** Beyond e^15 there is no luck: one in three million. */
  private static final double LUCK = 15;

  private static final ImageSet TRAIN = images(400, 1);
  private static final ImageSet TEST = images(200, 2);

  /** Rows of pixels that are mostly like the one on their left, the first a fair coin. */
  private static ImageSet images(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] levels = new int[count * IMAGE.values()];
    for (int i = 0; i < levels.length; i++) {
      boolean first = i % IMAGE.width() == 0;
      levels[i] = first ? random.nextInt(2) : levels[i - 1] ^ (random.nextDouble() < TURNS ? 1 : 0);
    }
    return ImageSet.of(IMAGE, levels);
  }

  /** What the source says of all test images together. */
  private static double ofSource() {
    double sum = 0;
    for (int image = 0; image < TEST.size(); image++) {
      int[] levels = TEST.image(image);
      for (int i = 0; i < levels.length; i++) {
        boolean first = i % IMAGE.width() == 0;
        boolean turns = !first && levels[i] != levels[i - 1];
        sum += Math.log(first ? 0.5 : turns ? TURNS : 1 - TURNS);
      }
    }
    return sum;
  }

  private static double ofAll(ImageModel model, Examples examples) {
    return Arrays.stream(model.score(examples).logLikelihoods()).sum();
  }

  private static TrainingOptions options() {
    return TrainingOptions.seed(1)
        .steps(SlowChecks.times(60, 600))
        .optimiser(Adam.withRate(1e-2))
        .clipNorm(1)
        .build();
  }

  /** Better than coins, so that something was learned, and no better than the source. */
  private static void assertHonest(double found) {
    double coins = -TEST.size() * IMAGE.values() * Math.log(2);
    assertTrue(found > 0.9 * coins, "nothing was learned: " + found + ", coins " + coins);
    assertTrue(
        found < ofSource() + LUCK,
        "log-likelihoods of " + found + " are too good, of their source " + ofSource());
  }

  static List<Definition> families() {
    return List.of(
        small(PixelRnn.rowLstmBuilder(IMAGE)),
        small(PixelRnn.diagonalBiLstmBuilder(IMAGE)),
        small(PixelSnail.builder(IMAGE).components(2).dropout(0)),
        small(ImageGpt.builder(IMAGE).heads(2)));
  }

  private static Definition small(ModelFamily<?> family) {
    return family.blocks(1).maps(6).build();
  }

  @ParameterizedTest
  @MethodSource("families")
  void noFamilyIs(Definition definition) {
    try (Model model = Model.initial(definition, 3)) {
      model.train(Examples.of(TRAIN), options());
      assertHonest(ofAll(model, Examples.of(TEST)));
    }
  }

  @Test
  void noPyramidIs() {
    Scale scale = Scale.subsample(2);
    MultiScale pyramid =
        new MultiScale(
            small(PixelRnn.rowLstmBuilder(scale.small(IMAGE)).name("small")),
            small(PixelRnn.rowLstmBuilder(IMAGE).smallImageCondition("coarse", 2)),
            "coarse",
            scale);
    try (MultiScaleModel model = MultiScaleModel.initial(pyramid, 3)) {
      model.train(Examples.of(TRAIN), options());
      assertHonest(ofAll(model, Examples.of(TEST)));
    }
  }

  /** A model that is given the image itself as a map: this is how a leak looks. */
  @Test
  void aLeakIsSeen() {
    Definition definition = small(GatedPixelCnn.builder(IMAGE).spatialCondition("itself", 1));
    Condition map = definition.conditions().get(0);
    assertEquals("itself", map.name());
    try (Model model = Model.initial(definition, 3)) {
      model.train(withThemselves(TRAIN), options());
      double found = ofAll(model, withThemselves(TEST));
      assertTrue(found > ofSource() + LUCK, "the leak is not seen: " + found);
    }
  }

  private static Examples withThemselves(ImageSet images) {
    return Examples.conditioned(
        images,
        i -> {
          int[] levels = images.image(i);
          float[] map = new float[levels.length];
          for (int v = 0; v < map.length; v++) {
            map[v] = levels[v];
          }
          return ConditionValues.none().withMap("itself", map);
        });
  }
}
