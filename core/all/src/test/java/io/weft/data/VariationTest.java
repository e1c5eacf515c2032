package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What images become at a visit is a pure function of the image, the epoch and the seed. */
class VariationTest {

  private static final ImageSpec ROW = new ImageSpec(1, 4, 1, 256);

  private static byte[] bytes(int... levels) {
    byte[] bytes = new byte[levels.length];
    for (int i = 0; i < levels.length; i++) {
      bytes[i] = (byte) levels[i];
    }
    return bytes;
  }

  @Test
  void theThresholdIsInTheMiddleAndThatOfQuantising() {
    ImageSet grey = ImageSet.of(ROW, bytes(0, 127, 128, 255));
    ImageSet binary = grey.binarised(Binarisation.threshold());
    assertArrayEquals(new int[] {0, 0, 1, 1}, binary.image(0));
    assertEquals(new ImageSpec(1, 4, 1, 2), binary.spec());
    assertEquals(grey.quantised(2).fingerprint(), binary.fingerprint());
  }

  @Test
  void valuesAreDrawnWithTheProbabilityOfTheirGrey() {
    int count = 20_000;
    ImageSet grey = ImageSet.of(ROW, repeated(count, 0, 51, 204, 255));
    ImageSet binary = grey.binarised(Binarisation.fixed(3));
    double[] share = new double[4];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < 4; k++) {
        share[k] += binary.image(i)[k];
      }
    }
    assertEquals(0, share[0]);
    // Three standard deviations are 0.0085.
    assertEquals(0.2, share[1] / count, 0.0085);
    assertEquals(0.8, share[2] / count, 0.0085);
    assertEquals(count, share[3]);
  }

  private static byte[] repeated(int count, int... levels) {
    byte[] one = bytes(levels);
    byte[] all = new byte[count * one.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = one[i % one.length];
    }
    return all;
  }

  @Test
  void aFixedDrawStaysAndADynamicOneIsNewInEachEpoch() {
    ImageSet grey = EmbeddedDigits.count(20).size(12).seed(1).grey();
    Examples fixed = Examples.of(grey).varied(Binarisation.fixed(5));
    Examples dynamic = Examples.of(grey).varied(Binarisation.dynamic(5));
    assertArrayEquals(visit(fixed, 0, 7), visit(fixed, 9, 7));
    assertArrayEquals(visit(dynamic, 9, 7), visit(dynamic, 9, 7));
    assertFalse(Arrays.equals(visit(dynamic, 8, 7), visit(dynamic, 9, 7)));
    assertFalse(
        Arrays.equals(
            visit(dynamic, 9, 7), visit(Examples.of(grey).varied(Binarisation.dynamic(6)), 9, 7)));
    assertArrayEquals(visit(dynamic, 0, 7), levels(dynamic.images(), 7));
    assertEquals(fixed.images().fingerprint(), dynamic.images().fingerprint());
    assertEquals(2, dynamic.spec().levels());
  }

  private static int[] visit(Examples examples, long epoch, int image) {
    return examples.image(new Visit(epoch, image));
  }

  private static int[] levels(ImageSet images, int image) {
    int[] levels = new int[images.spec().values()];
    images.copyImage(image, levels, 0);
    return levels;
  }

  private static int[] levels(Batch batch, int image) {
    int[] levels = new int[64];
    batch.levels().copyTo(64 * image, levels, 0, 64);
    return levels;
  }

  @Test
  void aBatchHasItsImagesAsTheirEpochSeesThem() {
    Examples dynamic =
        Examples.of(EmbeddedDigits.count(6).size(8).seed(1).grey()).varied(Binarisation.dynamic(5));
    Batch batch = Batch.ofEpoch(3, dynamic, List.of(), 4, 2);
    assertEquals(dynamic.spec(), batch.image());
    assertArrayEquals(visit(dynamic, 3, 4), levels(batch, 0));
    assertArrayEquals(visit(dynamic, 3, 2), levels(batch, 1));
  }

  @Test
  void mirroringKeepsRowsAndChannels() {
    ImageSpec spec = new ImageSpec(2, 3, 2, 16);
    int[] image = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    int[] mirrored = {4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7};
    Variation variation = Augmentation.mirrored(1);
    int turned = 0;
    for (int i = 0; i < 1000; i++) {
      int[] found = variation.apply(spec, image.clone(), new Visit(i, 0));
      boolean is = Arrays.equals(found, mirrored);
      assertTrue(is || Arrays.equals(found, image));
      turned += is ? 1 : 0;
    }
    assertTrue(turned > 430 && turned < 570, turned + " of 1,000");
  }

  @Test
  void shiftingReachesEveryDistanceAndFillsWithTheGround() {
    ImageSpec spec = new ImageSpec(5, 5, 1, 8);
    int[] image = new int[25];
    image[12] = 7;
    Variation variation = Augmentation.shifted(2, 3, 1);
    int[] seen = new int[25];
    for (int i = 0; i < 2500; i++) {
      int[] found = variation.apply(spec, image.clone(), new Visit(0, i));
      int at = IntStream.range(0, 25).filter(k -> found[k] == 7).findFirst().orElseThrow();
      seen[at]++;
      int down = at / 5 - 2;
      int right = at % 5 - 2;
      for (int k = 0; k < 25; k++) {
        boolean outside = k / 5 < down || k / 5 >= 5 + down || k % 5 < right || k % 5 >= 5 + right;
        assertEquals(outside ? 3 : k == at ? 7 : 0, found[k]);
      }
    }
    assertTrue(Arrays.stream(seen).allMatch(n -> n > 50 && n < 160), Arrays.toString(seen));
  }

  @Test
  void whatCannotBeDoneIsRefused() {
    ImageSet small = ImageSet.of(ROW, new byte[4]);
    Examples examples = Examples.of(small);
    assertEquals(
        "shifting by up to 1 pixels leaves nothing of images of " + ROW,
        assertThrows(
                IllegalArgumentException.class,
                () -> examples.varied(Augmentation.shifted(1, 0, 1)))
            .getMessage());
    Examples digits = Examples.of(EmbeddedDigits.count(1).size(8).levels(4).seed(1).grey());
    assertEquals(
        "the ground has level 4; expected 0 to 3",
        assertThrows(
                IllegalArgumentException.class, () -> digits.varied(Augmentation.shifted(1, 4, 1)))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Augmentation.shifted(0, 0, 1));
  }

  @Test
  void aPieceIsCutAtAnyPlaceAnewInEachEpoch() {
    ImageSpec form = new ImageSpec(3, 4, 2, 256);
    byte[] levels = new byte[form.values()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) i;
    }
    Examples pieces = Examples.of(ImageSet.of(form, levels)).varied(Augmentation.cropped(2, 3, 5));
    assertEquals(new ImageSpec(2, 3, 2, 256), pieces.spec());
    Map<List<Integer>, Integer> found = new HashMap<>();
    for (int epoch = 0; epoch < 400; epoch++) {
      int[] piece = visit(pieces, epoch, 0);
      int first = piece[0];
      int[] expected = IntStream.range(0, 12).map(i -> first + i / 6 * 8 + i % 6).toArray();
      assertArrayEquals(expected, piece);
      found.merge(List.of(first / 8, first % 8 / 2), 1, Integer::sum);
      assertArrayEquals(piece, visit(pieces, epoch, 0));
    }
    assertEquals(
        Set.of(List.of(0, 0), List.of(0, 1), List.of(1, 0), List.of(1, 1)), found.keySet());
    // Four standard deviations of a hundred are 35.
    assertTrue(found.values().stream().allMatch(n -> n > 65 && n < 135), "" + found);
    assertEquals(
        "images of 3x4x2, 256 levels have no pieces of 4x4",
        assertThrows(IllegalArgumentException.class, () -> Augmentation.cropped(4, 4, 1).spec(form))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Augmentation.cropped(0, 4, 1));
  }

  @Test
  void trainingOnPiecesResumesExactly() {
    Examples pieces = Examples.of(DIGITS).varied(Augmentation.cropped(6, 5, 2));
    Definition definition = PixelCnn.of(pieces.spec(), 1, 4, 3);
    Examples centre = Examples.of(DIGITS.fitted(Fit.centre(6, 5)));
    try (Model whole = Model.initial(definition, 1);
        Model halves = Model.initial(definition, 1)) {
      whole.train(pieces, epochs(4));
      halves.train(pieces, epochs(2));
      halves.resume(pieces, epochs(4));
      assertArrayEquals(values(whole), values(halves));
      assertEquals(10, whole.score(centre).size());
    }
  }

  private static final ImageSet DIGITS = EmbeddedDigits.count(10).size(8).seed(1).grey();

  private static final Examples DRAWN =
      Examples.of(DIGITS).varied(Augmentation.shifted(1, 0, 2)).varied(Binarisation.dynamic(2));

  private static final Definition SMALL = PixelCnn.of(DRAWN.spec(), 1, 4, 3);

  private static TrainingOptions epochs(int epochs) {
    return TrainingOptions.seed(4).epochs(epochs).batch(4).build();
  }

  @Test
  void trainingSeesNewDrawsAndResumesExactly() {
    try (Model whole = Model.initial(SMALL, 1);
        Model halves = Model.initial(SMALL, 1);
        Model still = Model.initial(SMALL, 1)) {
      whole.train(DRAWN, epochs(4));
      halves.train(DRAWN, epochs(2));
      halves.resume(DRAWN, epochs(4));
      assertArrayEquals(values(whole), values(halves));
      still.train(Examples.of(DRAWN.images()), epochs(4));
      assertFalse(Arrays.equals(values(whole), values(still)));
    }
  }

  private static float[] values(Model model) {
    return model.weights().values(model.weights().names().iterator().next());
  }

  @Test
  void aRunIsNotGoneOnWithOnOtherDraws() {
    try (Model model = Model.initial(SMALL, 1)) {
      model.train(DRAWN, epochs(1));
      Examples others =
          Examples.of(DIGITS).varied(Augmentation.shifted(1, 0, 2)).varied(Binarisation.dynamic(3));
      String message =
          assertThrows(IllegalArgumentException.class, () -> model.resume(others, epochs(2)))
              .getMessage();
      assertTrue(message.contains("binarised by drawing anew at every visit, seed 3"), message);
    }
  }

  @Test
  void drawingMnistCostsWhatThePapersSay() throws Exception {
    Optional<Path> real = TestData.real("mnist");
    Assumptions.assumeTrue(real.isPresent(), "no ../shared/data/mnist");
    ImageSet test = DataPath.test(real.get()).orElseThrow();
    double nats = 0;
    for (int i = 0; i < test.size(); i++) {
      for (int level : test.image(i)) {
        double p = level / 255.0;
        nats -= p > 0 && p < 1 ? p * Math.log(p) + (1 - p) * Math.log(1 - p) : 0;
      }
    }
    assertEquals(45.5, nats / test.size(), 0.05);
  }
}
