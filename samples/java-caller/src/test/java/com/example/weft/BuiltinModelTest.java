package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.BuiltinModel;
import io.weft.Model;
import io.weft.sample.SampledImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Models that come with Weft are listed and loaded. */
class BuiltinModelTest {

  private static List<SampledImage> draw(Consumer<String> show) {
    // region builtin
    for (BuiltinModel model : BuiltinModel.all()) {
      show.accept(model.name() + ": " + model.draws() + ", " + model.score().nats() + " nats");
    }
    try (Model model = Model.builtin("digits")) {
      return model.sampler(7).labels(image -> 3).images().toList();
    }
    // endregion
  }

  @Test
  void theyDrawWithoutTraining() {
    List<String> shown = new ArrayList<>();
    List<SampledImage> images = draw(shown::add);
    assertEquals(1, images.size());
    assertTrue(shown.get(0).startsWith("digits: digits like handwritten ones"), shown.toString());
  }
}
