package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.engine.Precision;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrecisionTest {

  private static final ImageSet DIGITS =
      EmbeddedDigits.count(96).size(16).levels(16).seed(5).grey();
  private static final Definition GATED = GatedPixelCnn.of(DIGITS.spec(), 2, 16, 3);

  private static TrainingOptions.Builder options(Precision precision) {
    return TrainingOptions.seed(2).steps(8).precision(precision);
  }

  private static boolean isSupported() {
    try {
      Precision.BFLOAT16.check(Device.cpu());
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private static List<TrainingEvent.Stepped> steps(Model model, TrainingOptions options) {
    List<TrainingEvent.Stepped> steps = new ArrayList<>();
    model.train(
        Examples.of(DIGITS),
        options,
        event -> {
          if (event instanceof TrainingEvent.Stepped stepped) {
            steps.add(stepped);
          }
        });
    return steps;
  }

  /** Loss and gradients, plain and normalised, are those of float32 but for rounding. */
  private static void assertWithinNoise(Definition definition) {
    try (Model exact = Model.initial(definition, 1);
        Model rounded = Model.initial(definition, 1)) {
      var expected = steps(exact, options(Precision.FLOAT32).build());
      var found = steps(rounded, options(Precision.BFLOAT16).build());
      for (int i = 0; i < expected.size(); i++) {
        double bits = expected.get(i).bitsPerDimension();
        assertEquals(bits, found.get(i).bitsPerDimension(), 0.01 * bits, "step " + i);
      }
      // Sums in bfloat16 would be off by a tenth and more.
      double norm = expected.get(0).gradientNorm();
      assertEquals(norm, found.get(0).gradientNorm(), 0.02 * norm);
      assertNotEquals(expected.get(0).bitsPerDimension(), found.get(0).bitsPerDimension());
      assertTrue(rounded.history().get(0).options().contains("precision bfloat16"));
    }
  }

  @Test
  void lossAndGradientsStayWithinNoise() {
    assumeTrue(isSupported(), "this processor has no bfloat16");
    assertWithinNoise(GATED);
  }

  @Test
  void lossAndGradientsStayWithinNoiseUnderBatchNormalisationAndDilation() {
    assumeTrue(isSupported(), "this processor has no bfloat16");
    assertWithinNoise(PixelCnn.textbookBuilder(DIGITS.spec()).blocks(3).maps(16).build());
  }

  @Test
  void validationStaysInFloat32() {
    assumeTrue(isSupported(), "this processor has no bfloat16");
    Examples test = Examples.of(DIGITS.take(20));
    try (Model model = Model.initial(GATED, 1)) {
      var record =
          model.train(Examples.of(DIGITS), options(Precision.BFLOAT16).validateOn(test).build());
      double validated = record.validations().get(1).validationBits();
      assertEquals(model.score(test).bitsPerDimension(), validated, 1e-6 * validated);
    }
  }

  @Test
  void whereItIsMissingTrainingSaysSoAndTheModelStaysUsable() {
    assumeTrue(!isSupported(), "this processor has bfloat16");
    try (Model model = Model.initial(GATED, 1)) {
      var refused = options(Precision.BFLOAT16).build();
      var error =
          assertThrows(
              IllegalStateException.class, () -> model.train(Examples.of(DIGITS), refused));
      assertTrue(error.getMessage().contains("float32"), error.getMessage());
      model.train(Examples.of(DIGITS), options(Precision.FLOAT32).build());
    }
  }

  @Test
  void theDefaultIsFloat32AndRecorded() {
    var options = TrainingOptions.seed(1).build();
    assertEquals(Precision.FLOAT32, options.precision());
    assertTrue(options.toString().contains("precision float32"), options.toString());
  }
}
