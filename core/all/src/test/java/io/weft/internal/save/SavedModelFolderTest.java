package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.sample.CounterRandom;
import io.weft.sample.SampledImage;
import io.weft.save.ModelFormatException;
import io.weft.score.Scores;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.SavedModels;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.SessionFunction;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** Loads exported models with TensorFlow alone, and compares with Weft's own engines. */
class SavedModelFolderTest {

  private static final int IMAGES = 3;
  private static final long SEED = 21;
  private static final float TEMPERATURE = 0.75f;

  @TempDir Path temporary;

  /** All kinds of conditions, on colour images. */
  private static Definition conditional() {
    ModelBuilder model = ModelBuilder.of("conditional", new ImageSpec(5, 4, 3, 4));
    List<Feature> conditions =
        List.of(
            model.classCondition("digit", 10),
            model.vectorCondition("style", 5),
            model.spatialCondition("sketch+", 2));
    return model.softmax(GatedPixelCnn.logits(model, 1, 6, 3, Distribution.softmax(), conditions));
  }

  private static Definition binary() {
    ModelBuilder model = ModelBuilder.of("binary", new ImageSpec(6, 5, 1, 2));
    // A layer of this name must not get in the way of the graph's saver.
    Feature first = model.image().apply("save", CausalConvolution.square(4, 3, MaskType.A));
    return model.bernoulli(first.relu().conv1x1(1));
  }

  private static Definition grey() {
    return GatedPixelCnn.classConditional(new ImageSpec(6, 7, 1, 256), 10, 1, 6, 3);
  }

  private static Definition plusPlus() {
    return PixelCnnPlusPlus.builder(new ImageSpec(3, 5, 3, 16))
        .blocks(1)
        .maps(4)
        .components(3)
        .classCondition("digit", 10)
        .build();
  }

  private static List<Definition> recurrentAndAttending() {
    ImageSpec image = new ImageSpec(4, 4, 1, 4);
    return List.of(
        PixelRnn.rowLstm(new ImageSpec(3, 4, 3, 2), 1, 4),
        PixelRnn.diagonalBiLstm(image, 1, 4),
        PixelSnail.builder(image).blocks(1).maps(4).components(2).build(),
        ImageGpt.builder(image)
            .blocks(1)
            .maps(6)
            .heads(2)
            .order(GenerationOrder.hilbert(4, 4))
            .build());
  }

  @TestFactory
  Stream<DynamicTest> scoresAndSamplesAsWeftDoes() {
    return Stream.concat(
            Stream.of(conditional(), binary(), grey(), plusPlus()),
            recurrentAndAttending().stream())
        .map(d -> DynamicTest.dynamicTest(d.name(), () -> compare(d)));
  }

  private void compare(Definition definition) throws IOException {
    Path folder = temporary.resolve("new").resolve(definition.name());
    Random random = new Random(4);
    Map<String, float[]> values = new LinkedHashMap<>();
    definition
        .graph()
        .parameters()
        .forEach((name, parameter) -> values.put(name, randoms(random, parameter.size())));
    Weights weights = Weights.of(definition, values);
    List<ConditionValues> conditions = conditions(definition, random);
    try (Model model = Model.of(definition, weights)) {
      model.exportSavedModel(folder);
      List<SampledImage> sampled =
          model
              .sampler(SEED)
              .count(IMAGES)
              .temperature(TEMPERATURE)
              .conditions(conditions)
              .images()
              .toList();
      int size = definition.image().values();
      int[] levels = new int[IMAGES * size];
      for (int i = 0; i < IMAGES; i++) {
        System.arraycopy(sampled.get(i).levels(), 0, levels, i * size, size);
      }
      Examples examples =
          Examples.conditioned(ImageSet.of(definition.image(), levels), conditions::get);
      try (SavedModelBundle bundle = SavedModelBundle.load(folder.toString())) {
        List<String> names = bundle.functions().stream().map(f -> f.signature().key()).toList();
        assertTrue(names.containsAll(List.of("score", "sample_step")), "" + names);
        Client client = new Client(definition, conditions, bundle);
        float[] logs = client.score(bytes(levels));
        Scores scores = model.score(examples);
        for (int i = 0; i < logs.length; i++) {
          int place = i % size / definition.image().channels();
          float expected =
              scores.valueLogLikelihood(
                  i / size,
                  place / definition.image().width(),
                  place % definition.image().width(),
                  i % definition.image().channels());
          assertEquals(expected, logs[i], 1e-5 * (1 + Math.abs(expected)));
        }
        assertArrayEquals(bytes(levels), client.sample());
      }
    }
  }

