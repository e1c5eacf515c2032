package io.weft.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.engine.Device;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ClassNames;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ClassPosteriorTest {

  private static final ClassNames ANIMALS = ClassNames.of(List.of("cat", "dog", "elk"));

  /** Three images under three classes, in natural logarithms of likelihoods written as such. */
  private static final ClassScores SCORES =
      ClassScores.of(ANIMALS, List.of(logs(0.2, 0.1, 0.3), logs(0.1, 0.1, 0.3), logs(0.1, 0.8, 0)));

  private static double[] logs(double... likelihoods) {
    return DoubleStream.of(likelihoods).map(Math::log).toArray();
  }

  @Test
  void bayesRuleWithEvenPriors() {
    ClassPosterior found = SCORES.posterior();
    assertArrayEquals(new double[] {0.5, 0.25, 0.25}, found.probabilities(0), 1e-12);
    assertArrayEquals(new double[] {0.1, 0.1, 0.8}, found.probabilities(1), 1e-12);
    assertArrayEquals(new double[] {0.5, 0.5, 0}, found.probabilities(2), 1e-12);
    assertEquals(0, found.mostProbable(0));
    assertEquals(2, found.mostProbable(1));
    assertEquals(0, found.mostProbable(2), "of two the first");
    assertEquals(Math.log(0.4 / 3), found.logLikelihood(0), 1e-12);
  }

  @Test
  void priorsChangeTheChoice() {
    ClassPosterior found = SCORES.posterior(0.1, 0.9, 0);
    assertArrayEquals(new double[] {0.02 / 0.11, 0.09 / 0.11, 0}, found.probabilities(0), 1e-12);
    assertEquals(1, found.mostProbable(0));
    assertEquals(1, found.mostProbable(1), "a class of prior 0 is never found");
    assertEquals(Math.log(0.11), found.logLikelihood(0), 1e-12);
  }

  /** As people round them: what an image costs whatever its class is as with exact ones. */
  @Test
  void roundedPriorsAreEvenedOut() {
    assertEquals(
        SCORES.posterior().logLikelihood(0),
        SCORES.posterior(0.333, 0.333, 0.333).logLikelihood(0),
        1e-12);
  }

  @Test
  void whatHasNoPosteriorIsRefused() {
    // The third image is impossible under the only class that there may be.
    assertEquals(
        "image 2 is impossible under every class of a prior above 0, so that none is more probable"
            + " than another",
        assertThrows(IllegalArgumentException.class, () -> SCORES.posterior(0, 0, 1)).getMessage());
    for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      List<double[]> scores = List.of(logs(1), logs(1), new double[] {none});
      String message =
          assertThrows(IllegalArgumentException.class, () -> ClassScores.of(ANIMALS, scores))
              .getMessage();
      assertTrue(message.startsWith("image 0 has the log-likelihood " + none), message);
    }
  }

  @Test
  void priorsThatAreNoneAreRefused() {
    refused("2 priors for 3 classes (cat, dog, elk)", 0.5, 0.5);
    refused("a prior of -0.5; expected 0 to 1", 1, 0.5, -0.5);
    refused("a prior of NaN", Double.NaN, 0.5, 0.5);
    refused("add up to 1.5; expected 1", 0.5, 0.5, 0.5);
  }

  private static void refused(String words, double... priors) {
    var error = assertThrows(IllegalArgumentException.class, () -> SCORES.posterior(priors));
    assertTrue(error.getMessage().contains(words), error.getMessage());
  }

  @Test
  void confusionCountsByTheNamesOfTheClasses() {
    ImageSet images =
        ImageSet.of(new ImageSpec(1, 1, 1, 2), new int[3])
            .labelled(new int[] {1, 1, 0}, List.of("elk", "cat"));
    Confusion found = SCORES.posterior().confusion(images);
    assertEquals(1, found.count(0, 0));
    assertEquals(1, found.count(0, 2), "a cat was taken for an elk");
    assertEquals(1, found.count(2, 0));
    assertEquals(3, found.images());
    assertEquals(2, found.images(0));
    assertEquals(1.0 / 3, found.accuracy(), 1e-12);
    assertEquals(0.5, found.accuracy(0), 1e-12);
    assertTrue(Double.isNaN(found.accuracy(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> SCORES.posterior().confusion(images.labelled(new int[3], List.of("fox"))));
    assertThrows(
        IllegalArgumentException.class, () -> SCORES.posterior().confusion(images.unlabelled()));
    assertThrows(
        IllegalArgumentException.class, () -> SCORES.posterior().confusion(images.take(2)));
  }

  @Test
  void bothEnginesFindTheSame() {
    ImageSet digits = EmbeddedDigits.count(20).size(8).levels(4).seed(5).grey();
    var definition =
        GatedPixelCnn.builder(digits.spec()).blocks(1).maps(4).classCondition("digit", 10).build();
    try (Model here = Model.initial(definition, 1);
        Model java = Model.initial(definition, 1, Device.jvm())) {
      ClassPosterior one = here.classify(Examples.of(digits));
      ClassPosterior other = java.classify(Examples.of(digits));
      for (int image = 0; image < digits.size(); image++) {
        assertArrayEquals(one.probabilities(image), other.probabilities(image), 1e-4);
        assertEquals(1, DoubleStream.of(one.probabilities(image)).sum(), 1e-12);
      }
      assertEquals(digits.size(), one.confusion(digits).images());
    }
  }
}
