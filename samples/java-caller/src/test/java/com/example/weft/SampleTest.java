package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.sample.CounterRandom;
import io.weft.sample.Pixel;
import io.weft.sample.PixelRow;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.sample.SamplingRun;
import io.weft.spec.ConditionValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same pixels arrive as an iterator, a stream, a list and a publisher, from any executor. */
class SampleTest {

  private static Model model;

  @BeforeAll
  static void open() {
    model = Digits.untrained();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Sampler threes() {
    return model.sampler(7).labels(image -> 3);
  }

  private static List<Pixel> all() {
    return threes().pixels().toList();
  }

  @Test
  void anIteratorComputesAPixelWhenItIsAskedForOne() {
    List<Pixel> seen = new ArrayList<>();
    // region iterator
    Sampler threes = model.sampler(7).labels(image -> 3);
    try (Pull<Pixel> pixels = threes.pixels().iterator()) {
      while (pixels.hasNext() && seen.size() < 10) {
        seen.add(pixels.next());
      }
    }
    // endregion
    assertEquals(all().subList(0, 10), seen);
    assertEquals(64, all().size());
  }

  @Test
  void aStreamIsAsLazy() {
    Sampler threes = threes();
    boolean inked;
    // region stream
    try (Stream<Pixel> pixels = threes.pixels().stream()) {
      inked = pixels.limit(20).anyMatch(pixel -> pixel.value(0) > 0);
    }
    // endregion
    assertEquals(all().stream().limit(20).anyMatch(p -> p.value(0) > 0), inked);
  }

  @Test
  void rowsAndImagesAreThePixelsTogether() {
    SampledImage image = threes().images().toList().get(0);
    for (Pixel pixel : all()) {
      assertEquals(pixel.value(0), image.value(pixel.row(), pixel.column(), 0));
    }
    for (PixelRow row : threes().rows().toList()) {
      int[] levels = Arrays.copyOfRange(image.levels(), row.row() * 8, (row.row() + 1) * 8);
      assertEquals(Arrays.toString(levels), Arrays.toString(row.values()));
    }
  }

  // region subscriber
  /** Asks for one more when it has handled one. */
  static final class OneByOne<T> implements Flow.Subscriber<T> {
    final List<T> seen = new CopyOnWriteArrayList<>();
    final CompletableFuture<List<T>> done = new CompletableFuture<>();
    private Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      subscription.request(1);
    }

    @Override
    public void onNext(T element) {
      seen.add(element);
      subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete(seen);
    }
  }

  // endregion

  @Test
  @Timeout(60)
  void aPublisherComputesOnDemand() throws Exception {
    Sampler threes = threes();
    // region publisher
    OneByOne<Pixel> subscriber = new OneByOne<>();
    threes.pixels().publisher().subscribe(subscriber);
    List<Pixel> published = subscriber.done.get(30, TimeUnit.SECONDS);
    // endregion
    assertEquals(all(), published);
  }

  @Test
  @Timeout(60)
  void aPublisherTakesTheCallersThreads() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
    try {
      OneByOne<Pixel> subscriber = new OneByOne<>();
      List<String> threads = new CopyOnWriteArrayList<>();
      threes()
          .pixels()
          .publisher(
              task ->
                  one.execute(
                      () -> {
                        threads.add(Thread.currentThread().getName());
                        task.run();
                      }))
          .subscribe(subscriber);
      assertEquals(all(), subscriber.done.get(30, TimeUnit.SECONDS));
      assertTrue(threads.stream().allMatch("mine"::equals), threads.toString());
      assertFalse(threads.isEmpty());
    } finally {
      one.shutdown();
    }
  }

  @Test
  void anImageIsTheSameInAnyBatchAndOnItsOwn() {
    List<SampledImage> four = threes().count(4).batch(2).images().toList();
    assertEquals(four, threes().count(4).batch(4).images().toList());
    assertEquals(four.get(3), threes().firstImage(3).images().toList().get(0));
    assertNotEquals(Arrays.toString(four.get(0).levels()), Arrays.toString(four.get(1).levels()));
  }

  @Test
  void executorsDrawTheSameImages() {
    // region executors
    Sampler ten = model.sampler(7).count(10).labels(image -> (int) image);
    List<SampledImage> onJvm = ten.executor(SamplingExecutor.jvm()).images().toList();
    List<SampledImage> onTensorFlow =
        ten.executor(SamplingExecutor.tensorflowWithoutXla()).images().toList();
    // endregion
    int different = 0;
    for (int i = 0; i < 10; i++) {
      different += onJvm.get(i).equals(onTensorFlow.get(i)) ? 0 : 1;
    }
    // A uniform number that falls within rounding of a step may come out on its other side.
    assertTrue(different <= 1, different + " of 10 images differ");
  }

  @Test
  void conditionsAreGivenByImage() {
    Sampler one = model.sampler(7);
    SampledImage byLabel = one.labels(image -> 5).images().toList().get(0);
    assertEquals(byLabel, one.classes(image -> "5").images().toList().get(0));
    // region conditions
    ConditionValues five = ConditionValues.none().withLabel("digit", 5);
    SampledImage drawn = model.sampler(7).conditions(image -> five).images().toList().get(0);
    // endregion
    assertEquals(byLabel, drawn);
    assertEquals(byLabel, one.conditions(List.of(five)).images().toList().get(0));
    var refused = assertThrows(IllegalArgumentException.class, () -> one.images().toList());
    assertTrue(refused.getMessage().contains("digit"), refused.getMessage());
  }

  @Test
  void theDistributionOfAPixelIsToBeSeen() {
    Sampler threes = threes();
    // region probabilities
    int[] image = threes.images().toList().get(0).levels();
    double[] probabilities = threes.probabilities(image, 4, 4)[0]; // of the pixel's only channel
    // endregion
    assertEquals(4, probabilities.length);
    assertEquals(1, Arrays.stream(probabilities).sum(), 1e-6);
    double[] cold = threes().temperature(0.5).probabilities(image, 4, 4)[0];
    assertTrue(
        Arrays.stream(cold).max().orElseThrow() > Arrays.stream(probabilities).max().orElseThrow());
  }

  /** As who serves an exported model in another language draws the images of this one. */
  @Test
  void whatIsDrawnFollowsFromProbabilitiesAndOneNumberForEachValue() {
    int[] image = threes().images().toList().get(0).levels();
    try (SamplingRun run = threes().run()) {
      while (!run.isDone()) {
        double[] probabilities = run.probabilities(0);
        double left = CounterRandom.uniform(7, 0, run.position(), run.channel());
        int level = 0;
        while (level < 3 && left >= probabilities[level]) {
          left -= probabilities[level++];
        }
        assertEquals(image[run.position()], level);
        run.advance();
      }
    }
  }

  @Test
  void aRunIsAdvancedByHand() {
    try (SamplingRun run = threes().run()) {
      while (!run.isDone()) {
        if (run.position() < 8) {
          run.force(0, 2);
        }
        run.advance();
      }
      for (int column = 0; column < 8; column++) {
        assertEquals(2, run.image(0).value(0, column, 0));
      }
    }
  }
}
