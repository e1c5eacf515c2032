package io.weft.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Batch;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.engine.Scoring;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.Reach;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepSession;
import io.weft.json.DefinitionJson;
import io.weft.layer.Background;
import io.weft.layer.Ones;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.IncrementalComparison;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PixelSNAIL and the transformer over pixels: proof, plan, training, and what they see. */
class AttendingFamiliesTest {

  private static final ImageSpec GREY = new ImageSpec(5, 4, 1, 4);
  private static final ImageSpec COLOUR = new ImageSpec(3, 4, 3, 8);
  private static final ImageSpec BINARY = new ImageSpec(5, 5, 1, 2);

  private static PixelSnail.Builder snail(ImageSpec image) {
    return PixelSnail.builder(image).blocks(1).maps(4);
  }

  private static ImageGpt.Builder gpt(ImageSpec image) {
    return ImageGpt.builder(image).blocks(2).maps(8).heads(2);
  }

  static List<Definition> models() {
    return List.of(
        snail(GREY).components(2).build(),
        snail(COLOUR).components(2).classCondition("digit", 3).build(),
        snail(BINARY).vectorCondition("style", 2).build(),
        gpt(GREY).build(),
        gpt(COLOUR).build(),
        gpt(BINARY).spatialCondition("sketch", 2).build(),
        gpt(GREY).order(GenerationOrder.hilbert(5, 4)).build(),
        gpt(GREY)
            .orders(List.of(GenerationOrder.sCurve(5, 4), GenerationOrder.random(5, 4, 2)))
            .build());
  }

  @ParameterizedTest
  @MethodSource("models")
  void stepByStepIsTheSameAsAllAtOnce(Definition definition) {
    IncrementalComparison.check(definition, 1);
  }

