package io.weft.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.order.GenerationOrder;
import io.weft.score.Scores;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.ConditionedModel;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Java alone finds is what TensorFlow finds, and what it cannot do says so. */
class JvmScoringTest {

  private static final ImageSpec GREY = new ImageSpec(6, 7, 1, 4);
  private static final ImageSpec RGB = new ImageSpec(5, 4, 3, 8);

  static List<Definition> models() {
    return List.of(
        PixelCnn.of(new ImageSpec(6, 5, 1, 2), 2, 6, 3),
        PixelCnn.textbook(RGB, 4, 6, 3),
        GatedPixelCnn.classConditional(GREY, 10, 2, 6, 5),
        GatedPixelCnn.of(RGB, 2, 6, 3),
        ConditionedModel.of(GREY),
        PixelCnnPlusPlus.builder(RGB).blocks(1).maps(6).components(2).build(),
        LocallyMaskedPixelCnn.builder(GREY).blocks(1).maps(4).build());
  }

  private static Examples examples(Definition definition, int count) {
    SplittableRandom random = new SplittableRandom(7);
    int[] levels =
        IntStream.range(0, count)
            .flatMap(i -> IntStream.of(RandomGraphs.image(definition, random)))
            .toArray();
    List<ConditionValues> conditions =
        IntStream.range(0, count)
            .mapToObj(i -> RandomGraphs.conditions(definition, random))
            .toList();
    return Examples.conditioned(ImageSet.of(definition.image(), levels), conditions::get);
  }

  @ParameterizedTest
  @MethodSource("models")
  void javaFindsWhatTensorFlowFinds(Definition definition) {
    Weights weights = RandomWeights.of(definition, 3);
    Batch batch =
        Batch.of(
            examples(definition, 19), definition.conditions(), IntStream.range(0, 19).toArray());
    List<GenerationOrder> orders = definition.orders();
    try (Scoring jvm = Engine.on(Device.jvm()).scoring(definition, orders, weights);
        Scoring tensorFlow = Engine.on(Device.cpu()).scoring(definition, orders, weights)) {
      for (int order = 0; order < orders.size(); order++) {
        float[] expected = tensorFlow.logLikelihoods(batch, order);
        assertArrayEquals(expected, jvm.logLikelihoods(batch, order), 2e-4f);
      }
      Weights others = RandomWeights.of(definition, 4);
      jvm.use(others);
      tensorFlow.use(others);
      assertArrayEquals(tensorFlow.logLikelihoods(batch, 0), jvm.logLikelihoods(batch, 0), 2e-4f);
    }
  }

  @Test
  void aModelOnTheJvmScoresCompletesAndDraws() {
    Definition definition = GatedPixelCnn.of(GREY, 1, 4, 3);
    Weights weights = RandomWeights.of(definition, 1);
    Examples examples = examples(definition, 40);
    try (Model jvm = model(definition, weights, Device.jvm());
        Model cpu = model(definition, weights, Device.cpu())) {
      Scores found = jvm.score(examples);
      for (int i = 0; i < 40; i++) {
        assertEquals(cpu.score(examples).nats(i), found.nats(i), 1e-3);
      }
      assertArrayEquals(
          cpu.sampler(5).images().toList().get(0).levels(),
          jvm.sampler(5).images().toList().get(0).levels());
    }
  }

  private static Model model(Definition definition, Weights weights, Device device) {
    return Model.of(definition, weights, device);
  }

  @Test
  void whatNeedsTensorFlowSaysSo() {
    ImageSet digits = EmbeddedDigits.count(4).size(8).levels(2).seed(1).grey();
    try (Model model = Model.initial(PixelCnn.of(digits.spec(), 1, 4, 3), 1, Device.jvm())) {
      String expected =
          "training needs TensorFlow, which the device JVM leaves out; take Device.cpu()";
      assertEquals(
          expected,
          assertThrows(
                  EngineMissingException.class,
                  () -> model.train(Examples.of(digits), TrainingOptions.seed(1).epochs(1).build()))
              .getMessage());
    }
  }
}
