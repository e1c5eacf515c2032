package io.weft.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.Model;
import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.order.GenerationOrder;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every family promises, of those that came last: it trains on after a stop as if there had
 * been none, draws the same in any batch, completes, and is the same model when it is loaded.
 */
class WholeLifeTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(24).size(8).levels(3).seed(4).grey();
  private static final Examples EXAMPLES = Examples.labelled(DIGITS, "digit");

  @TempDir Path folder;

  static List<Definition> families() {
    ImageSpec image = DIGITS.spec();
    return List.of(
        with(PixelRnn.rowLstmBuilder(image)),
        with(PixelRnn.diagonalBiLstmBuilder(image)),
        with(PixelSnail.builder(image).components(2)),
        with(ImageGpt.builder(image).heads(2).order(GenerationOrder.hilbert(8, 8))));
  }

  private static Definition with(ModelFamily<?> family) {
    return family.blocks(1).maps(4).classCondition("digit", 10).build();
  }

  private static TrainingOptions steps(int count) {
    return TrainingOptions.seed(1).steps(count).batch(8).build();
  }

  @ParameterizedTest
  @MethodSource("families")
  void trainsDrawsCompletesAndIsSaved(Definition definition) throws IOException {
    try (Model whole = Model.initial(definition, 3);
        Model model = Model.initial(definition, 3)) {
      whole.train(EXAMPLES, steps(5));
      model.train(EXAMPLES, steps(3));
      List<SampledImage> before = drawnInAnyBatch(model);
      completes(model);
      model.save(folder.resolve("saved"));
      try (Model loaded = Model.load(folder.resolve("saved"))) {
        assertEquals(definition, loaded.definition());
        assertEquals(before, drawnInAnyBatch(loaded));
        assertArrayEquals(
            model.score(EXAMPLES).logLikelihoods(), loaded.score(EXAMPLES).logLikelihoods());
        loaded.resume(EXAMPLES, steps(5));
        assertSameWeights(whole, loaded);
      }
    }
  }

  private static void assertSameWeights(Model expected, Model found) {
    Weights all = expected.snapshot().weights();
    for (String name : all.names()) {
      assertArrayEquals(all.values(name), found.snapshot().weights().values(name), name);
    }
  }

  private static Sampler sampler(Model model) {
    return model.sampler(7).count(5).labels(image -> (int) image);
  }

  private static List<SampledImage> drawnInAnyBatch(Model model) {
    List<SampledImage> images = sampler(model).images().toList();
    assertEquals(images, sampler(model).batch(1).images().toList());
    assertEquals(images, sampler(model).batch(3).images().toList());
    assertEquals(images.subList(2, 5), sampler(model).firstImage(2).count(3).images().toList());
    sampler(model).batch(2).pixels().stream()
        .forEach(
            pixel ->
                assertEquals(
                    images.get((int) pixel.image()).value(pixel.row(), pixel.column(), 0),
                    pixel.value(0)));
    return images;
  }

  private static void completes(Model model) {
    for (PixelMask mask :
        List.of(
            PixelMask.withoutHalf(DIGITS.spec(), Half.BOTTOM),
            PixelMask.hole(DIGITS.spec(), 2, 1, 3, 4))) {
      KnownPixels torn = KnownPixels.of(DIGITS, 2, mask);
      List<SampledImage> images = sampler(model).complete(torn).images().toList();
      assertEquals(images, sampler(model).complete(torn).batch(1).images().toList());
      for (SampledImage image : images) {
        for (int p = 0; p < 64; p++) {
          if (mask.isKnown(p)) {
            assertEquals(torn.levels()[p], image.levels()[p]);
          }
        }
      }
    }
  }
}