  @ParameterizedTest
  @MethodSource("models")
  void wholeImagesAreWhatStepsAre(Definition definition) {
    SplittableRandom random = new SplittableRandom(7);
    int[] levels =
        IntStream.range(0, 4)
            .flatMap(i -> IntStream.of(RandomGraphs.image(definition, random)))
            .toArray();
    List<ConditionValues> conditions =
        IntStream.range(0, 4).mapToObj(i -> RandomGraphs.conditions(definition, random)).toList();
    Batch batch =
        Batch.of(
            Examples.conditioned(ImageSet.of(definition.image(), levels), conditions::get),
            definition.conditions(),
            IntStream.range(0, 4).toArray());
    Weights weights = RandomWeights.of(definition, 3);
    List<GenerationOrder> orders = definition.orders();
    try (Scoring steps = Engine.on(Device.jvm()).scoring(definition, orders, weights);
        Scoring whole = Engine.on(Device.cpu()).scoring(definition, orders, weights)) {
      for (int order = 0; order < orders.size(); order++) {
        float[] expected = steps.logLikelihoods(batch, order);
        assertArrayEquals(expected, whole.logLikelihoods(batch, order), 3e-4f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void areWrittenAndReadBack(Definition definition) {
    DefinitionJson json = DefinitionJson.standard();
    assertEquals(definition, json.read(json.write(definition)));
  }

  /** Every pixel sees all that are earlier. */
  @Test
  void nothingIsBlind() {
    assertEquals(0, blind(snail(BINARY).build()));
    assertEquals(0, blind(gpt(BINARY).blocks(1).build()));
    assertEquals(0, blind(gpt(BINARY).order(GenerationOrder.hilbert(5, 5)).build()));
  }

  private static int blind(Definition definition) {
    int blind = 0;
    List<MapGroup> outputs = definition.proof().groups().outputsOf(0);
    GenerationOrder order = definition.order();
    for (int p = 0; p < definition.image().pixels(); p++) {
      Reach reach = Reach.of(definition.proof().groups(), outputs, p);
      for (int q = 0; q < definition.image().pixels(); q++) {
        blind += order.rank(q) < order.rank(p) && !reach.contains(q, 0) ? 1 : 0;
      }
    }
    return blind;
  }

  @Test
  void learn() {
    ImageSet digits = EmbeddedDigits.count(64).size(8).levels(2).seed(1).grey();
    Examples examples = Examples.of(digits);
    for (Definition definition :
        List.of(snail(digits.spec()).dropout(0.1).build(), gpt(digits.spec()).build())) {
      try (Model model = Model.initial(definition, 1, Device.cpu())) {
        double before = model.score(examples).bitsPerDimension();
        model.train(examples, TrainingOptions.seed(1).steps(30).batch(16).build());
        double after = model.score(examples).bitsPerDimension();
        assertTrue(after < before - 0.05, before + " to " + after);
      }
    }
  }

  /** Whatever runs within blocks that add nothing, the stream stays what it was. */
  @Test
  void residualsAreAddedOnce() {
    float[] none = logits(ImageGpt.builder(BINARY).blocks(1).maps(8).heads(2).build());
    float[] twelve = logits(ImageGpt.builder(BINARY).blocks(12).maps(8).heads(2).build());
    assertArrayEquals(none, twelve, 1e-6f);
  }

  /** With zeros in what each block adds, and the same numbers outside of blocks. */
  private static float[] logits(Definition definition) {
    Weights initial = Weights.initial(definition, 3);
    Map<String, float[]> values = new HashMap<>();
    SplittableRandom random = new SplittableRandom(1);
    List<String> names = new ArrayList<>(initial.names());
    for (String name : names) {
      float[] numbers = initial.values(name).clone();
      if (name.startsWith("block")) {
        boolean last = name.contains("conv1x1_3/") || name.contains("conv1x1_5/");
        // The projections of what is found, and the last layers of the nets.
        numbers = last ? new float[numbers.length] : numbers;
      } else {
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = (float) random.nextDouble();
        }
      }
      values.put(name, numbers);
    }
    StepProgram program = StepProgram.of(definition);
    float[] all = new float[program.steps()];
    float[] one = new float[1];
    try (StepSession session =
        JvmStepExecutor.bind(program, Weights.of(definition, values), JvmLoops.PLAIN).open(1)) {
      for (int step = 0; step < all.length; step++) {
        session.compute(step, one);
        all[step] = one[0];
        session.write(step, 0, step % 2 == 0 ? 1 : -1);
      }
    }
    return all;
  }

  /** The map of rows goes from -1/2 in steps of 1 / height, whatever the height. */
  @Test
  void theBackgroundIsExact() {
    for (int size : new int[] {1, 2, 5, 16, 49}) {
      ImageSpec image = new ImageSpec(size, 3, 1, 4);
      ModelBuilder model = ModelBuilder.of("background", image);
      Definition definition =
          model.softmax(
              model
                  .image()
                  .apply(new Ones())
                  .apply(new Background())
                  .concat(model.image().apply(new Ones()).apply(new Background())));
      StepProgram program = StepProgram.of(definition);
      float[] found = new float[4];
      try (StepSession session =
          JvmStepExecutor.bind(program, Weights.initial(definition, 1)).open(1)) {
        for (int step = 0; step < program.steps(); step++) {
          session.compute(step, found);
          int row = step / 3;
          assertEquals((double) row / size - 0.5, found[0], 1e-6);
          assertEquals((step % 3) / 3.0 - 0.5, found[1], 1e-6);
          session.write(step, 0, 1);
        }
      }
    }
  }

  @Test
  void whatDoesNotFitIsSaid() {
    String message =
        assertThrows(DefinitionException.class, () -> gpt(GREY).maps(9).build()).getMessage();
    assertTrue(message.contains("divide into 2 heads, found 9"), message);
    assertThrows(IllegalArgumentException.class, () -> gpt(GREY).heads(0));
    assertThrows(
        DefinitionException.class,
        () -> snail(BINARY).order(GenerationOrder.hilbert(5, 5)).build());
  }
}
