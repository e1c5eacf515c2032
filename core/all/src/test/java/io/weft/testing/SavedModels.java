package io.weft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A small model with all that training keeps, and what tests of saved models need. */
public final class SavedModels {

  /** Handwritten-looking digits, 12x12 with 4 levels. */
  public static final ImageSet DIGITS = EmbeddedDigits.count(64).size(12).levels(4).seed(5).grey();

  public static final Examples EXAMPLES = Examples.labelled(DIGITS, "class");

  private SavedModels() {}

  /** Batch normalisation, dropout and a class condition. */
  public static Definition definition() {
    ModelBuilder model = ModelBuilder.of("small", DIGITS.spec());
    Feature label = model.classCondition("class", 10);
    Feature first =
        model
            .image()
            .apply("first", CausalConvolution.square(8, 3, MaskType.A))
            .batchNormalisation();
    Feature second =
        first
            .relu()
            .dropout(0.25)
            .apply("second", CausalConvolution.square(8, 3, MaskType.B))
            .conditionedOn(label);
    return model.softmax(second.relu().conv1x1(4));
  }

  public static TrainingOptions options(int steps) {
    return TrainingOptions.seed(3).steps(steps).batch(16).polyak(0.9).clipNorm(1).build();
  }

  public static Model trained(int steps) {
    Model model = Model.initial(definition(), 1);
    model.train(EXAMPLES, options(steps));
    return model;
  }

  public static void assertSame(Model.Snapshot expected, Model.Snapshot found) {
    assertSame(expected.weights(), found.weights());
    assertEquals(expected.state().isPresent(), found.state().isPresent());
    expected
        .state()
        .ifPresent(
            state -> {
              var other = found.state().orElseThrow();
              assertEquals(state.step(), other.step());
              assertEquals(state.runStart(), other.runStart());
              assertEquals(state.optimiserStart(), other.optimiserStart());
              assertEquals(state.loss(), other.loss());
              assertEquals(state.average().isPresent(), other.average().isPresent());
              state.average().ifPresent(a -> assertSame(a, other.average().orElseThrow()));
              assertSame(state.raw(), other.raw());
              assertEquals(state.slots().keySet(), other.slots().keySet());
              state.slots().forEach((slot, arrays) -> assertSame(arrays, other.slots().get(slot)));
            });
  }

  private static void assertSame(Weights expected, Weights found) {
    assertEquals(expected.names(), found.names());
    for (String name : expected.names()) {
      assertArrayEquals(expected.values(name), found.values(name), name);
    }
  }

  private static void assertSame(Map<String, float[]> expected, Map<String, float[]> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, array) -> assertArrayEquals(array, found.get(name), name));
  }

  public static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  public static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }
}
