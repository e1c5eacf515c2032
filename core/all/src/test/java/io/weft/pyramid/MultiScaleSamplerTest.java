package io.weft.pyramid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pyramids are drawn and streamed scale after scale. */
class MultiScaleSamplerTest {

  private static final MultiScale PYRAMID = Pyramids.ofDigits();
  private static MultiScaleModel model;

  @BeforeAll
  static void open() {
    model = Pyramids.random(PYRAMID);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static MultiScaleSampler sampler(int count) {
    return model.sampler(7).count(count).labels(i -> (int) i % 10);
  }

  @Test
  void theSameSeedGivesTheSameImagesInEveryBatch() {
    List<SampledImage> images = sampler(7).images().toList();
    assertEquals(7, images.size());
    for (int batch : new int[] {1, 3, 16}) {
      assertEquals(images, sampler(7).batch(batch).images().toList());
    }
    assertEquals(images.subList(4, 6), sampler(2).firstImage(4).images().toList());
    assertNotEquals(images, sampler(7).seed(8).images().toList());
    assertEquals(images, sampler(7).seed(8).seed(7).images().toList());
  }

  /** Small images come first in each group, and the large ones then have their pixels. */
  @Test
  void pixelsComeScaleAfterScale() {
    int batch = 3;
    List<ScaledPixel> pixels = sampler(7).batch(batch).pixels().toList();
    assertEquals(7 * (16 + 64 - 16), pixels.size());
    int[][] drawn = new int[7][64];
    Arrays.stream(drawn).forEach(image -> Arrays.fill(image, -1));
    int at = 0;
    for (int first = 0; first < 7; first += batch) {
      int images = Math.min(batch, 7 - first);
      for (int i = 0; i < images * 64; i++) {
        ScaledPixel pixel = pixels.get(at++);
        assertEquals(i < images * 16 ? Size.SMALL : Size.LARGE, pixel.size());
        Pixel inLarge = PYRAMID.scale().inLarge(pixel);
        int place = inLarge.row() * 8 + inLarge.column();
        int image = (int) inLarge.image();
        assertEquals(-1, drawn[image][place]);
        drawn[image][place] = inLarge.value(0);
      }
    }
    for (SampledImage image : sampler(7).images().toList()) {
      assertEquals(Arrays.toString(image.levels()), Arrays.toString(drawn[(int) image.index()]));
    }
  }

  @Test
  void classesAreGivenByLabelOrByName() {
    assertEquals(
        sampler(3).images().toList(),
        model.sampler(7).count(3).classes(i -> Integer.toString((int) i)).images().toList());
    try (MultiScaleModel other =
        Pyramids.random(Pyramids.of(PYRAMID.image(), PYRAMID.scale().factor(), 0))) {
      var error =
          assertThrows(IllegalArgumentException.class, () -> other.sampler(1).labels(i -> 0));
      assertTrue(
          error.getMessage().contains("the pyramid of " + other.definition()), error.getMessage());
    }
  }

  /** Whatever group the last image that there can be comes in. */
  @Test
  void thereIsALastImage() {
    long last = Long.MAX_VALUE;
    MultiScaleSampler both =
        model.sampler(7).count(2).labels(i -> (int) (i % 10)).firstImage(last - 1);
    List<SampledImage> images = both.images().toList();
    assertEquals(last, images.get(1).index());
    assertEquals(images, both.batch(1).images().toList());
    assertThrows(IllegalArgumentException.class, () -> both.count(3));
  }

  /** With one seed for both, pixels of one place would draw one number. */
  @Test
  void theTwoModelsDrawFromSeedsOfTheirOwn() {
    assertNotEquals(Seeds.of(7, Size.SMALL), Seeds.of(7, Size.LARGE));
    assertNotEquals(7, Seeds.of(7, Size.SMALL));
    List<SampledImage> small =
        model
            .small()
            .sampler(Seeds.of(7, Size.SMALL))
            .count(5)
            .labels(i -> (int) i)
            .images()
            .toList();
    List<SampledImage> large = sampler(5).images().toList();
    for (int i = 0; i < 5; i++) {
      int[] part = PYRAMID.scale().small(PYRAMID.image(), large.get(i).levels());
      assertEquals(Arrays.toString(small.get(i).levels()), Arrays.toString(part));
    }
  }

  @Test
  void knownPixelsAreKeptAndGoIntoTheSmallImage() {
    int[] levels = Pyramids.DIGITS.image(3);
    List<PixelMask> masks =
        List.of(
            PixelMask.hole(PYRAMID.image(), 3, 3, 1, 1),
            PixelMask.hole(PYRAMID.image(), 1, 2, 4, 5),
            PixelMask.of(8, 8, (row, column) -> row % 2 == 1),
            PixelMask.of(8, 8, (row, column) -> row % 2 == 0),
            PixelMask.hole(PYRAMID.image(), 2, 2, 2, 1));
    MultiScaleSampler sampler =
        sampler(10).complete(i -> KnownPixels.of(PYRAMID.image(), levels, masks.get((int) i % 5)));
    List<SampledImage> images = sampler.images().toList();
    assertEquals(images, sampler.batch(1).images().toList());
    for (SampledImage image : images) {
      PixelMask mask = masks.get((int) image.index() % 5);
      for (int p = 0; p < 64; p++) {
        if (mask.isKnown(p)) {
          assertEquals(levels[p], image.levels()[p]);
        }
      }
    }
    List<ScaledPixel> pixels = sampler.pixels().toList();
    assertEquals(2 * masks.stream().mapToInt(PixelMask::missing).sum(), pixels.size());
    // A hole beside the small image's pixels leaves nothing of that to draw.
    assertFalse(
        pixels.stream().anyMatch(p -> p.pixel().image() % 5 == 0 && p.size() == Size.SMALL));
    assertTrue(pixels.stream().anyMatch(p -> p.pixel().image() % 5 == 1 && p.size() == Size.SMALL));
  }

  /** The distributions of all pixels are those that the score multiplies. */
  @Test
  void theDistributionsOfAPixelAreWhatIsScored() {
    var scores = model.score(Pyramids.EXAMPLES);
    for (int example = 0; example < 2; example++) {
      int[] levels = Pyramids.DIGITS.image(example);
      int label = Pyramids.DIGITS.label(example);
      MultiScaleSampler sampler = model.sampler(1).labels(i -> label);
      double sum = 0;
      for (int p = 0; p < 64; p++) {
        sum += Math.log(sampler.probabilities(levels, p / 8, p % 8)[0][levels[p]]);
      }
      assertEquals(scores.logLikelihood(example), sum, 1e-3);
    }
    MultiScaleSampler sampler = model.sampler(1).labels(i -> 1);
    int[] early = new int[64];
    Arrays.fill(early, -1);
    assertEquals(3, sampler.probabilities(early, 0, 0)[0].length);
    var error =
        assertThrows(IllegalArgumentException.class, () -> sampler.probabilities(early, 0, 1));
    assertTrue(error.getMessage().contains("small image comes earlier"), error.getMessage());
  }

  private static KnownPixels firstKnown(ImageSpec image) {
    PixelMask mask =
        PixelMask.of(image.height(), image.width(), (row, column) -> row + column == 0);
    return KnownPixels.of(image, new int[image.values()], mask);
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsDrawn() {
    assertThrows(IllegalArgumentException.class, () -> model.sampler(1).pixels());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            model
                .sampler(1)
                .conditions(
                    i ->
                        ConditionValues.none()
                            .withLabel("digit", 1)
                            .withMap("small", new float[16]))
                .images());
    assertThrows(IllegalArgumentException.class, () -> sampler(0));
    KnownPixels fits = firstKnown(PYRAMID.image());
    KnownPixels ofSmall = firstKnown(PYRAMID.small().image());
    var other =
        assertThrows(
            IllegalArgumentException.class,
            () -> sampler(3).complete(i -> i < 2 ? fits : ofSmall).pixels());
    assertTrue(other.getMessage().startsWith("image 2: "), other.getMessage());
    KnownPixels alone =
        KnownPixels.of(
            PYRAMID.image(), Pyramids.DIGITS.image(0), PixelMask.hole(PYRAMID.image(), 2, 2, 1, 1));
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> sampler(1).complete(alone).images().toList());
    assertTrue(error.getMessage().contains("the small image alone"), error.getMessage());
  }

