package io.weft.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import io.weft.expression.Span;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.internal.tensorflow.TensorFlowEngine;
import io.weft.internal.tensorflow.TensorFlowStepProgram;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import io.weft.testing.IncrementalComparison;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention over whole images and in TensorFlow's steps, under any order. */
class AttentionFormTest {

  private static final List<Span> SPANS =
      List.of(Span.EARLIER, Span.UP_TO_OWN, Span.EARLIER.last(2), Span.UP_TO_OWN.last(9));

  private static Definition model(ImageSpec image, List<GenerationOrder> orders, Span span) {
    ModelBuilder model = ModelBuilder.of("attending", image, orders);
    Feature x = model.image().causalConv(4, 3, MaskType.A);
    Feature seen = span.isStrict() ? x.concat(model.image()) : x;
    Feature found = x.causalAttention(seen.conv1x1(4), seen.conv1x1(2), 2, span);
    return model.softmax(x.concat(found).conv1x1(image.levels()));
  }

  /** Channel m of each keys, query and value belongs to colour m mod 3. */
  private static Definition colours(Span span) {
    ColourGroups colours = ColourGroups.of(3);
    ModelBuilder model = ModelBuilder.of("colours", new ImageSpec(3, 4, 3, 2));
    Feature x =
        model.image().apply(CausalConvolution.square(6, 3, MaskType.A).withColours(colours));
    Feature found = x.causalAttention(x.tanh(), x.elu(), 6, span);
    return model.softmax(found.plus(x).apply(Pointwise.of(6).withColours(colours)));
  }

  @Test
  void wholeImagesAreWhatStepsAre() {
    ImageSpec image = new ImageSpec(5, 4, 1, 3);
    for (Span span : SPANS) {
      agree(model(image, List.of(GenerationOrder.raster(5, 4)), span));
      agree(model(image, List.of(GenerationOrder.hilbert(5, 4)), span));
      agree(
          model(
              image, List.of(GenerationOrder.random(5, 4, 3), GenerationOrder.sCurve(5, 4)), span));
      agree(colours(span));
    }
    agree(model(new ImageSpec(1, 1, 1, 2), List.of(GenerationOrder.raster(1, 1)), Span.EARLIER));
  }

  private static void agree(Definition definition) {
    SplittableRandom random = new SplittableRandom(7);
    int[] levels =
        IntStream.range(0, 5)
            .flatMap(i -> IntStream.of(RandomGraphs.image(definition, random)))
            .toArray();
    Batch batch =
        Batch.of(
            Examples.of(ImageSet.of(definition.image(), levels)),
            List.of(),
            IntStream.range(0, 5).toArray());
    var weights = RandomWeights.of(definition, 3);
    List<GenerationOrder> orders = definition.orders();
    try (Scoring steps = Engine.on(Device.jvm()).scoring(definition, orders, weights);
        Scoring whole = Engine.on(Device.cpu()).scoring(definition, orders, weights)) {
      for (int order = 0; order < orders.size(); order++) {
        float[] expected = steps.logLikelihoods(batch, order);
        assertArrayEquals(expected, whole.logLikelihoods(batch, order), 1e-4f);
      }
    }
  }

  /** The sum of the probabilities of all images: 1 if, and only if, nobody sees what is later. */
  @Test
  void allImagesTogetherAreCertain() {
    ImageSpec image = new ImageSpec(3, 3, 1, 2);
    int[] all = new int[512 * 9];
    for (int i = 0; i < all.length; i++) {
      all[i] = ((i / 9) >> (i % 9)) & 1;
    }
    Batch batch =
        Batch.of(
            Examples.of(ImageSet.of(image, all)), List.of(), IntStream.range(0, 512).toArray());
    for (Span span : SPANS) {
      List<GenerationOrder> orders =
          List.of(GenerationOrder.raster(3, 3), GenerationOrder.hilbert(3, 3));
      Definition definition = model(image, orders, span);
      try (Scoring whole =
          Engine.on(Device.cpu()).scoring(definition, orders, RandomWeights.of(definition, 2))) {
        for (int order = 0; order < orders.size(); order++) {
          float[] pixels = whole.logLikelihoods(batch, order);
          double sum = 0;
          for (int i = 0; i < 512; i++) {
            double log = 0;
            for (int p = 0; p < 9; p++) {
              log += pixels[i * 9 + p];
            }
            sum += Math.exp(log);
          }
          assertEquals(1, sum, 1e-5, span + " under " + orders.get(order));
        }
      }
    }
  }