  private static float[] randoms(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * 0.5);
    }
    return values;
  }

  private static List<ConditionValues> conditions(Definition definition, Random random) {
    List<ConditionValues> all = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      ConditionValues values = ConditionValues.none();
      for (Condition condition : definition.conditions()) {
        int size = condition.shape().positions() * condition.shape().maps();
        if (condition instanceof Condition.OneOf) {
          values = values.withLabel(condition.name(), (i * 3 + 2) % size);
        } else if (condition instanceof Condition.Vector) {
          values = values.withVector(condition.name(), randoms(random, size));
        } else {
          values = values.withMap(condition.name(), randoms(random, size));
        }
      }
      all.add(values);
    }
    return all;
  }

  private static byte[] bytes(int[] levels) {
    byte[] bytes = new byte[levels.length];
    for (int i = 0; i < levels.length; i++) {
      bytes[i] = (byte) levels[i];
    }
    return bytes;
  }

  /** What somebody would write who has TensorFlow but not Weft. */
  private record Client(
      Definition definition,
      List<ConditionValues> conditions,
      SavedModelBundle bundle,
      int labelsFrom) {

    Client(Definition definition, List<ConditionValues> conditions, SavedModelBundle bundle) {
      this(definition, conditions, bundle, 0);
    }

    private Map<String, Tensor> inputs(byte[] levels) {
      ImageSpec image = definition.image();
      Map<String, Tensor> inputs = new HashMap<>();
      inputs.put(
          "images",
          TUint8.tensorOf(
              Shape.of(IMAGES, image.height(), image.width(), image.channels()),
              DataBuffers.of(levels, true, false)));
      for (Condition condition : definition.conditions()) {
        inputs.put("condition_" + condition.name(), input(condition));
      }
      return inputs;
    }

    private Tensor input(Condition condition) {
      int size = condition.shape().positions() * condition.shape().maps();
      int[] labels = new int[IMAGES];
      float[] all = new float[IMAGES * size];
      for (int i = 0; i < IMAGES; i++) {
        float[] feature = conditions.get(i).feature(condition);
        System.arraycopy(feature, 0, all, i * size, size);
        for (int k = 0; k < size; k++) {
          labels[i] = feature[k] == 1 ? labelsFrom + k : labels[i];
        }
      }
      if (condition instanceof Condition.OneOf) {
        return TInt32.vectorOf(labels);
      }
      Shape shape =
          condition instanceof Condition.Vector
              ? Shape.of(IMAGES, size)
              : Shape.of(
                  IMAGES,
                  condition.shape().height(),
                  condition.shape().width(),
                  condition.shape().maps());
      return TFloat32.tensorOf(shape, DataBuffers.of(all, true, false));
    }

    float[] score(byte[] levels) {
      Map<String, Tensor> inputs = inputs(levels);
      try (Result result = bundle.function("score").call(inputs)) {
        TFloat32 logs = (TFloat32) result.get("log_likelihood").orElseThrow();
        ImageSpec image = definition.image();
        assertEquals(
            Shape.of(IMAGES, image.height(), image.width(), image.channels()), logs.shape());
        float[] values = new float[IMAGES * image.values()];
        logs.asRawTensor().data().asFloats().read(values);
        return values;
      } finally {
        inputs.values().forEach(Tensor::close);
      }
    }

    /** Steps through all values, from images that hold noise where nothing is drawn yet. */
    byte[] sample() {
      ImageSpec image = definition.image();
      byte[] levels = new byte[IMAGES * image.values()];
      Random random = new Random(1);
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (byte) random.nextInt(image.levels());
      }
      for (int step = 0; step < image.values(); step++) {
        int position = definition.graph().order().position(step / image.channels());
        int channel = step % image.channels();
        double[] uniforms = new double[IMAGES];
        for (int i = 0; i < IMAGES; i++) {
          uniforms[i] = CounterRandom.uniform(SEED, i, position, channel);
        }
        levels = step(levels, step, uniforms, TEMPERATURE);
      }
      return levels;
    }

    byte[] step(byte[] levels, int step, double[] uniforms, float temperature) {
      SessionFunction function = bundle.function("sample_step");
      Map<String, Tensor> inputs = inputs(levels);
      inputs.put("step", TInt32.scalarOf(step));
      inputs.put("uniforms", TFloat64.vectorOf(uniforms));
      inputs.put("temperature", TFloat32.scalarOf(temperature));
      try (Result result = function.call(inputs)) {
        TUint8 images = (TUint8) result.get("images").orElseThrow();
        TInt32 values = (TInt32) result.get("value").orElseThrow();
        byte[] written = new byte[levels.length];
        images.asRawTensor().data().read(written);
        ImageSpec image = definition.image();
        int place =
            definition.graph().order().position(step / image.channels()) * image.channels()
                + step % image.channels();
        byte[] expected = levels.clone();
        for (int i = 0; i < IMAGES; i++) {
          expected[i * image.values() + place] = (byte) values.getInt(i);
        }
        assertArrayEquals(expected, written);
        return written;
      } finally {
        inputs.values().forEach(Tensor::close);
      }
    }
  }

  @Test
  void refusesInputsThatMeanNothing() throws IOException {
    Definition definition = grey();
    Path folder = temporary.resolve("m");
    try (Model model = Model.initial(definition, 1)) {
      model.exportSavedModel(folder);
    }
    List<ConditionValues> conditions = conditions(definition, new Random(4));
    byte[] levels = new byte[IMAGES * definition.image().values()];
    try (SavedModelBundle bundle = SavedModelBundle.load(folder.toString())) {
      Client client = new Client(definition, conditions, bundle);
      // The largest uniform number there is, and one that is out of range, give a level.
      client.step(levels, 0, new double[] {0, 1 - 0x1p-53, 1}, 1);
      double[] half = {0.5, 0.5, 0.5};
      int beyond = definition.image().values();
      assertThrows(TFInvalidArgumentException.class, () -> client.step(levels, beyond, half, 1));
      String cold =
          assertThrows(TFInvalidArgumentException.class, () -> client.step(levels, 0, half, 0))
              .getMessage();
      assertTrue(cold.contains("temperature"), cold);
      Client lost = new Client(definition, conditions, bundle, 1_000);
      assertThrows(TFInvalidArgumentException.class, () -> lost.score(levels));
    }
  }

  @Test
  void neverWritesOverAnything() throws IOException {
    Path full = Files.createDirectory(temporary.resolve("full"));
    Files.writeString(full.resolve("notes.txt"), "mine");
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    Path file = Files.writeString(temporary.resolve("file"), "mine");
    try (Model model = Model.initial(binary(), 1)) {
      for (Path folder : List.of(full, file)) {
        assertThrows(ModelFormatException.class, () -> model.exportSavedModel(folder));
      }
      Path link = temporary.resolve("link");
      Files.createSymbolicLink(link, empty);
      model.exportSavedModel(link);
      assertTrue(Files.isSymbolicLink(link));
      Files.delete(link);
      assertThrows(ModelFormatException.class, () -> model.exportSavedModel(empty));
      assertThrows(IOException.class, () -> model.exportSavedModel(file.resolve("m")));
    }
    assertEquals(List.of("notes.txt"), SavedModels.names(full));
    assertEquals("mine", Files.readString(file));
    assertTrue(Files.exists(empty.resolve("saved_model.pb")));
    assertTrue(Files.exists(empty.resolve("variables").resolve("variables.index")));
    assertEquals(List.of("empty", "file", "full"), SavedModels.names(temporary));
    assertFalse(Files.exists(empty.resolve("model.json")));
  }
}
