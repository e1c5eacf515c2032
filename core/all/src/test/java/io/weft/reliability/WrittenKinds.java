package io.weft.reliability;

import io.weft.Model;
import io.weft.anomaly.AnomalyDetector;
import io.weft.anomaly.AnomalyScore;
import io.weft.data.DataFormatException;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.exchange.CodeFile;
import io.weft.exchange.Tensor;
import io.weft.exchange.TensorFile;
import io.weft.exchange.WeightMapping;
import io.weft.json.LayerCatalog;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.pyramid.MultiScaleModel;
import io.weft.pyramid.Scale;
import io.weft.save.ModelFormatException;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import io.weft.testing.SavedModels;
import io.weft.watch.HistoryWriter;
import io.weft.watch.TrainingHistory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Kinds of files that hold more than one model, or none: several scales, detectors, texts, codes.
 */
final class WrittenKinds {

  private static final ImageSet GOOD = SavedModels.DIGITS.unlabelled();

  private WrittenKinds() {}

  static List<FileKind> all(Path folder) throws IOException {
    List<FileKind> kinds = new ArrayList<>();
    kinds.add(zip(folder));
    kinds.add(pyramid(folder));
    kinds.add(detector(folder));
    kinds.addAll(histories(folder));
    kinds.add(mapping(folder));
    kinds.addAll(codes(folder));
    return kinds;
  }

  private static FileKind kind(
      Path path, List<byte[]> whole, Class<? extends Exception> refusal, FileKind.Reader reader) {
    String name = path.getFileName().toString();
    return new FileKind(
        name, path, whole, UnaryOperator.identity(), reader, refusal, name.endsWith(".zip"));
  }

  private static FileKind zip(Path folder) throws IOException {
    Path path = folder.resolve("model.zip");
    List<byte[]> whole = new ArrayList<>();
    for (int steps = 1; steps <= 2; steps++) {
      try (Model model = SavedModels.trained(steps)) {
        try (OutputStream out = Files.newOutputStream(path)) {
          model.save(out);
        }
        whole.add(Files.readAllBytes(path));
      }
    }
    return kind(
        path,
        whole,
        ModelFormatException.class,
        file -> {
          try (Model model = Model.load(file)) {
            return Digest.of(model.snapshot()) + model.history();
          }
        });
  }

  private static Model random(Definition definition, int seed) {
    return Model.of(definition, RandomWeights.of(definition, seed), Device.jvm());
  }

  private static FileKind pyramid(Path folder) throws IOException {
    Scale scale = Scale.subsample(2);
    ImageSpec image = new ImageSpec(4, 4, 1, 3);
    Definition small = PixelCnn.of(scale.small(image), 1, 4, 3);
    Definition large =
        GatedPixelCnn.builder(image).blocks(1).maps(4).smallImageCondition("small", 2).build();
    Path place = folder.resolve("pyramid");
    try (MultiScaleModel model =
        MultiScaleModel.of(random(small, 1), random(large, 2), "small", scale)) {
      model.save(place);
    }
    Path file = place.resolve("multi-scale.json");
    return kind(
        file,
        List.of(Files.readAllBytes(file), Files.readAllBytes(place.resolve("small/model.json"))),
        ModelFormatException.class,
        path -> {
          try (MultiScaleModel model =
              MultiScaleModel.load(place, LayerCatalog.standard(), Device.jvm())) {
            return model.definition().toString();
          }
        });
  }

