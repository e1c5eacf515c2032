package io.weft.reliability;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weft.Model;
import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.anomaly.AnomalyScore;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.json.LayerCatalog;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.PixelCnn;
import io.weft.order.GenerationOrder;
import io.weft.pyramid.MultiScaleModel;
import io.weft.pyramid.Scale;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import io.weft.train.TrainingOptions;
import io.weft.train.TrainingRecord;
import io.weft.watch.HistoryWriter;
import io.weft.watch.TrainingHistory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * What Weft has written in each version of its formats, and what was read of it then. {@link #main}
 * adds what is not there yet: who changes a format writes it under a new name, and the old files
 * stay. Coded images have {@link io.weft.codec.GoldenFiles}.
 */
final class GoldenFormats {

  private static final String OWN = "golden/";
  private static final String SAVED = "/io/weft/internal/save/";
  private static final String ANSWERS = OWN + "answers.json";
  private static final int IMAGES = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Says in words all that a file or a folder means. */
  private interface Reader {
    String read(Path place) throws IOException;
  }

  /** By where they lie. */
  private static final Map<String, Reader> ALL = all();

  private GoldenFormats() {}

  private static Map<String, Reader> all() {
    Map<String, Reader> all = new LinkedHashMap<>();
    // Before runs were told apart, and before Weft wrote weights without TensorFlow.
    all.put(SAVED + "model-of-version-1", GoldenFormats::model);
    all.put(SAVED + "by-tensorflow/model", GoldenFormats::model);
    all.put(OWN + "model-1", GoldenFormats::model);
    all.put(OWN + "model-1.zip", GoldenFormats::model);
    all.put(OWN + "orders-1", GoldenFormats::model);
    all.put(OWN + "multi-scale-1", GoldenFormats::pyramid);
    all.put(OWN + "anomaly-detector-1", GoldenFormats::detector);
    all.put(OWN + "history-1.json", GoldenFormats::history);
    all.put(OWN + "history-1.csv", GoldenFormats::history);
    return all;
  }

  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  static Path place(String name) {
    try {
      return Path.of(GoldenFormats.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is read now. */
  static String read(String name) throws IOException {
    return ALL.get(name).read(place(name));
  }

  /** What was read when it was written, by name. */
  static Map<String, String> answers() throws IOException {
    try (InputStream in = GoldenFormats.class.getResourceAsStream(ANSWERS)) {
      Map<String, String> answers = new TreeMap<>();
      JSON.readTree(in).properties().forEach(e -> answers.put(e.getKey(), e.getValue().asText()));
      return answers;
    }
  }

  private static String model(Path place) throws IOException {
    try (Model model = Model.load(place, LayerCatalog.standard(), Device.jvm())) {
      return Digest.of(model.snapshot())
          + bits(model.score(examples(model.definition())).logLikelihoods())
          + model.history().stream().map(GoldenFormats::words).toList();
    }
  }

  /** What a record has today: what a later one adds is not in it. */
  private static List<Object> words(TrainingRecord run) {
    return List.of(
        run.started(),
        run.data(),
        run.options(),
        run.seed(),
        run.firstStep(),
        run.lastStep(),
        run.keptStep(),
        run.outcome(),
        run.versions(),
        run.validations().stream().map(p -> List.of(p.step(), p.validationBits())).toList());
  }

  private static String pyramid(Path place) throws IOException {
    try (MultiScaleModel model =
        MultiScaleModel.load(place, LayerCatalog.standard(), Device.jvm())) {
      Examples examples = examples(model.definition().large());
      return bits(model.score(Examples.of(examples.images())).logLikelihoods());
    }
  }

  private static String detector(Path place) throws IOException {
    try (AnomalyDetector detector =
        AnomalyDetector.load(place, LayerCatalog.standard(), Device.jvm())) {
      Anomalies found = detector.check(examples(detector.definition()).images());
      StringBuilder words = new StringBuilder();
      words.append(detector.score()).append(bits(detector.threshold()));
      for (AnomalyScore by : AnomalyScore.values()) {
        words.append(by).append(bits(found.by(by).scores()));
        words.append(bits(detector.threshold(by, 0.25)));
      }
      detector.choice().ifPresent(choice -> words.append(choice.areas()));
      return words.toString();
    }
  }

  private static String history(Path place) throws IOException {
    TrainingHistory history = TrainingHistory.read(place);
    return history.steps().stream().map(GoldenFormats::words).toList().toString()
        + history.validations().stream().map(GoldenFormats::words).toList();
  }

  private static List<Object> words(TrainingHistory.Steps of) {
    return List.of(
        of.step(),
        of.epoch(),
        of.trainingBits(),
        of.gradientNorm(),
        of.learningRate(),
        of.imagesPerSecond(),
        of.inputSeconds(),
        of.runSeconds(),
        of.restSeconds(),
        of.seconds());
  }

  private static List<Object> words(TrainingHistory.Validation of) {
    return List.of(
        of.step(), of.epoch(), of.trainingBits(), of.validationBits(), of.seconds(), of.metrics());
  }

  private static String bits(double... numbers) {
    return DoubleStream.of(numbers).mapToObj(Double::toHexString).toList().toString();
  }

  /** Java says for ever what numbers this gives. */
  private static Examples examples(Definition definition) {
    SplittableRandom random = new SplittableRandom(17);
    ImageSpec image = definition.image();
    int[] levels = random.ints((long) IMAGES * image.values(), 0, image.levels()).toArray();
    return Examples.conditioned(
        ImageSet.of(image, levels),
        i ->
            definition.conditions().stream().anyMatch(Condition.OneOf.class::isInstance)
                ? ConditionValues.none().withLabel(definition.classCondition().name(), i)
                : ConditionValues.none());
  }

  // What is written.

  private static final ImageSet DIGITS = EmbeddedDigits.count(24).size(8).levels(3).seed(5).grey();

  /** Writes the files that are not there yet, and what is read of them, into a folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    write(folder);
    Path file = folder.resolve("answers.json");
    Map<String, String> answers = Files.exists(file) ? answers() : new TreeMap<>();
    for (Map.Entry<String, Reader> one : ALL.entrySet()) {
      if (!answers.containsKey(one.getKey())) {
        boolean own = one.getKey().startsWith(OWN);
        Path at = own ? folder.resolve(one.getKey().substring(OWN.length())) : place(one.getKey());
        answers.put(one.getKey(), one.getValue().read(at));
      }
    }
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), answers);
  }

  private static void write(Path folder) throws IOException {
    if (!Files.exists(folder.resolve("model-1"))) {
      trained(folder);
    }
    if (!Files.exists(folder.resolve("orders-1"))) {
      orders(folder.resolve("orders-1"));
    }
    if (!Files.exists(folder.resolve("multi-scale-1"))) {
      pyramids(folder.resolve("multi-scale-1"));
    }
    if (!Files.exists(folder.resolve("anomaly-detector-1"))) {
      detectors(folder.resolve("anomaly-detector-1"));
    }
  }

  /** With all that is kept of a training, of two runs, and names of classes. */
  private static void trained(Path folder) throws IOException {
    Definition definition =
        GatedPixelCnn.builder(DIGITS.spec()).blocks(1).maps(4).classCondition("digit", 10).build();
    Examples examples = Examples.labelled(DIGITS, "digit");
    HistoryWriter watched =
        HistoryWriter.to(
            "golden",
            1,
            List.of(folder.resolve("history-1.json"), folder.resolve("history-1.csv")));
    try (Model model = Model.initial(definition, 1)) {
      for (int run = 0; run < 2; run++) {
        model.train(
            examples,
            TrainingOptions.seed(2)
                .steps(3)
                .batch(8)
                .polyak(0.9)
                .clipNorm(1)
                .validateOn(examples)
                .validateEvery(1)
                .metric("twice", measured -> 2)
                .build(),
            watched);
      }
      model.save(folder.resolve("model-1"));
      try (OutputStream out = Files.newOutputStream(folder.resolve("model-1.zip"))) {
        model.save(out);
      }
    }
  }

  /** Several orders, one of which nobody has a name for, and attention. */
  private static void orders(Path place) throws IOException {
    ImageSpec image = new ImageSpec(3, 3, 1, 4);
    Definition definition =
        ImageGpt.builder(image)
            .blocks(1)
            .maps(6)
            .heads(2)
            .order(GenerationOrder.of(3, 3, 8, 1, 2, 3, 4, 5, 6, 7, 0))
            .build();
    try (Model model = random(definition)) {
      model.save(place);
    }
  }

  private static void pyramids(Path place) throws IOException {
    Scale scale = Scale.subsample(2);
    ImageSpec image = new ImageSpec(6, 4, 1, 3);
    Definition small = PixelCnn.of(scale.small(image), 1, 4, 3);
    Definition large =
        GatedPixelCnn.builder(image)
            .blocks(1)
            .maps(4)
            .smallImageCondition("small", scale.factor())
            .build();
    try (MultiScaleModel model = MultiScaleModel.of(random(small), random(large), "small", scale)) {
      model.save(place);
    }
  }

  private static void detectors(Path place) throws IOException {
    ImageSet good = DIGITS.unlabelled();
    Definition definition = PixelCnn.of(good.spec(), 1, 4, 3);
    try (Model model = random(definition);
        Model background = Model.initial(definition, 3, Device.jvm());
        AnomalyDetector detector = AnomalyDetector.of(model, background, good, 0.2, 1)) {
      detector.save(place);
    }
  }

  private static Model random(Definition definition) {
    return Model.of(definition, RandomWeights.of(definition, 8), Device.jvm());
  }

  /** What a file says, with another version in it. */
  static String versioned(Path file, String version) throws IOException {
    String text = Files.readString(file);
    String other = text.replaceFirst("\"version\"( ?): 1", "\"version\"$1: " + version);
    if (other.equals(text)) {
      throw new IllegalStateException(file + " has no version");
    }
    return other;
  }

  static List<Path> files(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      return Arrays.asList(all.filter(Files::isRegularFile).sorted().toArray(Path[]::new));
    }
  }
}