  @Test
  void aSeriesIsPulledLeftAndInterrupted() {
    List<ScaledPixel> all = sampler(2).pixels().toList();
    Pull<ScaledPixel> left = sampler(2).pixels().iterator();
    for (int i = 0; i < 40; i++) {
      assertEquals(all.get(i), left.next());
    }
    left.close();
    assertFalse(left.hasNext());
    try (Pull<SampledImage> pull = sampler(2).images().iterator()) {
      assertFalse(pull.advance());
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, pull::next);
      assertTrue(Thread.interrupted());
      assertFalse(pull.hasNext());
    }
    try (var stream = sampler(2).pixels().stream()) {
      assertEquals(all.subList(0, 90), stream.limit(90).toList());
    }
  }

  @Test
  void aPublisherGivesAsMuchAsIsAskedFor() {
    List<ScaledPixel> all = sampler(2).pixels().toList();
    List<ScaledPixel> heard = new ArrayList<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    sampler(2)
        .pixels()
        .publisher()
        .subscribe(
            new Flow.Subscriber<>() {
              private Flow.Subscription subscription;

              @Override
              public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
              }

              @Override
              public void onNext(ScaledPixel pixel) {
                heard.add(pixel);
                subscription.request(1);
              }

              @Override
              public void onError(Throwable failure) {
                done.completeExceptionally(failure);
              }

              @Override
              public void onComplete() {
                done.complete(null);
              }
            });
    done.join();
    assertEquals(all, heard);
  }

  @Test
  void closingEndsASeries() {
    MultiScaleModel other = Pyramids.random(PYRAMID);
    Pull<ScaledPixel> pull = other.sampler(1).count(1).labels(i -> 3).pixels().iterator();
    pull.next();
    other.close();
    assertThrows(IllegalStateException.class, () -> pull.forEachRemaining(pixel -> {}));
    pull.close();
  }
}
