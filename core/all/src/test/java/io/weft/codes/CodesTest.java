package io.weft.codes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.codec.CodedImages;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.json.LayerCatalog;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.score.Scores;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
