package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.weft.Model;
import io.weft.data.Augmentation;
import io.weft.data.Binarisation;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.data.Variation;
import io.weft.data.Visit;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import org.junit.jupiter.api.Test;

/** Images that become something else at every visit. */
class VariationTest {

  private static final ImageSet GREY = EmbeddedDigits.count(10).size(8).seed(1).grey();

  @Test
  void binarise() {
    // region binarise
    ImageSet once = GREY.binarised(Binarisation.fixed(1)); // or threshold()
    Examples anew = Examples.of(GREY).varied(Binarisation.dynamic(1));
    Examples moved = anew.varied(Augmentation.shifted(1, 0, 2)); // also mirrored(seed)
    // endregion
    assertEquals(2, once.levels());
    assertEquals(once.fingerprint(), anew.images().fingerprint());
    assertNotEquals(once.fingerprint(), moved.images().fingerprint());
  }

  /** Turns every image upside down in odd epochs. */
  private record UpsideDown() implements Variation {
    @Override
    public ImageSpec spec(ImageSpec images) {
      return images;
    }

    @Override
    public int[] apply(ImageSpec images, int[] levels, Visit visit) {
      int[] turned = levels.clone();
      int row = images.width() * images.channels();
      for (int i = 0; visit.epoch() % 2 == 1 && i < levels.length; i++) {
        turned[i] = levels[levels.length - row * (i / row + 1) + i % row];
      }
      return turned;
    }
  }

  @Test
  void oneOfOnesOwn() {
    Examples turning = Examples.of(GREY.quantised(2)).varied(new UpsideDown());
    int[] first = turning.image(new Visit(0, 3));
    int[] second = turning.image(new Visit(1, 3));
    assertEquals(first[2 * 8 + 5], second[5 * 8 + 5]);
    try (Model model = Model.initial(PixelCnn.of(turning.spec(), 1, 4, 3), 1)) {
      model.train(turning, TrainingOptions.seed(1).epochs(2).batch(5).build());
      assertEquals(10, model.score(turning).size());
      assertArrayEquals(
          model.score(turning).logLikelihoods(),
          model.score(Examples.of(turning.images())).logLikelihoods());
    }
  }
}
