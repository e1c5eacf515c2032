package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.model.PixelCnn;
import io.weft.spec.ConditionValues;
import io.weft.testing.SavedModels;
import io.weft.train.TrainingOptions;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A stream is gone through once an epoch, a block at a time, and gives the same runs again. */
class StreamedExamplesTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(50).size(8).levels(4).seed(1).grey();

  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();

  private Iterable<Example> stream(ImageSet images) {
    return () -> {
      begun.incrementAndGet();
      return IntStream.range(0, images.size())
          .mapToObj(
              i -> {
                taken.incrementAndGet();
                return Example.of(images.image(i));
              })
          .iterator();
    };
  }

  private Examples streamed(int buffer) {
    return Examples.streamed(stream(DIGITS), DIGITS.spec(), buffer);
  }

  private static Model model() {
    return Model.initial(PixelCnn.of(DIGITS.spec(), 1, 4, 3), 1);
  }

  private static TrainingOptions epochs(int epochs) {
    return TrainingOptions.seed(3).epochs(epochs).batch(4).build();
  }

  @Test
  void aBufferForAllShufflesAsImagesInMemoryAre() {
    try (Model expected = model();
        Model found = model()) {
      expected.train(Examples.of(DIGITS), epochs(2));
      found.train(streamed(50), epochs(2));
      SavedModels.assertSame(expected.snapshot(), found.snapshot());
    }
  }

  @Test
  void aSmallBufferIsExactAndGoesThroughOnceAnEpoch() {
    try (Model whole = model();
        Model parts = model()) {
      Examples examples = streamed(9);
      begun.set(0);
      whole.train(examples, epochs(3));
      // Conditions are checked once, the first step measures nothing here, then three epochs.
      assertTrue(begun.get() <= 5, "begun " + begun);
      parts.train(streamed(9), TrainingOptions.seed(3).steps(17).batch(4).build());
      parts.resume(streamed(9), epochs(3));
      SavedModels.assertSame(whole.snapshot(), parts.snapshot());
      String message =
          assertThrows(IllegalArgumentException.class, () -> parts.resume(streamed(8), epochs(4)))
              .getMessage();
      assertTrue(message.contains("in blocks of 8"), message);
    }
  }

  @Test
  void scoresAreThoseOfTheImages() {
    try (Model model = model()) {
      assertArrayEquals(
          model.score(Examples.of(DIGITS)).logLikelihoods(),
          model.score(streamed(7)).logLikelihoods());
    }
  }

  /** Or nearly every image would be found by beginning anew. */
  @Test
  void whateverIsMadeOfAStreamIsShuffledWithinItsBlocks() {
    Examples examples = streamed(9);
    Examples memory = Examples.of(DIGITS);
    assertEquals(9, Examples.of(examples.images()).block());
    assertEquals(9, Examples.of(examples.images().quantised(2)).block());
    assertEquals(9, examples.select(1, 5, 6, 9, 10, 12, 14, 20, 21, 30, 40).block());
    assertEquals(3, examples.select(1, 5, 6).block());
    // Out of order there are no blocks.
    assertEquals(11, examples.select(1, 5, 6, 9, 10, 12, 14, 20, 21, 40, 30).block());
    assertEquals(7, Examples.joined(List.of(memory, examples, streamed(7))).block());
    assertEquals(100, Examples.joined(List.of(memory, streamed(50))).block());
    assertEquals(
        9, Examples.of(ImageSet.joined(List.of(DIGITS.unlabelled(), examples.images()))).block());
    assertEquals(50, memory.block());
  }

  @Test
  void joinedStreamsAreGoneThroughOnceAnEpoch() {
    Examples joined = Examples.joined(List.of(streamed(9), streamed(9)));
    try (Model model = model()) {
      begun.set(0);
      model.train(joined, epochs(3));
      assertTrue(begun.get() <= 2 * 5, "begun " + begun);
    }
  }

  private static String description(int label) {
    ConditionValues conditions = ConditionValues.none().withLabel("class", label);
    List<Example> one = List.of(Example.of(DIGITS.image(0), conditions));
    return Examples.streamed(one, DIGITS.spec(), 1).description();
  }

  @Test
  void otherConditionsMakeOtherExamples() {
    assertEquals(description(1), description(1));
    assertNotEquals(description(1), description(2));
  }

  @Test
  void whatDoesNotComeAgainIsRefused() {
    Iterator<Example> once = stream(DIGITS).iterator();
    Examples gone = Examples.streamed(() -> once, DIGITS.spec(), 9);
    assertTrue(
        assertThrows(IllegalStateException.class, () -> gone.image(0))
            .getMessage()
            .startsWith("example 0 of 50 is not there any more; expected the same ones"));
    SplittableRandom random = new SplittableRandom(1);
    Iterable<Example> noise =
        () ->
            IntStream.range(0, 20)
                .mapToObj(i -> Example.of(random.ints(64, 0, 4).toArray()))
                .iterator();
    Examples other = Examples.streamed(noise, DIGITS.spec(), 9);
    try (Model model = model()) {
      assertTrue(
          assertThrows(IllegalStateException.class, () -> model.train(other, epochs(1)))
              .getMessage()
              .startsWith("example 0 of 20 is another than before"));
    }
    assertThrows(IllegalArgumentException.class, () -> streamed(9).split(0.5, 1));
    assertThrows(IllegalArgumentException.class, () -> streamed(0));
    assertEquals(
        "example 0: level 7 at row 0, column 0, channel 0; expected 0 to 3",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Examples.streamed(
                        List.of(Example.of(IntStream.generate(() -> 7).limit(64).toArray())),
                        DIGITS.spec(),
                        1))
            .getMessage());
  }
}
