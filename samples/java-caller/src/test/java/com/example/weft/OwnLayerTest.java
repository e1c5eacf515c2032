package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import io.weft.json.LayerCatalog;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.optimise.Adam;
import io.weft.spec.DefinitionException;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A layer of the caller's own, written without TensorFlow, is as good as the library's. */
class OwnLayerTest {

  // region layer
  /** A learned mix of two pixels up and two pixels to the left, squashed. */
  record Corner(int maps) implements Layer {

    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only().withMaps(maps);
    }

    @Override
    public Expression compute(Inputs inputs) {
      int in = inputs.only().maps();
      Parameter up = Parameter.weight("up", Initializer.glorot(in, maps), in, maps);
      Parameter left = Parameter.weight("left", Initializer.glorot(in, maps), in, maps);
      return inputs
          .read(0, -2, 0)
          .times(up)
          .plus(inputs.read(0, 0, -2).times(left))
          .map(Unary.TANH);
    }
  }

  // endregion

  private static final Examples EXAMPLES = Examples.of(Digits.TRAIN.images().unlabelled());

  private static Definition withCorner() {
    // region apply
    ModelBuilder model = ModelBuilder.of("cornered", Digits.IMAGE);
    var x = model.image().causalConv(8, 3, MaskType.A);
    Definition cornered = model.softmax(x.concat(model.image().apply(new Corner(4))).conv1x1(4));
    // endregion
    return cornered;
  }

  @Test
  void isTrainedSampledSavedAndLoaded(@TempDir Path folder) throws IOException {
    try (Model model = Model.initial(withCorner(), 1)) {
      double before = model.score(EXAMPLES).bitsPerDimension();
      model.train(
          EXAMPLES, TrainingOptions.seed(1).epochs(3).optimiser(Adam.withRate(1e-2)).build());
      assertTrue(model.score(EXAMPLES).bitsPerDimension() < before);
      // region catalog
      LayerCatalog catalog = LayerCatalog.standard().with("corner", Corner.class);
      model.save(folder, catalog);
      try (Model loaded = Model.load(folder, catalog, Device.cpu())) {
        // endregion
        assertEquals(
            model.sampler(7).count(3).images().toList(),
            loaded.sampler(7).count(3).images().toList());
      }
      var refused =
          assertThrows(
              DefinitionException.class, () -> model.save(folder.resolveSibling("elsewhere")));
      assertTrue(refused.getMessage().contains("Corner"), refused.getMessage());
    }
  }

  /** Reads the pixel below, which comes later. */
  record Below() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0, 1, 0);
    }
  }

  @Test
  void isRefusedByNameIfItLeaks() {
    ModelBuilder model = ModelBuilder.of("leak", Digits.IMAGE);
    var x = model.image().causalConv(4, 3, MaskType.A);
    var ahead = x.apply("ahead", new Below());
    var refused = assertThrows(DefinitionException.class, () -> model.softmax(ahead.plus(x)));
    assertTrue(
        refused.getMessage().contains("ahead reads conv3x3 at (+1, +0)"), refused.getMessage());
  }
}
