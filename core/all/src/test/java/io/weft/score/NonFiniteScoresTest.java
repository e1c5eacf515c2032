package io.weft.score;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.complete.Half;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.model.GatedPixelCnn;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.sample.SamplingRun;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Finite weights so large that the network's output is not: no score, probability or drawn level
 * comes of it, in no family and on no executor. Distributions that clip what they are given would
 * hide it.
 */
class NonFiniteScoresTest {

  private static List<Definition> families() {
    ImageSpec digits = new ImageSpec(4, 4, 1, 4);
    ImageSpec binary = new ImageSpec(4, 4, 1, 2);
    return List.of(
        PixelCnn.of(digits, 1, 8, 3),
        GatedPixelCnn.of(digits, 1, 8, 3),
        // Its program on TensorFlow is by far the largest.
        PixelCnnPlusPlus.builder(new ImageSpec(2, 2, 1, 4)).blocks(1).maps(8).build(),
        LocallyMaskedPixelCnn.builder(binary).blocks(1).maps(8).build());
  }

  /** The weights of a start, but for those of the layer that gives the output. */
  private static Weights overflowing(Definition definition) {
    Weights start = Weights.initial(definition, 1);
    String last = definition.graph().outputNode().name() + "/";
    Map<String, float[]> values = new HashMap<>();
    for (String name : start.names()) {
      float[] array = start.values(name);
      // A direction is divided by its norm, which would be infinite.
      if (name.startsWith(last) && !name.endsWith("direction")) {
        Arrays.fill(array, Float.MAX_VALUE);
      }
      values.put(name, array);
    }
    return Weights.of(definition, values);
  }

  @TestFactory
  Stream<DynamicTest> nothingComesOfNoNumbers() {
    return families().stream()
        .map(d -> DynamicTest.dynamicTest(d.name(), () -> nothingComesOfNoNumbers(d)));
  }

  private static void nothingComesOfNoNumbers(Definition definition) {
    ImageSpec spec = definition.image();
    ImageSet images = ImageSet.of(spec, new int[3 * spec.values()]);
    Examples examples = Examples.of(images);
    PixelMask mask = PixelMask.withoutHalf(definition.image(), Half.BOTTOM);
    Weights weights = overflowing(definition);
    for (Device device : List.of(Device.cpu(), Device.jvm())) {
      try (Model model = Model.of(definition, weights, device)) {
        refused(() -> model.score(examples), "example 0");
        refused(() -> model.scoreEnsemble(examples), "example 0");
        refused(() -> model.conditionalLogLikelihoods(examples, i -> mask), "example 0");
      }
    }
    try (Model model = Model.of(definition, weights, Device.cpu())) {
      String pixel = "cannot draw channel 0 of pixel (";
      for (SamplingExecutor executor :
          List.of(SamplingExecutor.jvm(), SamplingExecutor.tensorflowWithoutXla())) {
        var sampler = model.sampler(1).executor(executor);
        refused(() -> sampler.images().toList(), pixel);
        refused(() -> sampler.probabilities(new int[spec.values()], spec.height() - 1, 0), pixel);
        refused(() -> each(sampler), pixel);
      }
    }
  }

  /** A scale is clipped, so that one of infinity alone would give likelihoods like any other. */
  @Test
  void whatTheDistributionWouldClipIsRefused() {
    Definition definition =
        PixelCnnPlusPlus.builder(new ImageSpec(4, 4, 1, 4))
            .blocks(1)
            .maps(8)
            .components(10)
            .build();
    Weights start = Weights.initial(definition, 1);
    Map<String, float[]> values = new HashMap<>();
    start.names().forEach(name -> values.put(name, start.values(name)));
    // The largest number and a little more: infinite, and nowhere the difference of two that are.
    Arrays.fill(values.get("parameters/bias"), 20, 30, Float.MAX_VALUE);
    Arrays.fill(values.get("parameters/scale"), 20, 30, Float.MAX_VALUE / 64);
    Weights weights = Weights.of(definition, values);
    ImageSpec spec = definition.image();
    Examples examples = Examples.of(ImageSet.of(spec, new int[3 * spec.values()]));
    for (Device device : List.of(Device.cpu(), Device.jvm())) {
      try (Model model = Model.of(definition, weights, device)) {
        refused(() -> model.score(examples), "example 0");
      }
    }
  }

  private static void each(Sampler sampler) {
    try (SamplingRun run = sampler.run()) {
      while (!run.isDone()) {
        run.probabilities(0);
        run.force(0, 1);
        run.advance();
      }
    }
  }

  private static void refused(Executable use, String where) {
    String message = assertThrows(ArithmeticException.class, use).getMessage();
    assertTrue(message.contains(where) && message.contains("weights are not usable"), message);
  }
}
