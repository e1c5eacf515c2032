package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Completion under a fixed order: known pixels are clamped. */
class CompletionTest {

  private static final ImageSpec IMAGE = new ImageSpec(6, 5, 1, 8);
  private static final Definition DIGITS = GatedPixelCnn.classConditional(IMAGE, 10, 2, 8, 3);
  private static final Definition COLOUR = PixelCnn.textbook(new ImageSpec(5, 4, 3, 4), 3, 6, 3);

  private static Sampler digits() {
    return Sampler.of(DIGITS, RandomWeights.of(DIGITS, 1), 42)
        .count(19)
        .conditions(i -> ConditionValues.none().withLabel("class", (int) (i % 10)));
  }

  private static Sampler colour() {
    return Sampler.of(COLOUR, RandomWeights.of(COLOUR, 2), 43).count(19);
  }

  /** Levels and masks that differ from image to image; some masks come twice in a row. */
  private static KnownPixels known(ImageSpec image, long index) {
    SplittableRandom levels = new SplittableRandom(index);
    SplittableRandom places = new SplittableRandom(index / 2);
    PixelMask mask =
        switch ((int) (index / 2 % 4)) {
          case 0 -> PixelMask.withoutHalf(image, Half.TOP);
          case 1 -> PixelMask.hole(image, 1, 1, 2, 3);
          case 2 -> PixelMask.withoutHalf(image, Half.BOTTOM);
          default -> PixelMask.of(image.height(), image.width(), (r, c) -> places.nextInt(3) > 0);
        };
    return KnownPixels.of(image, levels.ints(image.values(), 0, image.levels()).toArray(), mask);
  }

  private static Sampler completing(Sampler sampler) {
    return sampler.complete(i -> known(sampler.definition().image(), i));
  }

  @Test
  void onlyMissingPixelsAreDrawnAsWithForcedValues() {
    for (Sampler sampler : List.of(digits(), colour())) {
      ImageSpec image = sampler.definition().image();
      List<SampledImage> completed = completing(sampler).images().toList();
      try (SamplingRun run = sampler.run()) {
        while (!run.isDone()) {
          for (int i = 0; i < run.images(); i++) {
            KnownPixels known = known(image, i);
            if (known.mask().isKnown(run.position())) {
              run.force(i, known.levels()[run.position() * image.channels() + run.channel()]);
            }
          }
          run.advance();
        }
        for (int i = 0; i < run.images(); i++) {
          assertEquals(run.image(i), completed.get(i));
        }
      }
      assertNotEquals(sampler.images().toList(), completed);
    }
  }

  @Test
  void knownPixelsAreNeverChanged() {
    for (Sampler sampler : List.of(completing(digits()), completing(colour()))) {
      ImageSpec image = sampler.definition().image();
      for (SampledImage completed : sampler.images().toList()) {
        KnownPixels known = known(image, completed.index());
        assertEquals(known, KnownPixels.of(image, completed.levels(), known.mask()));
      }
    }
  }

  @Test
  void neitherTheBatchNorTheMasksOfOthersMatter() {
    List<SampledImage> all = completing(digits()).images().toList();
    for (int batch : new int[] {1, 2, 5, 19}) {
      assertEquals(all, completing(digits()).batch(batch).images().toList());
    }
    assertEquals(all.subList(7, 9), completing(digits()).firstImage(7).count(2).images().toList());
    List<KnownPixels> listed = IntStream.range(0, 19).mapToObj(i -> known(IMAGE, i)).toList();
    assertEquals(all, digits().complete(listed).images().toList());
  }

  @Test
  void oneImageIsCompletedInSeveralWays() {
    KnownPixels torn = known(IMAGE, 2);
    List<SampledImage> several =
        digits().labels(i -> 3).complete(torn).count(6).batch(4).images().toList();
    assertEquals(6, several.stream().map(i -> Arrays.toString(i.levels())).distinct().count());
    several.forEach(i -> assertEquals(torn, KnownPixels.of(IMAGE, i.levels(), torn.mask())));
    assertNotEquals(
        several, digits().labels(i -> 3).complete(torn).count(6).seed(1).images().toList());
    long cold =
        digits().labels(i -> 3).complete(torn).temperature(1e-6).images().toList().stream()
            .map(i -> Arrays.toString(i.levels()))
            .distinct()
            .count();
    assertEquals(1, cold);
  }

