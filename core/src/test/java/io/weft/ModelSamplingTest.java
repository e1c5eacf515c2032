package io.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.graph.ImageSpec;
import io.weft.model.GatedPixelCnn;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.Sampler;
import io.weft.train.Adam;
import io.weft.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelSamplingTest {

  private static final ImageSpec IMAGE = new ImageSpec(5, 5, 1, 4);
  private static final Definition DEFINITION =
      GatedPixelCnn.builder(IMAGE).blocks(1).maps(6).build();
  private static final Examples EXAMPLES =
      Examples.of(ImageSet.of(IMAGE, new byte[4 * IMAGE.values()]));
  private static final TrainingOptions HARD =
      TrainingOptions.seed(1).steps(10).adam(Adam.withRate(0.05)).build();

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
}
