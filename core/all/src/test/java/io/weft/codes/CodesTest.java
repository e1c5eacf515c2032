package io.weft.codes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.codec.CodedImages;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.data.Fit;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.graph.Node;
import io.weft.image.CodePalette;
import io.weft.image.Picture;
import io.weft.json.LayerCatalog;
import io.weft.layer.Embedding;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.MaskType;
import io.weft.layer.OneHot;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.pyramid.MultiScale;
import io.weft.pyramid.MultiScaleModel;
import io.weft.pyramid.Scale;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.score.Scores;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.ReferenceExpression;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Images of more than 256 levels go all the way: trained, scored, drawn, completed, coded. */
class CodesTest {

  private static final ImageSpec SPEC = new ImageSpec(6, 5, 1, 512);
  private static final Definition CODES =
      GatedPixelCnn.builder(SPEC).embedding(8).blocks(1).maps(8).firstKernel(3).build();

  /** Each code follows from the one before: far from it as a number, and so no use as one. */
  private static ImageSet chains(int count) {
    SplittableRandom random = new SplittableRandom(1);
    int[] levels = new int[count * SPEC.values()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] =
          i % SPEC.width() == 0 ? 40 * random.nextInt(12) + 31 : (levels[i - 1] * 197 + 61) % 512;
    }
    return ImageSet.of(SPEC, levels);
  }

  @Test
  void theWholeWay(@TempDir Path folder) throws IOException {
    Examples examples = Examples.of(chains(64));
    try (Model model = Model.initial(CODES, 1)) {
      double before = model.score(examples).bitsPerDimension();
      model.train(
          examples,
          TrainingOptions.seed(1).steps(100).batch(16).optimiser(Adam.withRate(2e-2)).build());
      Scores scores = model.score(examples);
      assertTrue(before > 8.5 && scores.bitsPerDimension() < 3, before + " " + scores);
      model.save(folder.resolve("codes"));
      try (Model onJvm =
          Model.load(folder.resolve("codes"), LayerCatalog.standard(), Device.jvm())) {
        assertScoresAlike(scores, onJvm.score(examples));
      }
      List<SampledImage> drawn = drawn(model.sampler(7));
      assertEquals(
          levels(drawn),
          levels(drawn(model.sampler(7).executor(SamplingExecutor.tensorflowWithoutXla()))));
      assertTrue(drawn.stream().flatMapToInt(i -> Arrays.stream(i.levels())).max().orElse(0) > 255);
      assertCompletes(model, examples.images().image(5));
      assertCodes(model, examples, folder.resolve("codes.weft"));
      try (Model again = Model.load(folder.resolve("codes"))) {
        assertEquals(levels(drawn), levels(drawn(again.sampler(7))));
      }
    }
  }

  @Test
  void valuesAreKeptAsShortsAndShownInColours() {
    ImageSpec spec = new ImageSpec(1, 2, 1, 65_536);
    short[] shorts = {(short) 65_535, 256};
    ImageSet images = ImageSet.of(spec, shorts);
    assertArrayEquals(new int[] {65_535, 256}, images.image(0));
    assertEquals(ImageSet.of(spec, images.image(0)).fingerprint(), images.fingerprint());
    assertThrows(IllegalArgumentException.class, () -> ImageSet.of(spec, new byte[2]));
    assertThrows(IllegalStateException.class, () -> images.copyImage(0, new byte[2], 0));
    assertThrows(IllegalArgumentException.class, () -> images.fitted(Fit.centre(2, 2)));
    assertThrows(
        IllegalArgumentException.class,
        () -> ImageSet.of(new ImageSpec(1, 2, 1, 512), new int[] {512, 0}));
    Picture picture = Picture.of(images, 0);
    assertEquals(3, picture.channels());
    assertEquals(CodePalette.colour(256) >> 8 & 0xFF, picture.value(0, 1, 1));
    assertEquals(0x808080, CodePalette.colour(0));
    assertEquals(
        512, IntStream.range(0, 512).map(CodePalette::colour).distinct().count(), "colours");
    ImageSet grey = ImageSet.of(new ImageSpec(1, 3, 1, 256), new int[] {0, 128, 255});
    assertArrayEquals(new int[] {0, 32_896, 65_535}, grey.quantised(65_536).image(0));
    assertArrayEquals(new int[] {1, 0}, images.quantised(2).image(0));
  }

  @Test
  void embeddingsAreForTheImagesLevelsAndForNothingLearned() {
    ModelBuilder model = ModelBuilder.of("codes", SPEC);
    assertRefused(
        "reads 256 levels, but the images have 512", () -> model.image().embedded(256, 4));
    assertRefused("reads 16 levels, but the images have 512", () -> model.image().oneHot(16));
    Feature learned = model.image().causalConv(1, 3, MaskType.A);
    assertRefused("there are learned numbers behind it", () -> learned.embedded(512, 4));
    assertEquals(
        8, model.image().shiftRight(1).embedded(512, 8).shape().maps(), "what only moves is fine");
  }

  private static void assertRefused(String with, Executable what) {
    String message = assertThrows(DefinitionException.class, what).getMessage();
    assertTrue(message.contains(with), message);
  }

  /** The small image's codes are read as the large one's are. */
  @Test
  void codesGoThroughAPyramid() {
    ImageSpec large = new ImageSpec(4, 4, 1, 512);
    Scale scale = Scale.subsample(2);
    Definition second =
        GatedPixelCnn.builder(large)
            .embedding(4)
            .blocks(1)
            .maps(4)
            .smallImageCondition("small", 2)
            .build();
    Definition first =
        GatedPixelCnn.builder(scale.small(large)).embedding(4).blocks(1).maps(4).build();
    assertEquals(
        2,
        second.graph().nodes().stream()
            .filter(n -> n instanceof Node.Applied a && a.layer() instanceof Embedding)
            .count());
    try (MultiScaleModel model =
        MultiScaleModel.initial(new MultiScale(first, second, "small", scale), 1)) {
      ImageSet images = ImageSet.of(large, IntStream.range(0, 64).map(i -> i * 7 % 512).toArray());
      assertEquals(9, model.score(Examples.of(images)).bitsPerDimension(), 0.5);
      assertEquals(2, model.sampler(1).count(2).images().toList().size());
    }
  }

  @Test
  void aOneHotPixelIsExactlyThat() {
    for (int levels : new int[] {2, 5, 300}) {
      ImageSpec spec = new ImageSpec(1, 1, 1, levels);
      for (int level = 0; level < levels; level += 1 + levels / 7) {
        double[] found =
            ReferenceExpression.of(
                new OneHot(levels).compute(Inputs.of(spec.shape())),
                new double[] {spec.scaled(level)});
        double[] expected = new double[levels];
        expected[level] = 1;
        assertArrayEquals(expected, found);
      }
    }
  }

  private static List<SampledImage> drawn(Sampler sampler) {
    try (Stream<SampledImage> images = sampler.count(3).images().stream()) {
      return images.toList();
    }
  }

  private static void assertScoresAlike(Scores one, Scores other) {
    assertArrayEquals(one.logLikelihoods(), other.logLikelihoods(), 1e-3);
  }

  private static List<List<Integer>> levels(List<SampledImage> images) {
    return images.stream().map(i -> Arrays.stream(i.levels()).boxed().toList()).toList();
  }

  private static void assertCompletes(Model model, int[] image) {
    PixelMask top = PixelMask.of(SPEC.height(), SPEC.width(), (row, column) -> row < 3);
    SampledImage completed =
        drawn(model.sampler(3).complete(KnownPixels.of(SPEC, image, top))).get(0);
    assertArrayEquals(Arrays.copyOf(image, 15), Arrays.copyOf(completed.levels(), 15));
  }

  private static void assertCodes(Model model, Examples examples, Path file) throws IOException {
    Codec codec = Codec.of(model);
    codec.encode(examples).save(file);
    CodedImages coded = codec.open(file);
    assertEquals(examples.images().fingerprint(), coded.decode().images().fingerprint());
  }
}
