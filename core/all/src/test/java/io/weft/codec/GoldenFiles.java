package io.weft.codec;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.distribution.Distribution;
import io.weft.engine.Device;
import io.weft.json.LayerCatalog;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Files that were committed once, with the models that coded them. {@link #main} writes new ones
 * into a folder, for another version: those of old formats stay.
 */
public final class GoldenFiles {

  private static final String COLOURS = "colours.zip";
  private static final String GREYS = "greys.zip";
  private static final String CODES = "codes.zip";

  /** A file, the model that coded it, and what is in it. */
  private record Golden(
      String name, String model, int images, int height, int width, int perBlock, boolean labels) {

    Codec codec(Model loaded) {
      Codec codec = Codec.of(loaded).imagesPerBlock(perBlock);
      return labels ? codec : codec.labelsGiven();
    }

    Examples examples(Definition definition) {
      ImageSpec own = definition.image();
      ImageSpec image = new ImageSpec(height, width, own.channels(), own.levels());
      // Java says for ever what numbers this gives.
      SplittableRandom random = new SplittableRandom(17);
      int[] levels = new int[images * image.values()];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = random.nextInt(4) == 0 ? random.nextInt(own.levels()) : own.levels() / 2;
      }
      return Examples.conditioned(
          ImageSet.of(image, levels),
          i ->
              definition.conditions().isEmpty()
                  ? ConditionValues.none()
                  : ConditionValues.none().withLabel("class", i % 3));
    }
  }

  private static final List<Golden> ALL =
      List.of(
          new Golden("colours.weft", COLOURS, 7, 6, 5, 3, true),
          new Golden("labels-given.weft", COLOURS, 3, 6, 5, 1, false),
          new Golden("resized.weft", COLOURS, 2, 9, 11, 32, true),
          new Golden("tiles.weft", COLOURS, 2, 49, 50, 2, true),
          new Golden("greys.weft", GREYS, 3, 4, 4, 2, true),
          new Golden("codes.weft", CODES, 3, 4, 4, 2, true));

  private static Model model(String name) {
    Definition definition =
        switch (name) {
          case COLOURS -> GatedPixelCnn.classConditional(new ImageSpec(6, 5, 3, 4), 3, 1, 6, 3);
          case CODES ->
              GatedPixelCnn.builder(new ImageSpec(4, 4, 1, 700))
                  .embedding(5)
                  .blocks(1)
                  .maps(6)
                  .build();
          default ->
              GatedPixelCnn.builder(new ImageSpec(4, 4, 1, 256))
                  .blocks(1)
                  .maps(6)
                  .kernel(3)
                  .distribution(Distribution.logisticMixture(2))
                  .build();
        };
    return Model.of(definition, RandomWeights.of(definition, 8), Device.jvm());
  }

  private GoldenFiles() {}

  /**
   * Decodes every file, and codes what is in it again, in this process's best loops.
   *
   * @param pixels of the largest images: of larger ones the file is left out, where that takes long
   * @return the names of the files
   * @throws IllegalStateException if other images come out, or other bytes
   */
  public static List<String> check(int pixels) throws IOException {
    List<Golden> checked =
        ALL.stream().filter(golden -> golden.height() * golden.width() <= pixels).toList();
    for (Golden golden : checked) {
      check(golden);
    }
    return checked.stream().map(Golden::name).toList();
  }

  private static void check(Golden golden) throws IOException {
    try (Model model =
            Model.loadResource(
                GoldenFiles.class, golden.model(), LayerCatalog.standard(), Device.jvm());
        InputStream in = GoldenFiles.class.getResourceAsStream(golden.name())) {
      byte[] file = in.readAllBytes();
      Codec codec = golden.codec(model);
      Examples expected = golden.examples(model.definition());
      Examples found = codec.open(file).conditions(given(golden, expected)).decode();
      for (int i = 0; i < expected.size(); i++) {
        check(
            Arrays.equals(expected.images().image(i), found.images().image(i))
                && expected.conditions(i).toString().equals(found.conditions(i).toString()),
            golden + " decodes to another image " + i);
      }
      check(Arrays.equals(file, bytes(codec.encode(expected))), golden + " is coded otherwise");
    }
  }

  private static void check(boolean isSo, String what) {
    if (!isSo) {
      throw new IllegalStateException(what);
    }
  }

  private static List<ConditionValues> given(Golden golden, Examples examples) {
    return IntStream.range(0, examples.size())
        .mapToObj(i -> golden.labels() ? ConditionValues.none() : examples.conditions(i))
        .toList();
  }

  private static byte[] bytes(CodedImages coded) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    coded.writeTo(out);
    return out.toByteArray();
  }

  /** Writes the models that are not there yet, and the files, into a folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    for (Golden golden : ALL) {
      Path zip = folder.resolve(golden.model());
      if (!Files.exists(zip)) {
        try (Model model = model(golden.model());
            OutputStream out = Files.newOutputStream(zip)) {
          model.save(out);
        }
      }
      try (Model model = Model.load(zip)) {
        golden
            .codec(model)
            .encode(golden.examples(model.definition()))
            .save(folder.resolve(golden.name()));
      }
    }
  }
}