  @Test
  void theSeriesOfPixelsHasTheMissingOnes() {
    for (Sampler sampler : List.of(completing(digits()).batch(4), completing(colour()).batch(3))) {
      ImageSpec image = sampler.definition().image();
      List<SampledImage> images = sampler.images().toList();
      List<Pixel> pixels = sampler.pixels().toList();
      int missing = 0;
      for (SampledImage whole : images) {
        PixelMask mask = known(image, whole.index()).mask();
        missing += mask.missing();
        List<Integer> places =
            pixels.stream()
                .filter(p -> p.image() == whole.index())
                .map(p -> p.row() * image.width() + p.column())
                .toList();
        assertEquals(
            IntStream.range(0, image.pixels()).filter(p -> !mask.isKnown(p)).boxed().toList(),
            places);
      }
      assertEquals(missing, pixels.size());
      for (Pixel pixel : pixels) {
        for (int c = 0; c < image.channels(); c++) {
          assertEquals(
              images.get((int) pixel.image()).value(pixel.row(), pixel.column(), c),
              pixel.value(c));
        }
      }
      List<PixelRow> rows = sampler.rows().toList();
      assertEquals(images.size() * image.height(), rows.size());
      for (PixelRow row : rows) {
        int from = row.row() * image.width() * image.channels();
        assertEquals(
            Arrays.toString(
                Arrays.copyOfRange(
                    images.get((int) row.image()).levels(),
                    from,
                    from + image.width() * image.channels())),
            Arrays.toString(row.values()));
      }
    }
  }

  @Test
  void aSeriesCanBeLeftAndRepeated() {
    Samples<Pixel> pixels = completing(digits()).batch(4).pixels();
    List<Pixel> all = pixels.toList();
    assertEquals(all, pixels.toList());
    try (Stream<Pixel> stream = pixels.stream()) {
      assertEquals(all.subList(0, 20), stream.limit(20).toList());
    }
    try (Pull<Pixel> pull = pixels.iterator()) {
      List<Pixel> pulled = new ArrayList<>();
      while (pull.hasNext()) {
        // Known pixels are passed over one at a time, so that the series can be left there.
        if (pull.advance()) {
          pulled.add(pull.next());
        }
      }
      assertEquals(all, pulled);
    }
    Published published = new Published(30);
    pixels.publisher(Runnable::run).subscribe(published);
    assertEquals(all.subList(0, 30), published.heard);
    assertFalse(published.completed);
    Published whole = new Published(Long.MAX_VALUE);
    pixels.publisher(Runnable::run).subscribe(whole);
    assertEquals(all, whole.heard);
    assertTrue(whole.completed);
  }

  private static final class Published implements Flow.Subscriber<Pixel> {
    final List<Pixel> heard = new ArrayList<>();
    final long demand;
    boolean completed;

    Published(long demand) {
      this.demand = demand;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(demand);
    }

    @Override
    public void onNext(Pixel pixel) {
      heard.add(pixel);
    }

    @Override
    public void onError(Throwable error) {
      throw new AssertionError(error);
    }

    @Override
    public void onComplete() {
      completed = true;
    }
  }

  @Test
  void knownValuesCanBeNeitherForcedNorAskedFor() {
    KnownPixels known = KnownPixels.of(IMAGE, new int[30], PixelMask.hole(IMAGE, 1, 0, 2, 2));
    try (SamplingRun run = digits().complete(known).run()) {
      assertTrue(run.isKnown(3, 0));
      assertFalse(run.isKnown(3, 1));
      var error = assertThrows(IllegalStateException.class, () -> run.force(3, 1));
      assertTrue(error.getMessage().contains("pixel (0, 0) of image 3 is known"), "" + error);
      assertThrows(IllegalStateException.class, () -> run.parameters(3));
      run.advance();
      assertEquals(8, run.parameters(3).length);
      run.force(3, 5);
      run.advance();
      assertEquals(5, run.level(3, 1, 0));
      assertEquals(0, run.level(3, 29, 0));
      while (!run.isDone()) {
        run.advancePixel();
      }
      assertEquals(5, run.image(3).value(0, 1, 0));
    }
  }

  @Test
  void mistakesAreNamedAtOnce() {
    ImageSpec other = new ImageSpec(6, 5, 1, 4);
    KnownPixels foreign =
        KnownPixels.of(other, new int[30], PixelMask.withoutHalf(other, Half.TOP));
    expect(() -> digits().complete(foreign), "these known pixels are of 6x5x1, 4 levels");
    expect(() -> digits().complete(List.of(foreign)), "the model is for images of 6x5x1, 8");
    expect(
        () -> digits().complete(i -> i == 2 ? foreign : known(IMAGE, i)).pixels(),
        "image 2: the model is for");
    expect(() -> digits().complete(List.of()), "found a count of 0");
    expect(
        () -> digits().complete(List.of(known(IMAGE, 0))).count(2).rows(),
        "image 1: known pixels are given for 1 image only");
  }

  private static void expect(Executable mistake, String message) {
    var error = assertThrows(IllegalArgumentException.class, mistake);
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }
}
