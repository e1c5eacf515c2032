package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.tensorflow.DataInitialisation;
import io.weft.internal.tensorflow.TensorFlowEngine;
import io.weft.internal.tensorflow.Workbench;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import io.weft.lower.Phase;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomGraphs;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat64;

class DataInitialisationTest {

  private static final ImageSpec IMAGE = new ImageSpec(9, 10, 3, 32);
  private static final int[] BATCH = IntStream.range(0, 8).toArray();

  private static Definition model() {
    return PixelCnnPlusPlus.builder(IMAGE)
        .blocks(1)
        .maps(6)
        .components(2)
        .classCondition("class", 10)
        .build();
  }

  private static Examples examples(Definition definition, int count) {
    SplittableRandom random = new SplittableRandom(4);
    int[] levels = random.ints((long) count * IMAGE.values(), 0, IMAGE.levels()).toArray();
    return Examples.conditioned(
        ImageSet.of(IMAGE, levels),
        i -> RandomGraphs.conditions(definition, new SplittableRandom(i)));
  }

  @Test
  void everyNormalisedLayerHasItsMeanAndDeviation() {
    Definition definition = model();
    Examples examples = examples(definition, 8);
    Weights start = Weights.initial(definition, 3);
    Weights weights =
        DataInitialisation.of(
            definition, start, TensorFlowEngine.on(Device.cpu()), examples, BATCH);
    Map<String, double[]> outputs = outputs(definition, weights, examples);
    int normalised = 0;
    for (Node node : definition.graph().nodes()) {
      if (node instanceof Node.Applied applied && deviation(applied.layer()) > 0) {
        double expected = deviation(applied.layer());
        double[] output = outputs.get(applied.name());
        for (int m = 0; m < node.shape().maps(); m++) {
          double[] map = every(output, m, node.shape().maps());
          double mean = Arrays.stream(map).average().orElseThrow();
          double variance =
              Arrays.stream(map).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
          assertEquals(0, mean, 1e-3 * expected, applied.name() + " map " + m);
          assertEquals(expected * expected, variance, 2e-3 * expected * expected, applied.name());
        }
        normalised++;
      }
    }
    // Three that read the image, 3 + 5 blocks of two streams, 4 times down and up, one at the end.
    assertEquals(3 + (1 + 1 + 1 + 1 + 2 + 2) * 2 * 2 + 3 + 5 * 2 + 8 + 1, normalised);
  }

  private static double[] every(double[] values, int from, int step) {
    return IntStream.range(0, values.length / step)
        .mapToDouble(i -> values[i * step + from])
        .toArray();
  }

  private static double deviation(Layer layer) {
    if (layer instanceof ShiftedConvolution convolution) {
      return convolution.deviation();
    }
    return layer instanceof TransposedShiftedConvolution transposed ? transposed.deviation() : 0;
  }

  /** The outputs of all layers by name, in double precision. */
  private static Map<String, double[]> outputs(
      Definition definition, Weights weights, Examples examples) {
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      LayerGraph layers = definition.graph();
      var places = bench.places(layers, examples.size());
      double[] image = new double[examples.size() * IMAGE.values()];
      byte[] levels = new byte[image.length];
      for (int i = 0; i < examples.size(); i++) {
        examples.images().copyImage(i, levels, i * IMAGE.values());
      }
      for (int i = 0; i < image.length; i++) {
        int level = Byte.toUnsignedInt(levels[i]);
        image[i] = IMAGE.scaled(level);
      }
      places.get("image").set(image);
      for (var condition : layers.conditions()) {
        double[] all = new double[examples.size() * condition.shape().maps()];
        for (int i = 0; i < examples.size(); i++) {
          float[] one = examples.conditions(i).feature(condition);
          for (int m = 0; m < one.length; m++) {
            all[i * one.length + m] = one[m];
          }
        }
        places.get(condition.name()).set(all);
      }
      weights.names().forEach(n -> places.get(n).set(doubles(weights.values(n))));
      List<Operand<TFloat64>> values = bench.values(layers, Phase.INFERENCE, places);
      Map<String, Operand<TFloat64>> wanted = new LinkedHashMap<>();
      for (int i = 1; i < layers.nodes().size(); i++) {
        if (layers.nodes().get(i) instanceof Node.Applied applied) {
          wanted.put(applied.name(), bench.tf().identity(values.get(i)));
        }
      }
      List<double[]> found = bench.run(List.copyOf(wanted.values()));
      Map<String, double[]> outputs = new HashMap<>();
      int at = 0;
      for (String name : wanted.keySet()) {
        outputs.put(name, found.get(at++));
      }
      return outputs;
    }
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @Test
  void isAFunctionOfWeightsAndExamples() {
    Definition definition = model();
    Examples examples = examples(definition, 8);
    Weights start = Weights.initial(definition, 3);
    Weights one =
        DataInitialisation.of(
            definition, start, TensorFlowEngine.on(Device.cpu()), examples, BATCH);
    Weights again =
        DataInitialisation.of(
            definition, start, TensorFlowEngine.on(Device.cpu()), examples, BATCH);
    for (String name : one.names()) {
      assertArrayEquals(one.values(name), again.values(name), 1e-5f, name);
      boolean measured = name.endsWith("/scale") || name.endsWith("/bias");
      if (!measured) {
        assertArrayEquals(start.values(name), one.values(name), name);
      }
    }
    assertNotEquals(start.values("parameters/scale")[0], one.values("parameters/scale")[0]);
  }

