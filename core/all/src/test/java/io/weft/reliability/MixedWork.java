package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.Model;
import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.testing.OrderedModel;
import io.weft.testing.SavedModels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * All that can be asked of a model that does not change, each with an answer that must not vary.
 */
final class MixedWork {

  private static final int IMAGES = 3;

  private final Model model;
  private final Examples examples;
  private final Map<String, Callable<String>> tasks = new TreeMap<>();
  private final Map<String, String> answers = new TreeMap<>();

  private MixedWork(Model model, Examples examples) {
    this.model = model;
    this.examples = examples;
    add("score", () -> Long.toString(Math.round(1e4 * model.score(examples).bitsPerDimension())));
    add(
        "ensemble",
        () -> Long.toString(Math.round(1e4 * model.scoreEnsemble(examples).bitsPerDimension())));
    add("conditional", this::conditional);
    for (String name : List.of("jvm", "tensorflow-plain")) {
      SamplingExecutor executor =
          name.equals("jvm") ? SamplingExecutor.jvm() : SamplingExecutor.tensorflowWithoutXla();
      add("images " + name, () -> levels(sampler().executor(executor).images().toList()));
      add("pixels " + name, () -> sampler().executor(executor).pixels().toList().toString());
      add("rows " + name, () -> sampler().executor(executor).rows().stream().toList().toString());
      add("completion " + name, () -> levels(completing().executor(executor).images().toList()));
    }
  }

  /** A locally masked model, which serves several orders. */
  static MixedWork of(Model model, ImageSet images) {
    return new MixedWork(model, Examples.of(images));
  }

  static Definition definition() {
    return OrderedModel.of(images().spec());
  }

  static ImageSet images() {
    return SavedModels.DIGITS.slice(0, 16).unlabelled();
  }

  private void add(String name, Callable<String> task) {
    tasks.put(name, task);
  }

  private Sampler sampler() {
    return model.sampler(11).count(IMAGES).batch(2);
  }

  private KnownPixels known() {
    ImageSet images = examples.images();
    return KnownPixels.of(images, 0, PixelMask.withoutHalf(images.spec(), Half.BOTTOM));
  }

  private Sampler completing() {
    return sampler().complete(known());
  }

  private String conditional() {
    PixelMask mask = known().mask();
    double[] each = model.conditionalLogLikelihoods(examples, i -> mask);
    return Arrays.toString(Arrays.stream(each).mapToLong(n -> Math.round(1e3 * n)).toArray());
  }

  private static String levels(List<SampledImage> images) {
    return images.stream().map(i -> i.index() + Arrays.toString(i.levels())).toList().toString();
  }

  /** Does everything once, for the answers that later ones must equal. */
  MixedWork learned() throws Exception {
    for (Map.Entry<String, Callable<String>> task : tasks.entrySet()) {
      answers.put(task.getKey(), task.getValue().call());
    }
    return this;
  }

  int kinds() {
    return tasks.size();
  }

  /** Does one thing. */
  void task(int number) throws Exception {
    String name = List.copyOf(tasks.keySet()).get(number % tasks.size());
    assertEquals(answers.get(name), tasks.get(name).call(), name);
  }
}
