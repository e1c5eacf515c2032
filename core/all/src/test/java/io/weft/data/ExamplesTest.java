package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.MaskType;
import io.weft.model.PixelCnn;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.SavedModels;
import io.weft.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Examples are anybody's: whoever says what they are, and under what, trains on them. */
class ExamplesTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(23).size(8).levels(4).seed(1).grey();
  private static final Examples LABELLED = Examples.labelled(DIGITS, "digit");
  private static final Definition MODEL = model();

  private static Definition model() {
    ModelBuilder model = ModelBuilder.of("small", DIGITS.spec());
    return model.softmax(
        model
            .image()
            .apply(CausalConvolution.square(4, 3, MaskType.A))
            .conditionedOn(model.classCondition("digit", 10))
            .conv1x1(4));
  }

  /** As somebody has them in a data base. */
  private record Own(ImageSet table) implements Examples {
    @Override
    public ImageSpec spec() {
      return table.spec();
    }

    @Override
    public int size() {
      return table.size();
    }

    @Override
    public int[] image(int index) {
      return table.image(index);
    }

    @Override
    public ConditionValues conditions(int index) {
      return ConditionValues.none().withLabel("digit", table.label(index));
    }

    @Override
    public Optional<String> file(int index) {
      return Optional.of("row " + index);
    }
  }

  private static TrainingOptions epochs(int epochs) {
    return TrainingOptions.seed(4)
        .epochs(epochs)
        .batch(5)
        .validateOn(new Own(DIGITS.take(3)))
        .build();
  }

  private static Model trained(Examples examples) {
    Model model = Model.initial(MODEL, 1);
    model.train(examples, epochs(2));
    return model;
  }

  @Test
  void ownExamplesTrainResumeAndScoreAsTheirImagesDo() {
    Examples own = new Own(DIGITS);
    try (Model expected = trained(LABELLED);
        Model found = Model.initial(MODEL, 1)) {
      found.train(own, epochs(1));
      found.resume(own, epochs(2));
      SavedModels.assertSame(expected.snapshot(), found.snapshot());
      assertArrayEquals(
          expected.score(LABELLED).logLikelihoods(), found.score(own).logLikelihoods());
      assertArrayEquals(
          expected.classify(LABELLED).probabilities(0), found.classify(own).probabilities(0));
    }
  }

  @Test
  void aRunIsGoneOnWithOnTheSameImagesOnly() {
    try (Model model = trained(new Own(DIGITS))) {
      Examples others = new Own(DIGITS.shuffled(1));
      String message =
          assertThrows(IllegalArgumentException.class, () -> model.resume(others, epochs(3)))
              .getMessage();
      assertTrue(message.contains("its examples would be (23 images, "), message);
      model.resume(new Own(DIGITS), epochs(3));
    }
  }

  @Test
  void aRunIsGoneOnWithUnderTheSameConditionsOnly() {
    Examples counted =
        Examples.conditioned(DIGITS, i -> ConditionValues.none().withLabel("digit", i % 10));
    try (Model model = trained(LABELLED.under("digit", 3))) {
      for (Examples others : List.of(LABELLED, LABELLED.under("digit", 4), counted)) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> model.resume(others, epochs(3)))
                .getMessage();
        assertTrue(message.contains("its examples would be (23 images, "), message);
        assertTrue(message.contains(" of the first 23"), message);
      }
      // The same class, as it is called.
      model.resume(LABELLED.under("digit", "3"), epochs(3));
    }
  }

  @Test
  void onlyConditionsThatThereAreAreDescribed() {
    assertEquals("23 images, " + DIGITS.fingerprint(), Examples.of(DIGITS).description());
    Examples styled =
        Examples.conditioned(
            DIGITS, i -> ConditionValues.none().withVector("style", i).withLabel("digit", 1));
    Examples otherwise =
        Examples.conditioned(
            DIGITS, i -> ConditionValues.none().withLabel("digit", 1).withVector("style", i));
    assertEquals(styled.description(), otherwise.description(), "the order makes no difference");
    assertNotEquals(Examples.of(DIGITS).description(), styled.description());
    assertEquals(Examples.of(DIGITS).description(), ConditionsDigest.without(styled.description()));
  }

  @Test
  void whatNetworksCannotTakeIsRefusedByItsIndex() {
    record Bright(int level, int values) implements Examples {
      @Override
      public ImageSpec spec() {
        return DIGITS.spec();
      }

      @Override
      public int size() {
        return 2;
      }

      @Override
      public int[] image(int index) {
        int[] image = new int[values];
        image[9] = level;
        return image;
      }
    }
    Definition plain = PixelCnn.of(DIGITS.spec(), 1, 4, 3);
    try (Model model = Model.initial(plain, 1)) {
      assertEquals(
          "example 0: level 4 at row 1, column 1, channel 0; expected 0 to 3",
          assertThrows(IllegalArgumentException.class, () -> model.score(new Bright(4, 64)))
              .getMessage());
      assertEquals(
          "example 0: 63 levels for an image of 8x8x1, 4 levels; give 64",
          assertThrows(IllegalArgumentException.class, () -> model.score(new Bright(3, 63)))
              .getMessage());
      assertThrows(
          IllegalArgumentException.class,
          () -> model.train(new Bright(-1, 64), TrainingOptions.seed(1).build()));
    }
  }

  private static List<int[]> visited(Examples examples, long epoch) {
    return examples.read(
        IntStream.range(0, examples.size()).mapToObj(i -> new Visit(epoch, i)).toList());
  }

  private static void assertVisited(List<int[]> expected, List<int[]> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), "image " + i);
    }
  }

  @Test
  void partsSeeWhatTheWholeSees() {
    for (Examples all : List.of(LABELLED, new Own(DIGITS))) {
      Examples varied = all.varied(Augmentation.shifted(1, 0, 7)).varied(Augmentation.mirrored(8));
      Examples some = varied.select(4, 0, 4, 22);
      List<int[]> whole = visited(varied, 3);
      assertVisited(
          List.of(whole.get(4), whole.get(0), whole.get(4), whole.get(22)), visited(some, 3));
      assertArrayEquals(varied.image(22), some.images().image(3));
      assertEquals(varied.variations(), some.variations());
      assertEquals(all.conditions(22).label(digit()), some.conditions(3).label(digit()));
      assertEquals(all.file(22), some.file(3));
      assertEquals(all.file(22), some.images().file(3));
      assertThrows(IndexOutOfBoundsException.class, () -> all.select(23));
    }
  }

  private static Condition.OneOf digit() {
    return (Condition.OneOf) MODEL.conditions().get(0);
  }

  @Test
  void aSplitIsThatOfTheImages() {
    ImageSet.Split expected = DIGITS.split(0.3, 5);
    Examples.Split found = LABELLED.split(0.3, 5);
    assertEquals(expected.train().fingerprint(), found.train().images().fingerprint());
    assertEquals(expected.validation().fingerprint(), found.validation().images().fingerprint());
    assertThrows(IllegalArgumentException.class, () -> LABELLED.select(1).split(0.5, 1));
  }

  @Test
  void joinedExamplesAreEachWhatTheyWere() {
    Examples varied = LABELLED.varied(Augmentation.mirrored(3));
    Examples all =
        Examples.joined(
            List.of(LABELLED.select(3), LABELLED.select(), varied, new Own(DIGITS.take(2))));
    List<int[]> expected = new ArrayList<>(visited(LABELLED.select(3), 2));
    expected.addAll(visited(varied, 2));
    expected.addAll(visited(LABELLED.select(0, 1), 2));
    assertVisited(expected, visited(all, 2));
    assertEquals(26, all.size());
    assertEquals(LABELLED.conditions(22).label(digit()), all.conditions(23).label(digit()));
    assertEquals(Optional.of("row 1"), all.file(25));
    assertEquals(varied.variations(), all.variations());
    assertNotEquals(
        Examples.joined(List.of(LABELLED, varied)).description(),
        Examples.joined(List.of(varied, LABELLED)).description());
    Examples smaller = Examples.of(EmbeddedDigits.count(1).size(9).levels(4).seed(1).grey());
    assertEquals(
        "part 1 of the examples to join has images of 9x9x1, 4 levels, part 0 of 8x8x1, 4 levels;"
            + " expected one form",
        assertThrows(
                IllegalArgumentException.class, () -> Examples.joined(List.of(LABELLED, smaller)))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Examples.joined(List.of()));
  }

  @Test
  void variationsLeaveOwnArraysAsTheyWere() {
    int[] kept = DIGITS.image(0);
    Examples one =
        new Examples() {
          @Override
          public ImageSpec spec() {
            return DIGITS.spec();
          }

          @Override
          public int size() {
            return 1;
          }

          @Override
          public int[] image(int index) {
            return kept;
          }
        };
    visited(one.varied(Binarisation.threshold()), 0);
    assertArrayEquals(DIGITS.image(0), kept);
  }
}
