package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.distribution.Distribution;
import io.weft.json.DefinitionJson;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.ModelFamily;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.ConditionedModel;
import io.weft.testing.DistributionSample;
import io.weft.testing.IncrementalComparison;
import io.weft.testing.LayerSample;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.testing.SlowChecks;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Incremental logits are those of a full pass, for every model and for random graphs. */
class IncrementalLogitsTest {

  static List<Definition> models() {
    List<Definition> models = new ArrayList<>();
    for (ImageSpec image :
        List.of(
            new ImageSpec(8, 8, 1, 2),
            new ImageSpec(9, 5, 1, 7),
            new ImageSpec(1, 6, 1, 3),
            new ImageSpec(6, 1, 1, 3),
            new ImageSpec(5, 7, 3, 5),
            new ImageSpec(4, 4, 2, 256))) {
      models.add(PixelCnn.of(image, 2, 6, 3));
      models.add(PixelCnn.textbook(image, 7, 6, 3));
      models.add(GatedPixelCnn.of(image, 3, 6, 3));
      models.add(GatedPixelCnn.classConditional(image, 10, 2, 6, 5));
      models.add(ConditionedModel.of(image));
      models.add(PixelRnn.rowLstm(image, 2, 5));
      models.add(PixelRnn.diagonalBiLstm(image, 2, 4));
    }
    return models;
  }

  @ParameterizedTest
  @MethodSource("models")
  void ofEveryModel(Definition definition) {
    IncrementalComparison.check(definition, 1);
  }

