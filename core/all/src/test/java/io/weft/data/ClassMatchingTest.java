package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.score.ClassScores;
import io.weft.spec.ClassNames;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels of data go to a model's classes by name: trained, scored, saved and loaded. */
class ClassMatchingTest {

  private static final ImageSpec SMALL = new ImageSpec(4, 4, 1, 2);
  private static final List<String> ANIMALS = List.of("cat", "dog", "elk");
  private static final Definition NAMED = definition(new Condition.OneOf("animal", ANIMALS));
  private static final ImageSet IMAGES =
      ImageSet.of(SMALL, IntStream.range(0, 6 * 16).map(i -> i % 7 % 2).toArray());

  private static Definition definition(Condition condition) {
    return GatedPixelCnn.builder(SMALL).blocks(1).maps(4).conditionedOn(condition).build();
  }

  /** A model whose classes differ much. */
  private static Model model(Definition definition) {
    return Model.of(definition, RandomWeights.of(definition, 1), Device.cpu());
  }

  private static Examples labelled(List<String> names, int... labels) {
    return Examples.labelled(IMAGES.take(labels.length).labelled(labels, names), "animal");
  }

  private static double[] bits(Model model, Examples examples) {
    var scores = model.score(examples);
    return IntStream.range(0, scores.size()).mapToDouble(scores::bitsPerDimension).toArray();
  }

  @Test
  void aSetWithoutOneClassIsScoredAsTheWholeSetIs() {
    try (Model model = model(NAMED)) {
      double[] whole = bits(model, labelled(ANIMALS, 0, 1, 2, 2, 1, 0));
      assertArrayEquals(
          whole, bits(model, labelled(List.of("elk", "dog", "cat"), 2, 1, 0, 0, 1, 2)));
      double[] withoutCat = bits(model, labelled(List.of("dog", "elk"), 0, 0, 1, 1, 0, 1));
      assertArrayEquals(
          bits(model, labelled(ANIMALS, 1, 1, 2, 2, 1, 2)), withoutCat, "dog is class 1 here too");
      // The test would show nothing if the model did not care.
      assertTrue(Math.abs(whole[0] - withoutCat[0]) > 1e-3);
    }
  }

  @Test
  void whatTheModelDoesNotKnowIsRefusedInTrainingToo() {
    try (Model model = model(NAMED)) {
      Examples foreign = labelled(List.of("cat", "fox"), 0, 1, 0);
      var error = assertThrows(IllegalArgumentException.class, () -> model.score(foreign));
      assertTrue(
          error.getMessage().contains("are cat, dog, elk; the data's are cat, fox"),
          error.getMessage());
      var once = TrainingOptions.seed(1).steps(1);
      assertThrows(IllegalArgumentException.class, () -> model.training(foreign, once.build()));
      Examples good = labelled(ANIMALS, 0, 1, 2);
      assertThrows(
          IllegalArgumentException.class,
          () -> model.training(good, once.validateOn(foreign).build()));
      assertThrows(
          IllegalArgumentException.class,
          () -> model.score(Examples.labelled(IMAGES.labelled(new int[6], 3), "animal")));
    }
  }

  @Test
  void trainingIsTheSameInWhateverOrderTheClassesComeInTheData() {
    try (Model one = Model.initial(NAMED, 1);
        Model other = Model.initial(NAMED, 1)) {
      var options = TrainingOptions.seed(1).steps(3).batch(4).build();
      one.train(labelled(ANIMALS, 0, 1, 2, 2, 1, 0), options);
      other.train(labelled(List.of("elk", "dog", "cat"), 2, 1, 0, 0, 1, 2), options);
      for (String name : one.weights().names()) {
        assertArrayEquals(one.weights().values(name), other.weights().values(name), name);
      }
    }
  }

  @Test
  void aClassIsGivenByNameOrNumberForAllImages() {
    try (Model model = model(NAMED)) {
      Examples asDogs = labelled(ANIMALS, 1, 1, 1, 1, 1, 1);
      Examples images = Examples.of(IMAGES);
      assertArrayEquals(bits(model, asDogs), bits(model, images.under("animal", "dog")));
      assertArrayEquals(bits(model, asDogs), bits(model, images.under("animal", 1)));
      Examples elks = labelled(ANIMALS, 2, 2, 2, 2, 2, 2);
      assertArrayEquals(bits(model, asDogs), bits(model, elks.under("animal", "1")));
      assertThrows(
          IllegalArgumentException.class, () -> model.score(images.under("animal", "fox")));
    }
  }