  /** However large the scores are of what nobody may read: the first pixel gets 0, and no more. */
  @ParameterizedTest
  @ValueSource(floats = {1e4f, -1e4f})
  void overNothingItIsZeroWhateverTheScores(float size) {
    ImageSpec image = new ImageSpec(4, 4, 1, 2);
    ModelBuilder builder = ModelBuilder.of("loud", image);
    Feature query = builder.image().causalConv(1, 3, MaskType.A);
    Feature keys = builder.image().causalConv(1, 3, MaskType.A);
    Definition definition = builder.bernoulli(query.causalAttention(keys, keys, 1, Span.EARLIER));
    Map<String, float[]> values = new HashMap<>();
    definition
        .graph()
        .parameters()
        .forEach(
            (name, parameter) -> {
              float[] all = new float[parameter.size()];
              Arrays.fill(all, name.endsWith("bias") ? size : 0.1f);
              values.put(name, all);
            });
    Weights loud = Weights.of(definition, values);
    Examples examples = Examples.of(ImageSet.of(image, new int[32]));
    for (Device device : List.of(Device.cpu(), Device.jvm())) {
      try (Model model = Model.of(definition, loud, device)) {
        assertEquals((float) Math.log(0.5), model.score(examples).values()[0], 1e-7, "" + device);
      }
    }
    try (Model model = Model.of(definition, loud, Device.cpu())) {
      // A gradient that is not finite ends training with an exception.
      var record = model.train(examples, TrainingOptions.seed(1).steps(2).batch(2).build());
      assertEquals(2, record.lastStep());
    }
  }

  @Test
  void tensorFlowsStepsAreThoseOfTheFullNetwork() {
    for (Span span : SPANS) {
      for (Definition definition :
          List.of(
              model(new ImageSpec(4, 4, 1, 3), List.of(GenerationOrder.hilbert(4, 4)), span),
              colours(span))) {
        check(definition, TensorFlowLoops.PLAIN, 3);
      }
    }
  }

  @Test
  void xlaCompilesAttention() {
    assumeTrue(TensorFlowEngine.on(Device.cpu()).runs(TensorFlowLoops.XLA), "no XLA here");
    check(colours(Span.UP_TO_OWN.last(4)), TensorFlowLoops.XLA, 12);
  }

  private static void check(Definition definition, TensorFlowLoops loops, int steps) {
    try (TensorFlowStepProgram compiled =
        TensorFlowStepProgram.of(
            StepProgram.of(definition), TensorFlowEngine.on(Device.cpu()), 2, steps, loops)) {
      IncrementalComparison.check(
          definition, 5, List.of((program, weights) -> compiled.bind(weights)));
    }
  }

  /** What learns whether a picture repeats itself has to look far back. */
  @Test
  void attentionLearns() {
    ImageSet digits = EmbeddedDigits.count(64).size(8).levels(2).seed(1).grey();
    Definition definition =
        model(digits.spec(), List.of(GenerationOrder.hilbert(8, 8)), Span.EARLIER);
    try (Model model = Model.initial(definition, 1, Device.cpu())) {
      Examples examples = Examples.of(digits);
      double before = model.score(examples).bitsPerDimension();
      model.train(examples, TrainingOptions.seed(1).steps(30).batch(16).build());
      double after = model.score(examples).bitsPerDimension();
      assertTrue(after < before - 0.1, before + " to " + after);
    }
  }
}
