package io.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.optimise.Adam;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.Samples;
import io.weft.sample.SamplingExecutor;
import io.weft.sample.SamplingRun;
import io.weft.spec.ImageSpec;
import io.weft.testing.OrderedModel;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ModelSamplingTest {

  private static final ImageSpec IMAGE = new ImageSpec(5, 5, 1, 4);
  private static final Definition DEFINITION =
      GatedPixelCnn.builder(IMAGE).blocks(1).maps(6).build();
  private static final Examples EXAMPLES =
      Examples.of(ImageSet.of(IMAGE, new byte[4 * IMAGE.values()]));
  private static final TrainingOptions HARD =
      TrainingOptions.seed(1).steps(10).optimiser(Adam.withRate(0.05)).build();

  private static final TrainingOptions SOME =
      TrainingOptions.seed(1).steps(20).optimiser(Adam.withRate(0.05)).build();

  @Test
  void aSeriesKeepsTheWeightsItStartedWith() {
    try (Model model = Model.initial(DEFINITION, 1)) {
      Sampler sampler = model.sampler(3).count(2);
      List<Pixel> before = sampler.pixels().toList();
      List<Pixel> during = new ArrayList<>();
      try (Pull<Pixel> pull = sampler.pixels().iterator()) {
        during.add(pull.next());
        model.train(EXAMPLES, HARD);
        pull.forEachRemaining(during::add);
      }
      assertEquals(before, during);
      assertNotEquals(before, sampler.pixels().toList(), "a new series takes the new weights");
    }
  }

  @Test
  void aClosedModelStartsNoSeries() {
    Model model = Model.initial(DEFINITION, 1);
    Sampler sampler = model.sampler(3);
    model.close();
    assertThrows(IllegalStateException.class, () -> model.sampler(3));
    assertThrows(IllegalStateException.class, () -> sampler.pixels().iterator());
  }

  @Test
  void bothExecutorsTakeTheWeightsOfEachTraining() {
    try (Model model = Model.initial(DEFINITION, 1)) {
      Sampler jvm = model.sampler(3).count(3).executor(SamplingExecutor.jvm());
      Sampler tensorflow = jvm.executor(SamplingExecutor.tensorflow());
      Set<List<SampledImage>> all = new HashSet<>();
      for (int round = 0; round < 2; round++) {
        List<SampledImage> images = tensorflow.images().toList();
        assertEquals(levels(jvm.images().toList()), levels(images), "after training " + round);
        all.add(images);
        byte[] values = new byte[4 * IMAGE.values()];
        Arrays.fill(values, (byte) (3 * round));
        model.train(Examples.of(ImageSet.of(IMAGE, values)), SOME);
      }
      List<SampledImage> last = tensorflow.images().toList();
      assertEquals(levels(jvm.images().toList()), levels(last));
      all.add(last);
      assertEquals(3, all.size(), "each training changes the images");
    }
  }

  private static List<String> levels(List<SampledImage> images) {
    return images.stream().map(i -> i.index() + ":" + Arrays.toString(i.levels())).toList();
  }

  @Test
  void tensorFlowGivesTheSameImagesHoweverTheyAreAskedFor() {
    try (Model model = Model.initial(DEFINITION, 1)) {
      Sampler sampler = model.sampler(3).count(3).executor(SamplingExecutor.tensorflow());
      List<SampledImage> images = sampler.images().toList();
      assertEquals(levels(images), levels(sampler.batch(2).images().toList()));
      assertEquals(
          levels(images),
          levels(sampler.executor(SamplingExecutor.tensorflow().rows(2)).images().toList()));
      for (Pixel pixel : sampler.pixels().toList()) {
        SampledImage image = images.get((int) pixel.image());
        int value = pixel.row() * IMAGE.width() + pixel.column();
        assertEquals(image.levels()[value], pixel.values()[0]);
      }
      try (SamplingRun run = sampler.run()) {
        while (!run.isDone()) {
          run.parameters(1);
          run.advance();
        }
        assertEquals(levels(images).get(1), levels(List.of(run.image(1))).get(0));
      }
    }
  }

  @Test
  void bothExecutorsComplete() {
    for (Definition definition : List.of(DEFINITION, OrderedModel.of(IMAGE))) {
      try (Model model = Model.initial(definition, 1)) {
        Sampler jvm =
            model
                .sampler(3)
                .count(6)
                .complete(ModelSamplingTest::known)
                .executor(SamplingExecutor.jvm());
        List<SampledImage> images = jvm.images().toList();
        for (SampledImage image : images) {
          PixelMask mask = known(image.index()).mask();
          assertEquals(known(image.index()), KnownPixels.of(IMAGE, image.levels(), mask));
        }
        Sampler tensorflow = jvm.executor(SamplingExecutor.tensorflowWithoutXla());
        assertEquals(levels(images), levels(tensorflow.images().toList()));
        assertEquals(jvm.pixels().toList(), tensorflow.pixels().toList());
      }
    }
  }

  /** Levels of every image its own; the first four of one mask, the others of another. */
  private static KnownPixels known(long index) {
    int[] levels = new SplittableRandom(index).ints(IMAGE.values(), 0, 4).toArray();
    PixelMask mask =
        index < 4 ? PixelMask.withoutHalf(IMAGE, Half.LEFT) : PixelMask.hole(IMAGE, 1, 1, 3, 3);
    return KnownPixels.of(IMAGE, levels, mask);
  }

  @Test
  void derivedOrdersEndWithTheirModel() {
    Model model = Model.initial(OrderedModel.of(IMAGE), 1);
    Samples<Pixel> pixels =
        model
            .sampler(3)
            .count(6)
            .complete(ModelSamplingTest::known)
            .executor(SamplingExecutor.tensorflowWithoutXla())
            .pixels();
    try (Pull<Pixel> pull = pixels.iterator()) {
      pull.next();
      model.close();
      for (int i = 1; i < 4; i++) {
        pull.next();
      }
      assertThrows(IllegalStateException.class, pull::next, "the next pixel is not drawn");
    }
  }

  @Test
  void aSeriesOnTensorFlowEndsWithItsModel() {
    Model model = Model.initial(DEFINITION, 1);
    Sampler sampler =
        model.sampler(3).count(2).batch(1).executor(SamplingExecutor.tensorflow().rows(1));
    try (Pull<Pixel> pull = sampler.pixels().iterator()) {
      pull.next();
      model.close();
      assertThrows(IllegalStateException.class, pull::next);
      assertThrows(IllegalStateException.class, pull::next, "and again");
    }
  }

  @Test
  void aSeriesOutlivesWhatOthersCompileMeanwhile() {
    // So small that it is soon compiled.
    Definition two = PixelCnn.of(new ImageSpec(1, 2, 1, 4), 1, 2, 3);
    try (Model model = Model.initial(two, 1)) {
      Sampler sampler =
          model.sampler(3).count(2).batch(1).executor(SamplingExecutor.tensorflowWithoutXla());
      List<SampledImage> expected = sampler.images().toList();
      try (Pull<SampledImage> pull = sampler.images().iterator()) {
        assertEquals(expected.get(0), pull.next());
        // More programs, one for each number of images in lockstep, than are kept.
        for (int batch = 2; batch < 19; batch++) {
          sampler.count(batch).batch(batch).images().toList();
        }
        assertEquals(expected.get(1), pull.next());
      }
    }
  }

  @Test
  void onlyAModelSamplesOnTensorFlow() {
    Sampler sampler =
        Sampler.of(DEFINITION, Weights.initial(DEFINITION, 1), 1)
            .executor(SamplingExecutor.tensorflow());
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> sampler.images().toList());
    assertTrue(e.getMessage().contains("Model.sampler"), e.getMessage());
  }
}
