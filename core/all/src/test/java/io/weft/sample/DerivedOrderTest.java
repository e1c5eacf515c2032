package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.define.Definition;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import io.weft.testing.OrderedModel;
import io.weft.testing.RandomWeights;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Completion by a model that serves every order: all known pixels are context. */
class DerivedOrderTest {

  private static final ImageSpec IMAGE = new ImageSpec(5, 4, 3, 4);
  private static final Definition COLOUR = OrderedModel.of(IMAGE);
  private static final ImageSpec TINY = new ImageSpec(3, 3, 1, 2);
  private static final Definition BINARY =
      OrderedModel.of(TINY, List.of(GenerationOrder.hilbert(3, 3), GenerationOrder.raster(3, 3)));

  private static Sampler colour() {
    return Sampler.of(COLOUR, RandomWeights.of(COLOUR, 2), 43).count(12);
  }

  /** Levels that differ from image to image, masks that differ from three to three. */
  private static KnownPixels known(long index) {
    SplittableRandom places = new SplittableRandom(index / 3);
    PixelMask mask =
        index / 3 == 1
            ? PixelMask.withoutHalf(IMAGE, Half.TOP)
            : PixelMask.of(5, 4, (row, column) -> places.nextInt(2) > 0);
    int[] levels = new SplittableRandom(index).ints(IMAGE.values(), 0, 4).toArray();
    return KnownPixels.of(IMAGE, levels, mask);
  }

  private static Sampler completing() {
    return colour().complete(DerivedOrderTest::known);
  }

  @Test
  void everyKnownPixelComesFirst() {
    assertTrue(COLOUR.servesEveryOrder());
    for (SampledImage image : completing().images().toList()) {
      KnownPixels known = known(image.index());
      GenerationOrder order = known.mask().knownFirst(COLOUR.orders());
      assertTrue(known.mask().isKnownFirst(order));
      assertEquals(known, KnownPixels.of(IMAGE, image.levels(), known.mask()));
      // The same by hand: the model under that order, and every known level forced.
      Definition under = COLOUR.under(order);
      try (SamplingRun run =
          Sampler.of(under, RandomWeights.of(COLOUR, 2), 43).firstImage(image.index()).run()) {
        while (!run.isDone()) {
          if (known.mask().isKnown(run.position())) {
            run.force(0, known.levels()[run.position() * 3 + run.channel()]);
          }
          run.advance();
        }
        assertEquals(run.image(0), image);
      }
    }
  }

