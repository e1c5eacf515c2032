package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.json.LayerCatalog;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attention to what is earlier, as a layer and within a layer of the caller's own. */
class AttentionTest {

  private static final Examples EXAMPLES = Examples.of(Digits.TRAIN.images().unlabelled());

  /** What is found among the last positions, beside what asks for it. */
  record Recall(int heads, int positions) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      Shape asking = inputs.exactly(2).shape(0);
      return asking.withMaps(asking.maps() + inputs.shape(1).maps());
    }

    @Override
    public Expression compute(Inputs inputs) {
      Expression query = inputs.read(0);
      Expression found = inputs.attend(query, 1, 1, heads, Span.UP_TO_OWN.last(positions));
      return Expression.concat(java.util.List.of(query, found));
    }
  }

  private static Definition attending() {
    ModelBuilder model = ModelBuilder.of("attending", Digits.IMAGE);
    Feature x = model.image().causalConv(8, 3, MaskType.A);
    Feature keys = x.concat(model.image()).conv1x1(8);
    Feature far = x.causalAttention(keys, model.image().conv1x1(4), 2, Span.EARLIER);
    Feature near = x.apply(new Recall(2, 20), x.tanh());
    return model.softmax(far.concat(near).conv1x1(Digits.IMAGE.levels()));
  }

  @Test
  void isTrainedSampledSavedAndLoaded(@TempDir Path folder) throws IOException {
    LayerCatalog catalog = LayerCatalog.standard().with("recall", Recall.class);
    try (Model model = Model.initial(attending(), 1)) {
      double before = model.score(EXAMPLES).bitsPerDimension();
      model.train(EXAMPLES, TrainingOptions.seed(1).steps(25).build());
      double after = model.score(EXAMPLES).bitsPerDimension();
      assertTrue(after < before, before + " to " + after);
      model.save(folder.resolve("model"), catalog);
      try (Model again = Model.load(folder.resolve("model"), catalog, Device.jvm())) {
        assertEquals(after, again.score(EXAMPLES).bitsPerDimension(), 1e-4);
        assertEquals(
            model.sampler(3).images().toList().get(0), again.sampler(3).images().toList().get(0));
      }
    }
  }
}