  @ParameterizedTest
  @MethodSource("io.weft.testing.LayerSamples#all")
  void ofEveryLayer(LayerSample sample) {
    for (ImageSpec image : List.of(new ImageSpec(5, 4, 1, 3), new ImageSpec(3, 6, 2, 2))) {
      IncrementalComparison.check(sample.model(image), 3);
    }
    for (int seed = 0; seed < SlowChecks.times(2, 20); seed++) {
      Definition definition = RandomGraphs.with(sample, seed);
      for (GenerationOrder order : definition.orders()) {
        IncrementalComparison.check(definition.under(order), seed);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.weft.testing.DistributionSamples#all")
  void ofEveryDistribution(DistributionSample sample) {
    IncrementalComparison.check(sample.model(), 4);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 7, 1, 4",
    "9, 9, 1, 2",
    "10, 10, 3, 256",
    "7, 4, 4, 3",
    "1, 5, 2, 5",
    "6, 1, 3, 2"
  })
  void throughStrides(int height, int width, int channels, int levels) {
    ImageSpec image = new ImageSpec(height, width, channels, levels);
    PixelCnnPlusPlus.Builder model =
        PixelCnnPlusPlus.builder(image).blocks(1).maps(4).components(2);
    IncrementalComparison.check(model.build(), 1);
    IncrementalComparison.check(
        model.classCondition("class", 3).spatialCondition("map", 2).build(), 2);
  }

  /** Of every family, its image read as learned vectors, and codes of a coarser grid beside it. */
  @Test
  void ofEmbeddedImages() {
    for (ImageSpec image : List.of(new ImageSpec(6, 5, 1, 300), new ImageSpec(4, 4, 3, 9))) {
      ImageSpec coarse = new ImageSpec((image.height() + 1) / 2, (image.width() + 1) / 2, 2, 11);
      List<ModelFamily<?>> families =
          List.of(
              PixelCnn.builder(image),
              PixelCnn.textbookBuilder(image),
              GatedPixelCnn.builder(image),
              LocallyMaskedPixelCnn.builder(image),
              PixelCnnPlusPlus.builder(image).distribution(Distribution.softmax()),
              PixelRnn.rowLstmBuilder(image),
              PixelRnn.diagonalBiLstmBuilder(image).kernel(1),
              PixelSnail.builder(image).distribution(Distribution.softmax()),
              ImageGpt.builder(image).heads(2));
      for (ModelFamily<?> family : families) {
        Definition definition =
            family
                .blocks(1)
                .maps(6)
                .embedding(2)
                .codeCondition("coarse", coarse)
                .classEmbedding("class", 5, 3)
                .build();
        IncrementalComparison.check(definition, 2);
        assertEquals(
            definition,
            DefinitionJson.standard().read(DefinitionJson.standard().write(definition)));
      }
    }
  }

  @Test
  void ofRandomGraphs() {
    Set<String> kinds = new HashSet<>();
    int nonTrivial = 0;
    int graphs = SlowChecks.times(100, 600);
    for (int seed = 0; seed < graphs; seed++) {
      Definition definition = RandomGraphs.of(seed);
      IncrementalComparison.check(definition, seed);
      definition.graph().nodes().stream()
          .filter(io.weft.graph.Node.Applied.class::isInstance)
          .forEach(n -> kinds.add(n.name().replaceAll("_.*", "")));
      nonTrivial += definition.graph().live().length > 12 ? 1 : 0;
    }
    assertTrue(3 * nonTrivial > graphs, "only " + nonTrivial + " graphs have more than 12 nodes");
    assertTrue(kinds.size() > 15, kinds.toString());
  }

  @Test
  void ofRandomGraphsUnderRandomOrders() {
    for (int seed = 0; seed < SlowChecks.times(50, 300); seed++) {
      Definition definition = RandomGraphs.ordered(seed);
      for (GenerationOrder order : definition.orders()) {
        IncrementalComparison.check(definition.under(order), seed);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, PLAIN", "16, PLAIN", "3, VECTOR", "16, VECTOR"})
  void areTheSameToTheBitAtEveryBatchSize(int images, JvmLoops loops) {
    for (Definition definition :
        List.of(
            PixelCnn.textbook(new ImageSpec(6, 5, 3, 4), 4, 9, 3),
            // As wide as vectors: what functions give goes straight to its cache.
            PixelCnn.textbook(new ImageSpec(6, 5, 1, 4), 2, 16, 3),
            GatedPixelCnn.of(new ImageSpec(6, 5, 1, 4), 2, 16, 3),
            GatedPixelCnn.of(new ImageSpec(5, 4, 3, 4), 2, 48, 3),
            // As deep as rows of it are read in place, tap by tap.
            PixelCnn.of(new ImageSpec(4, 4, 1, 2), 1, 112, 3),
            GatedPixelCnn.classConditional(new ImageSpec(7, 9, 1, 16), 10, 3, 13, 3),
            PixelCnnPlusPlus.builder(new ImageSpec(5, 6, 3, 8)).blocks(1).maps(9).build())) {
      Weights weights = RandomWeights.of(definition, 5);
      StepExecutor executor = JvmStepExecutor.bind(StepProgram.of(definition), weights, loops);
      float[][] together = teacherForced(executor, 0, images);
      for (int b = 0; b < images; b += images / 3) {
        assertArrayEquals(together[b], teacherForced(executor, b, 1)[0]);
      }
    }
  }

  /** The logits of all steps, for images first to first + count - 1 of a fixed random series. */
  private static float[][] teacherForced(StepExecutor executor, int first, int count) {
    StepProgram program = executor.program();
    Definition definition = program.definition();
    int parameters = program.parameters();
    float[][] all = new float[count][program.steps() * parameters];
    float[] found = new float[count * parameters];
    int[][] levels = new int[count][];
    try (StepSession session = executor.open(count)) {
      for (int b = 0; b < count; b++) {
        SplittableRandom random = new SplittableRandom(first + b);
        ConditionValues conditions = RandomGraphs.conditions(definition, random);
        levels[b] = RandomGraphs.image(definition, random);
        int image = b;
        definition.conditions().forEach(c -> session.give(image, c, conditions.feature(c)));
      }
      for (int step = 0; step < program.steps(); step++) {
        session.compute(step, found);
        for (int b = 0; b < count; b++) {
          System.arraycopy(found, b * parameters, all[b], step * parameters, parameters);
          int value =
              program.position(step) * definition.image().channels() + program.channel(step);
          session.write(step, b, definition.image().scaled(levels[b][value]));
        }
      }
    }
    return all;
  }
}