  @Test
  void aTrainedOrderIsTakenWhereOneFits() {
    GenerationOrder raster = GenerationOrder.raster(5, 4);
    assertEquals(
        raster.rotate180(),
        PixelMask.withoutHalf(IMAGE, Half.TOP)
            .knownFirst(List.of(raster, raster.rotate180(), raster.flipRows())));
    PixelMask mask = PixelMask.of(5, 4, (row, column) -> row > 2 || column == 1);
    GenerationOrder derived = mask.knownFirst(List.of(raster, raster.flipColumns()));
    assertEquals(
        List.of(1, 5, 9, 12, 13, 14, 15, 16, 17, 18, 19, 0, 2, 3, 4, 6, 7, 8, 10, 11),
        Arrays.stream(derived.positions()).boxed().toList());
    assertThrows(IllegalArgumentException.class, () -> mask.knownFirst(List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> mask.knownFirst(List.of(GenerationOrder.raster(4, 5))));
  }

  @Test
  void neitherTheBatchNorTheMasksOfOthersMatter() {
    List<SampledImage> all = completing().images().toList();
    for (int batch : new int[] {1, 2, 12}) {
      assertEquals(all, completing().batch(batch).images().toList());
    }
    assertEquals(all.subList(5, 8), completing().firstImage(5).count(3).images().toList());
    List<Pixel> pixels = completing().batch(5).pixels().toList();
    assertEquals(IntStream.range(0, 12).map(i -> known(i).mask().missing()).sum(), pixels.size());
    for (Pixel pixel : pixels) {
      SampledImage image = all.get((int) pixel.image());
      assertEquals(image.value(pixel.row(), pixel.column(), 1), pixel.value(1));
    }
    assertEquals(12 * 5, completing().rows().toList().size());
    assertEquals(pixels, completing().batch(5).pixels().toList());
    assertNotEquals(all, completing().seed(1).images().toList());
  }

  @Test
  void inOneRunThereIsOneOrder() {
    var error = assertThrows(IllegalArgumentException.class, () -> completing().run());
    assertTrue(error.getMessage().contains("images 0 and 3 have different masks"), "" + error);
    try (SamplingRun run = completing().count(3).run()) {
      assertTrue(known(0).mask().isKnownFirst(run.order()));
      assertTrue(run.isKnown(2, run.position()));
    }
  }

  /** The log-probabilities of all binary 3 x 3 images under an order; bit p is position p. */
  private static double[] joint(GenerationOrder order, Weights weights) {
    double[] logs = new double[512];
    try (SamplingRun run = Sampler.of(BINARY.under(order), weights, 0).count(512).run()) {
      while (!run.isDone()) {
        for (int i = 0; i < 512; i++) {
          int level = i >> run.position() & 1;
          float[] logits = run.parameters(i);
          double difference = (double) logits[1] - logits[0];
          logs[i] -= Math.log1p(Math.exp(level == 1 ? -difference : difference));
          run.force(i, level);
        }
        run.advance();
      }
    }
    return logs;
  }

  private static KnownPixels known(int image, PixelMask mask) {
    return KnownPixels.of(
        TINY, IntStream.range(0, 9).map(position -> image >> position & 1).toArray(), mask);
  }

  /** One pixel is missing: its distribution is that of Bayes' rule, whatever is around it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void oneMissingPixelFollowsBayes(int missing) {
    Weights weights = RandomWeights.of(BINARY, 9);
    PixelMask mask = PixelMask.of(3, 3, (row, column) -> row * 3 + column != missing);
    double[] logs = joint(mask.knownFirst(BINARY.orders()), weights);
    for (int image = 0; image < 512; image += 7) {
      int without = image & ~(1 << missing);
      double one = Math.exp(logs[without | (1 << missing)]);
      double expected = one / (one + Math.exp(logs[without]));
      try (SamplingRun run = Sampler.of(BINARY, weights, 1).complete(known(without, mask)).run()) {
        while (run.isKnown(0, run.position())) {
          run.advance();
        }
        assertEquals(missing, run.position());
        float[] logits = run.parameters(0);
        assertEquals(expected, 1 / (1 + Math.exp(logits[0] - logits[1])), 1e-5);
      }
    }
  }

  /** Completions of three missing pixels come as often as the renormalised joint says. */
  @Test
  void completionsAreConditionalSamples() {
    Weights weights = RandomWeights.of(BINARY, 6);
    PixelMask mask = PixelMask.of(3, 3, (row, column) -> row != column);
    GenerationOrder order = mask.knownFirst(BINARY.orders());
    assertTrue(
        BINARY.orders().stream().noneMatch(mask::isKnownFirst), "no trained order serves here");
    double[] logs = joint(order, weights);
    int[] places = {0, 4, 8};
    int n = 8_000;
    for (int context : new int[] {0, 170, 511}) {
      int[] found = new int[8];
      for (SampledImage image :
          Sampler.of(BINARY, weights, 12)
              .complete(known(context, mask))
              .count(n)
              .batch(1000)
              .images()
              .toList()) {
        found[IntStream.range(0, 3).map(k -> image.levels()[places[k]] << k).sum()]++;
      }
      double[] masses = new double[8];
      for (int k = 0; k < 8; k++) {
        int image = context;
        for (int b = 0; b < 3; b++) {
          image = (image & ~(1 << places[b])) | ((k >> b & 1) << places[b]);
        }
        masses[k] = Math.exp(logs[image]);
      }
      double total = Arrays.stream(masses).sum();
      double chi = 0;
      for (int k = 0; k < 8; k++) {
        double expected = n * masses[k] / total;
        assertTrue(expected > 5, "expected " + expected);
        chi += (found[k] - expected) * (found[k] - expected) / expected;
      }
      // Seven degrees of freedom: above 29.9 once in 10,000.
      assertTrue(chi < 29.9, "chi-square " + chi + " after " + context);
    }
  }
}
