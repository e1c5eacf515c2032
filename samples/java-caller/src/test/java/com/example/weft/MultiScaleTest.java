package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.RmsProp;
import io.weft.pyramid.MultiScale;
import io.weft.pyramid.MultiScaleModel;
import io.weft.pyramid.Scale;
import io.weft.pyramid.ScaledPixel;
import io.weft.pyramid.Size;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small image, then the large one, as others call it from Java. */
class MultiScaleTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(40).size(8).levels(3).seed(1).grey();
  private static final Examples EXAMPLES = Examples.labelled(DIGITS, "digit");

  @TempDir Path folder;

  // region declare
  private static MultiScale pyramid(ImageSpec image, Scale scale) {
    var small = GatedPixelCnn.builder(scale.small(image)).name("small").blocks(1).maps(8);
    var large =
        GatedPixelCnn.builder(image)
            .name("large")
            .blocks(1)
            .maps(8)
            .smallImageCondition("coarse", scale.factor());
    return new MultiScale(
        small.classCondition("digit", 10).build(),
        large.classCondition("digit", 10).build(),
        "coarse",
        scale);
  }

  // endregion

  @Test
  void completesLargeImages() {
    try (MultiScaleModel model =
        MultiScaleModel.initial(pyramid(DIGITS.spec(), Scale.subsample(2)), 1)) {
      // region complete
      PixelMask top = PixelMask.withoutHalf(DIGITS.spec(), Half.BOTTOM);
      KnownPixels torn = KnownPixels.of(DIGITS, 2, top);
      List<SampledImage> ways =
          model.sampler(7).count(3).labels(i -> 2).complete(torn).images().toList();
      // endregion
      assertEquals(3, ways.size());
      int known = DIGITS.spec().values() / 2;
      for (SampledImage way : ways) {
        assertArrayEquals(Arrays.copyOf(torn.levels(), known), Arrays.copyOf(way.levels(), known));
      }
      assertNotEquals(ways.get(0), ways.get(1));
      // Each its own: the small image's pixels that are missing come first, and then the others.
      List<ScaledPixel> drawn = new ArrayList<>();
      try (var pixels =
          model
              .sampler(7)
              .labels(i -> 2)
              .complete(image -> KnownPixels.of(DIGITS, (int) image, top))
              .pixels()
              .stream()) {
        pixels.forEach(drawn::add);
      }
      assertEquals(32, drawn.size());
      assertEquals(8, drawn.stream().filter(p -> p.size() == Size.SMALL).count());
    }
  }

  @Test
  void isTrainedScoredStreamedAndSaved() throws IOException {
    MultiScale pyramid = pyramid(DIGITS.spec(), Scale.subsample(2));
    try (MultiScaleModel model = MultiScaleModel.initial(pyramid, 1)) {
      // region train
      var options = TrainingOptions.seed(1).steps(20).optimiser(RmsProp.withRate(3e-3)).build();
      model.train(EXAMPLES, options);
      double exact = model.score(EXAMPLES).bitsPerDimension();
      double bound = model.scoreBound(EXAMPLES).bitsPerDimension();
      // endregion
      assertTrue(exact < bound, exact + " and " + bound);
      List<Size> sizes = new ArrayList<>();
      // region stream
      try (Pull<ScaledPixel> pixels = model.sampler(7).labels(i -> 3).pixels().iterator()) {
        while (pixels.hasNext()) {
          sizes.add(pixels.next().size());
        }
      }
      // endregion
      assertEquals(16, sizes.lastIndexOf(Size.SMALL) + 1);
      assertEquals(64, sizes.size());
      List<SampledImage> images = model.sampler(7).labels(i -> 3).images().toList();
      model.save(folder.resolve("pyramid"));
      try (MultiScaleModel loaded = MultiScaleModel.load(folder.resolve("pyramid"))) {
        assertEquals(images, loaded.sampler(7).labels(i -> 3).images().toList());
      }
      Path zip = folder.resolve("pyramid.zip");
      try (OutputStream out = Files.newOutputStream(zip)) {
        model.save(out);
      }
      try (InputStream in = Files.newInputStream(zip);
          MultiScaleModel loaded = MultiScaleModel.load(in)) {
        assertEquals(images, loaded.sampler(7).labels(i -> 3).images().toList());
      }
    }
  }
}
