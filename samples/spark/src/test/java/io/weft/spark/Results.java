package io.weft.spark;

import io.weft.Model;
import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.codec.Codec;
import io.weft.codec.CodedImages;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.engine.Device;
import io.weft.internal.files.Sha256;
import io.weft.sample.SampledImage;
import io.weft.sample.SamplingExecutor;
import io.weft.score.Scores;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all calls beside training give, by name, as digests: those of one process, and of fleets,
 * which have to give the same.
 */
final class Results {

  static final Examples EXAMPLES = SmallModels.examples(200);

  static final String TENSORFLOW = "tensorflow-without-xla";

  private static final ImageSet STRANGE = SmallModels.images(40);

  private Results() {}

  /** Returns those of this process. */
  static Map<String, String> alone() {
    Map<String, String> found = new TreeMap<>(aloneByJava());
    try (Model model = SmallModels.model(Device.cpu())) {
      var sampler = model.sampler(7).count(40).labels(image -> (int) (image % 10));
      found.put("scores by TensorFlow", of(model.score(EXAMPLES)));
      found.put(
          "drawn by TensorFlow",
          of(sampler.executor(SamplingExecutor.named(TENSORFLOW)).images().toList()));
    }
    return found;
  }

  /** Returns those of this process for which it needs no TensorFlow. */
  static Map<String, String> aloneByJava() {
    try (Model model = SmallModels.model(Device.jvm());
        AnomalyDetector detector = detector()) {
      var sampler = model.sampler(7).count(40).labels(image -> (int) (image % 10));
      return Map.of(
          "scores by Java", of(model.score(EXAMPLES)),
          "drawn by Java", of(sampler.executor(SamplingExecutor.jvm()).images().toList()),
          "coded", of(Codec.of(model).imagesPerBlock(9).encode(EXAMPLES)),
          "anomalies", of(detector.check(STRANGE)));
    }
  }

  /** Returns those of a fleet. */
  static Map<String, String> of(Fleet fleet) {
    Map<String, String> found = new TreeMap<>(byJava(fleet));
    try (Model model = SmallModels.model(Device.cpu())) {
      var sampler = fleet.sample(model, 7).count(40).labels(image -> (int) (image % 10));
      found.put("scores by TensorFlow", of(fleet.score(model, EXAMPLES)));
      found.put("drawn by TensorFlow", of(sampler.executor(TENSORFLOW).images().toList()));
    }
    return found;
  }

  /** Returns those of a fleet for which it needs no TensorFlow. */
  static Map<String, String> byJava(Fleet fleet) {
    try (Model model = SmallModels.model(Device.jvm());
        AnomalyDetector detector = detector()) {
      var sampler = fleet.sample(model, 7).count(40).labels(image -> (int) (image % 10));
      return Map.of(
          "scores by Java", of(fleet.score(model, EXAMPLES)),
          "drawn by Java", of(sampler.images().toList()),
          "coded", of(fleet.compress(Codec.of(model).imagesPerBlock(9), EXAMPLES)),
          "anomalies", of(fleet.anomalies(detector, STRANGE)));
    }
  }

  private static AnomalyDetector detector() {
    Model model = Model.initial(SmallModels.unconditioned(), 1, Device.jvm());
    Model background = Model.initial(SmallModels.unconditioned(), 2, Device.jvm());
    return AnomalyDetector.of(model, background, SmallModels.images(60), 0.2, 1);
  }

  static String of(Scores scores) {
    Sha256 digest = new Sha256();
    digest.add(scores.values());
    return digest.hex();
  }

  static String of(List<SampledImage> images) {
    Sha256 digest = new Sha256();
    for (SampledImage image : images) {
      digest.add((int) image.index());
      for (int level : image.levels()) {
        digest.add(level);
      }
    }
    return digest.hex();
  }

  private static String of(CodedImages coded) {
    Sha256 digest = new Sha256();
    try {
      coded.writeTo(digest.through(OutputStream.nullOutputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest.hex();
  }

  private static String of(Anomalies found) {
    Sha256 digest = new Sha256();
    for (int i = 0; i < found.size(); i++) {
      digest.add(found.heat(i));
      digest.add(String.valueOf(found.score(i)));
    }
    return digest.hex();
  }
}