  private static FileKind detector(Path folder) throws IOException {
    Definition definition = PixelCnn.of(GOOD.spec(), 1, 4, 3);
    Path place = folder.resolve("detector");
    Path file = place.resolve("anomaly-detector.json");
    List<byte[]> whole = new ArrayList<>();
    for (int count : new int[] {40, 60}) {
      try (Model model = random(definition, 1);
          Model background = random(definition, 2);
          AnomalyDetector detector =
              AnomalyDetector.of(model, background, GOOD.take(count), 0.2, 1)) {
        detector.save(place);
      }
      whole.add(0, Files.readAllBytes(file));
    }
    return kind(
        file,
        whole,
        ModelFormatException.class,
        path -> {
          try (AnomalyDetector detector =
              AnomalyDetector.load(place, LayerCatalog.standard(), Device.jvm())) {
            StringBuilder meaning = new StringBuilder(detector.score().toString());
            for (AnomalyScore by : AnomalyScore.values()) {
              meaning.append(detector.threshold(by, 0.5)).append(' ');
            }
            detector.choice().ifPresent(choice -> meaning.append(choice.areas()));
            return meaning.toString();
          }
        });
  }

  private static List<FileKind> histories(Path folder) throws IOException {
    List<byte[]> json = new ArrayList<>();
    List<byte[]> csv = new ArrayList<>();
    for (int steps : new int[] {3, 2}) {
      Path place = Files.createDirectories(folder.resolve("histories-" + steps));
      List<Path> files = List.of(place.resolve("history.json"), place.resolve("history.csv"));
      try (Model model = Model.initial(SavedModels.definition(), 1)) {
        model.train(
            SavedModels.EXAMPLES,
            SavedModels.options(steps),
            HistoryWriter.to("damaged", 1, files));
      }
      json.add(Files.readAllBytes(files.get(0)));
      csv.add(Files.readAllBytes(files.get(1)));
    }
    FileKind.Reader reader = path -> TrainingHistory.read(path).toString();
    return List.of(
        kind(folder.resolve("history.json"), json, DataFormatException.class, reader),
        kind(folder.resolve("history.csv"), csv, DataFormatException.class, reader));
  }

  private static FileKind mapping(Path folder) {
    String text = "# names\nfirst/kernel = torch(blocks.0.weight)\n* = *\n";
    return kind(
        folder.resolve("weights.txt"),
        List.of(bytes(text), bytes("second/bias = torch(blocks.1.bias)\n")),
        DataFormatException.class,
        path -> {
          WeightMapping.read(path);
          return "a mapping";
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<FileKind> codes(Path folder) throws IOException {
    List<byte[]> npz = new ArrayList<>();
    List<byte[]> npy = new ArrayList<>();
    Path file = folder.resolve("codes");
    for (int images : new int[] {5, 3}) {
      float[] levels = new float[images * 16];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = i * 7 % 60;
      }
      Tensor tensor = Tensor.of(List.of(images, 4, 4), levels);
      TensorFile.writeNpz(file, Map.of(CodeFile.CODES, tensor));
      npz.add(Files.readAllBytes(file));
      npy.add(npy(images));
    }
    FileKind.Reader read = path -> meaning(CodeFile.read(path, 60));
    return List.of(
        kind(folder.resolve("codes.npz"), npz, DataFormatException.class, read),
        kind(folder.resolve("codes.npy"), npy, DataFormatException.class, read),
        kind(
            folder.resolve("opened.npy"),
            npy,
            DataFormatException.class,
            path -> {
              try {
                return meaning(CodeFile.open(path, 60));
              } catch (UncheckedIOException e) {
                // Numbers that are no levels are found when they are asked for.
                throw e.getCause();
              }
            }));
  }

  /** As NumPy writes bytes. */
  private static byte[] npy(int images) {
    StringBuilder head = new StringBuilder("{'descr': '|u1', 'fortran_order': False, 'shape': (");
    head.append(images).append(", 4, 4), }");
    while ((10 + head.length() + 1) % 64 != 0) {
      head.append(' ');
    }
    head.append('\n');
    byte[] text = head.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[10 + text.length + images * 16];
    byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
    System.arraycopy(magic, 0, all, 0, magic.length);
    System.arraycopy(text, 0, all, magic.length, text.length);
    for (int i = magic.length + text.length; i < all.length; i++) {
      all[i] = (byte) (i % 60);
    }
    return all;
  }

  private static String meaning(ImageSet set) {
    return set.size() + " images " + set.spec() + " " + set.fingerprint();
  }
}
