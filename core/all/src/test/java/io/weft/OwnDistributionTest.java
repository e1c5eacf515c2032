package io.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.engine.Device;
import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.json.DefinitionJson;
import io.weft.json.LayerCatalog;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.sample.SampledImage;
import io.weft.sample.SamplingExecutor;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.DiscreteLaplace;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A distribution that a user writes is trained, scored, drawn on both executors and saved. */
class OwnDistributionTest {

  private static final Examples DIGITS =
      Examples.of(EmbeddedDigits.count(64).size(8).levels(8).seed(5).colour());

  private static final LayerCatalog CATALOG =
      LayerCatalog.standard().withDistribution("discrete-laplace", DiscreteLaplace.class);

  private static Definition definition() {
    return GatedPixelCnn.builder(DIGITS.images().spec())
        .name("laplace")
        .blocks(2)
        .maps(12)
        .kernel(3)
        .distribution(new DiscreteLaplace())
        .build();
  }

  @Test
  void isTrainedScoredDrawnAndSaved(@TempDir Path folder) throws IOException {
    Path saved = folder.resolve("model");
    List<SampledImage> drawn;
    double trained;
    try (Model model = Model.initial(definition(), 3)) {
      double before = model.score(DIGITS).bitsPerDimension();
      model.train(DIGITS, TrainingOptions.seed(4).steps(60).optimiser(Adam.withRate(5e-3)).build());
      trained = model.score(DIGITS).bitsPerDimension();
      assertTrue(trained < before - 0.2, before + " bits before, " + trained + " after");
      drawn = model.sampler(7).count(4).images().toList();
      List<SampledImage> onTensorFlow =
          model
              .sampler(7)
              .count(4)
              .executor(SamplingExecutor.tensorflowWithoutXla())
              .images()
              .toList();
      assertEquals(drawn, onTensorFlow);
      model.save(saved, CATALOG);
    }
    try (Model again = Model.load(saved, CATALOG, Device.cpu())) {
      assertEquals(definition(), again.definition());
      assertEquals(trained, again.score(DIGITS).bitsPerDimension());
      assertEquals(drawn, again.sampler(7).count(4).images().toList());
    }
  }

  @Test
  void thatIsInNoCatalogIsNotWritten() {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> DefinitionJson.standard().write(definition()));
    assertTrue(
        error
            .getMessage()
            .contains("catalog.withDistribution(\"my-distribution\", DiscreteLaplace.class)"),
        error.getMessage());
  }

  /** One whose logits are what {@code logits} makes of the parameters. */
  private interface Odd extends Distribution {
    @Override
    default int maps(ImageSpec image) {
      return image.levels() * image.channels();
    }
  }

  @Test
  void thatContradictsItselfIsRefused() {
    refused((Odd) (image, channel, x) -> null, "has null for logits");
    refused((Odd) (image, channel, x) -> x.slice(1, 2), "gives 2 logits for images of 4 levels");
    refused(
        (Odd)
            (image, channel, x) ->
                x.plus(Expression.vector(Parameter.offset("own", Initializer.zeros(), 4))),
        "has a learned parameter, \"own\"");
    refused(
        (Odd)
            (image, channel, x) -> {
              throw new IllegalStateException("no idea");
            },
        "fails with java.lang.IllegalStateException: no idea");
  }

  private static void refused(Distribution distribution, String problem) {
    Supplier<Definition> build =
        () -> {
          ModelBuilder model = ModelBuilder.of("odd", new ImageSpec(4, 4, 1, 4));
          return model.build(
              model.image().causalConv(4, 3, io.weft.layer.MaskType.A), distribution);
        };
    var error = assertThrows(DefinitionException.class, build::get);
    assertTrue(error.getMessage().contains(problem), error.getMessage());
  }
}