  @Test
  void imagesAreScoredUnderEachClass() {
    try (Model model = model(NAMED)) {
      ClassScores each = model.scoreEachClass(Examples.of(IMAGES));
      assertEquals(6, each.size());
      assertEquals(ANIMALS, each.classes().list());
      for (int label = 0; label < 3; label++) {
        var alone = model.score(Examples.of(IMAGES).under("animal", label));
        for (int i = 0; i < each.size(); i++) {
          assertEquals(alone.logLikelihood(i), each.logLikelihood(i, label), 1e-9);
          assertTrue(each.logLikelihood(i, label) <= each.logLikelihood(i, each.likeliest(i)));
        }
      }
      double[] shares = model.classify(Examples.of(IMAGES)).probabilities(0);
      assertEquals(1, DoubleStream.of(shares).sum(), 1e-12);
      assertEquals(
          each.logLikelihood(0, 1) - each.logLikelihood(0, 2),
          Math.log(shares[1] / shares[2]),
          1e-9);
    }
    try (Model plain = model(PixelCnn.of(SMALL, 1, 4, 3))) {
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> plain.scoreEachClass(Examples.of(IMAGES)));
      assertTrue(error.getMessage().contains("one class condition"), error.getMessage());
    }
  }

  @Test
  void probabilitiesOfClassesDoNotUnderflow() {
    ClassNames two = ClassNames.of(List.of("a", "b"));
    ClassScores far = ClassScores.of(two, List.of(new double[] {-9e4}, new double[] {-9e4 - 1}));
    assertEquals(0, far.likeliest(0));
    assertEquals(1 / (1 + Math.exp(-1)), far.posterior().probability(0, 0), 1e-9);
    assertThrows(IllegalArgumentException.class, () -> ClassScores.of(two, List.of(new double[1])));
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassScores.of(two, List.of(new double[1], new double[2])));
  }

  @Test
  void aSavedModelRemembersItsNames(@TempDir Path folder) throws IOException {
    Path place = folder.resolve("model");
    double[] before;
    try (Model model = model(NAMED)) {
      before = bits(model, labelled(List.of("elk", "cat"), 0, 1, 0));
      model.save(place);
    }
    try (Model model = Model.load(place)) {
      assertEquals(NAMED, model.definition());
      assertEquals(ANIMALS, model.definition().onlyClass().classes().list());
      assertArrayEquals(before, bits(model, labelled(List.of("elk", "cat"), 0, 1, 0)));
    }
  }

  @Test
  void aModelWithoutNamesTakesNumbersAndWholeSets() {
    try (Model model = model(definition(new Condition.OneOf("animal", 3)))) {
      double[] byNumber = bits(model, labelled(List.of("0", "1", "2"), 2, 0, 1));
      assertArrayEquals(byNumber, bits(model, labelled(ANIMALS, 2, 0, 1)));
      assertEquals(byNumber[0], bits(model, labelled(List.of("2"), 0))[0]);
      assertThrows(
          IllegalArgumentException.class,
          () -> model.score(labelled(List.of("dog", "elk"), 0, 1, 1)));
    }
  }

  @Test
  void valuesSayWhichLabelTheyHaveInACondition() {
    Condition.OneOf animal = NAMED.onlyClass();
    assertEquals(2, labelled(List.of("elk"), 0).conditions(0).label(animal));
    assertEquals(1, ConditionValues.none().withLabel("animal", "dog").label(animal));
    assertEquals(0, ConditionValues.none().withLabel("animal", 0).label(animal));
    assertEquals("{animal=elk}", labelled(List.of("elk"), 0).conditions(0).toString());
    assertThrows(IllegalArgumentException.class, () -> ConditionValues.none().label(animal));
    assertThrows(
        IllegalArgumentException.class,
        () -> ConditionValues.none().withVector("animal", 1, 0, 0).label(animal));
  }
}