  @Test
  void whatHasLeftItsStartStays() {
    Definition definition = model();
    Examples examples = examples(definition, 8);
    Weights start = Weights.initial(definition, 3);
    Weights once =
        DataInitialisation.of(
            definition, start, TensorFlowEngine.on(Device.cpu()), examples, BATCH);
    Weights twice =
        DataInitialisation.of(
            definition,
            once,
            TensorFlowEngine.on(Device.cpu()),
            examples(definition, 5),
            BATCH_OF_5);
    for (String name : once.names()) {
      assertArrayEquals(once.values(name), twice.values(name), name);
    }
    Definition plain = GatedPixelCnn.of(IMAGE, 1, 6, 3);
    Weights weights = Weights.initial(plain, 1);
    assertSame(
        weights,
        DataInitialisation.of(
            plain, weights, TensorFlowEngine.on(Device.cpu()), examples(plain, 8), BATCH));
  }

  private static final int[] BATCH_OF_5 = {0, 1, 2, 3, 4};

  /** A step at a rate of almost nothing leaves what was measured. */
  @Test
  void comesBeforeTheFirstStepOfAFreshModelOnly() {
    Definition definition = model();
    Examples examples = examples(definition, 8);
    var options =
        TrainingOptions.seed(1)
            .steps(1)
            .batch(8)
            .optimiser(io.weft.optimise.Adam.withRate(1e-12))
            .build();
    try (Model model = Model.initial(definition, 3)) {
      model.train(examples, options);
      float[] first = model.weights().values("parameters/scale");
      assertNotEquals(1, first[0], 1e-3f);
      model.train(examples(definition, 3), options);
      assertArrayEquals(first, model.weights().values("parameters/scale"), 1e-6f);
    }
  }

  /** Ends in an own scale and offset, as anybody may write it. */
  private record Scaled() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      int maps = inputs.only().maps();
      var scale = Parameter.offset("size", new Initializer.OutputDeviation(2), maps);
      var offset = Parameter.offset("place", new Initializer.OutputMean(), maps);
      return inputs.read(0).times(Expression.vector(scale)).plus(Expression.vector(offset));
    }
  }

  @Test
  void aLayerOfOnesOwn() {
    ModelBuilder builder = ModelBuilder.of("own", IMAGE);
    Definition definition =
        builder.softmax(
            builder
                .image()
                .apply("first", CausalConvolution.square(4, 3, MaskType.A))
                .apply("scaled", new Scaled())
                .conv1x1(96));
    Examples examples = examples(definition, 8);
    Weights weights =
        DataInitialisation.of(
            definition,
            Weights.initial(definition, 1),
            TensorFlowEngine.on(Device.cpu()),
            examples,
            BATCH);
    double[] output = outputs(definition, weights, examples).get("scaled");
    for (int m = 0; m < 4; m++) {
      double[] map = every(output, m, 4);
      double mean = Arrays.stream(map).average().orElseThrow();
      assertEquals(0, mean, 1e-3);
      assertEquals(4, Arrays.stream(map).map(v -> v * v).average().orElseThrow(), 1e-2);
    }
    assertTrue(weights.values("scaled/size")[0] > 2);
  }
}
