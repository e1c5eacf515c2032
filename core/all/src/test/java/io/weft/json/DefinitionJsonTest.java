package io.weft.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.MaskType;
import io.weft.model.PixelCnn;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class DefinitionJsonTest {

  private static final DefinitionJson JSON = DefinitionJson.standard();

  @TestFactory
  Stream<DynamicTest> whatIsWrittenIsReadBackEqual() {
    return Models.all().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      String text = JSON.write(entry.getValue());
                      Definition again = JSON.read(text);
                      assertEquals(entry.getValue(), again);
                      assertEquals(entry.getValue().hashCode(), again.hashCode());
                      assertEquals(text, JSON.write(again));
                      assertEquals(
                          entry.getValue().graph().parameters(), again.graph().parameters());
                    }));
  }

  @Test
  void differentModelsGiveDifferentTexts() {
    long texts = Models.all().values().stream().map(JSON::write).distinct().count();
    assertEquals(Models.all().size(), texts);
    assertNotEquals(
        JSON.read(JSON.write(Models.bernoulli())), JSON.read(JSON.write(Models.everyLayer())));
  }

  @Test
  void namesOfClassesAreKeptAndMayBeMissing() {
    Definition named = classes(List.of("cat", "\u00e4 \"dog\"", "1"));
    String text = JSON.write(named);
    assertEquals(named, JSON.read(text));
    String without = text.replaceFirst(", *\\s*\"names\": \\[[^]]*]", "");
    Definition numbered = JSON.read(without);
    assertEquals(new Condition.OneOf("animal", 3), numbered.onlyClass());
    assertEquals(without, JSON.write(numbered));
    assertNotEquals(named, numbered);
  }

  @Test
  void whatCouldNotBeReadBackIsNotWritten() {
    List<String> long255 =
        IntStream.range(10_000, 16_000).mapToObj(i -> "x".repeat(250) + i).toList();
    var error = assertThrows(DefinitionException.class, () -> JSON.write(classes(long255)));
    assertTrue(error.getMessage().contains("could not be read back"), error.getMessage());
  }

  private static Definition classes(List<String> names) {
    return PixelCnn.builder(Models.GREY).blocks(1).maps(2).classCondition("animal", names).build();
  }

  @Test
  void theTextIsForReading() {
    String text = JSON.write(Models.everyLayer());
    assertTrue(
        text.startsWith(
            """
            {
              "format": "weft-definition",
              "version": 1,
              "name": "every.layer",
              "image": {
                "height": 7,
                "width": 6,
                "channels": 1,
                "levels": 4
              },
              "order": "raster",
              "nodes": [ {
                "name": "first",
                "layer": {
                  "type": "causal-convolution",
                  "maps": 8,
                  "kernelHeight": 3,
                  "kernelWidth": 3,
                  "dilation": 1,
                  "mask": "A",
                  "support": "FULL",
            """),
        text);
    assertTrue(text.endsWith("}\n"), text);
  }

  @Test
  void aFileIsWrittenAndRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model").resolve("definition.json");
    JSON.write(Models.bernoulli(), file);
    assertEquals(Models.bernoulli(), JSON.read(file));
    Files.write(file, new byte[3 << 20]);
    assertPlace("", "at most", assertThrows(DefinitionException.class, () -> JSON.read(file)));
    Files.write(file, new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'});
    assertPlace("", "not JSON", assertThrows(DefinitionException.class, () -> JSON.read(file)));
  }

  @Test
  void everyDamageIsNamedWithItsPlace() {
    damaged("{", "[", "", "not JSON");
    damaged("\"nodes\": [ {", "\"nodes\": [ [", "", "line ");
    damaged("weft-definition", "other", "/format", "expected \"weft-definition\"");
    damaged("\"version\": 1", "\"version\": 2", "/version", "use the one that wrote it");
    damaged("\"version\": 1,", "", "", "\"version\" is missing");
    damaged("\"order\": \"raster\"", "\"order\": \"spiral\"", "/order", "raster, s-curve, hilbert");
    damaged("\"order\": \"raster\"", "\"disorder\": \"raster\"", "", "unknown field \"disorder\"");
    damaged("\"height\": 7", "\"height\": 7.5", "/image/height", "whole number, found number 7.5");
    damaged("\"height\": 7", "\"height\": 99999", "/image", "1 to 4096, found 99999");
    damaged("\"height\": 7", "\"height\": 1, \"height\": 7", "", "Duplicate field 'height'");
    damaged("\"type\": \"gate\"", "\"type\": \"java.io.File\"", "/nodes/5/layer/type", "catalog");
    damaged("\"type\": \"gate\"", "\"kind\": \"gate\"", "/nodes/5/layer", "\"type\" is missing");
    damaged(
        "\"maps\": 8",
        "\"maps\": \"8\"",
        "/nodes/0/layer/maps",
        "expected a whole number, found string \"8\"");
    damaged("\"maps\": 8", "\"maps\": 8.5", "/nodes/0/layer/maps", "8.5");
    damaged(
        "\"maps\": 8",
        "\"maps\": null",
        "/nodes/0/layer/maps",
        "expected a whole number, found null");
    damaged("\"maps\": 8", "\"maps\": -8", "/nodes/0/layer", "at least one output map, found -8");
    damaged("\"maps\": 8", "\"maps\": 100000", "/nodes/0", "2^16");
    damaged("\"maps\": 8,", "", "/nodes/0/layer/maps", "the field is missing");
    damaged(
        "\"maps\": 8,", "\"maps\": 8, \"x\": 1,", "/nodes/0/layer/x", "unknown field; expected");
    damaged("\"kernelWidth\": 3", "\"kernelWidth\": 2000000001", "/nodes/0/layer", "at most 255");
    damaged(
        "\"mask\": \"A\"",
        "\"mask\": \"C\"",
        "/nodes/0/layer/mask",
        "expected one of [A, B], found string \"C\"");
    damaged("\"mask\": \"A\"", "\"mask\": 0", "/nodes/0/layer/mask", "number");
    damaged("\"rate\": 0.25", "\"rate\": 1.5", "/nodes/8/layer", "below 1, found 1.5");
    damaged("[ \"image\" ]", "[ \"first\" ]", "/nodes/0/inputs/0", "further up");
    damaged("[ \"image\" ]", "[ ]", "/nodes/0", "takes 1 input, found 0");
    damaged("[ \"image\" ]", "\"image\"", "/nodes/0/inputs", "expected an array, found string");
    damaged("\"name\": \"elu\"", "\"name\": \"first\"", "/nodes/2", "two features named \"first\"");
    damaged("\"name\": \"elu\"", "\"name\": \"../elu\"", "/nodes/2", "letters");
    damaged("\"count\": 3", "\"count\": 0", "/nodes/1/condition", "at least one class");
    damaged("\"count\": 3", "\"count\": 999999999", "/nodes/1/condition", "2^16");
    damaged(
        "\"count\": 3",
        "\"count\": 3, \"names\": 7",
        "/nodes/1/condition/names",
        "expected an array");
    damaged(
        "\"count\": 3",
        "\"count\": 3, \"names\": [\"a\", \"b\"]",
        "/nodes/1/condition/names",
        "expected 3 names, found 2");
    damaged(
        "\"count\": 3",
        "\"count\": 3, \"names\": [\"a\", \"b\", \"c\", \"d\"]",
        "/nodes/1/condition/names",
        "at most 3 elements, found 4");
    damaged(
        "\"count\": 3",
        "\"count\": 3, \"names\": [\"a\", \"b\", 3]",
        "/nodes/1/condition/names/2",
        "expected a string");
    damaged(
        "\"count\": 3",
        "\"count\": 3, \"names\": [\"a\", \"b\", \"a\"]",
        "/nodes/1/condition",
        "0 and 2 are both named \"a\"");
    damaged("\"type\": \"class\"", "\"type\": \"text\"", "/nodes/1/condition/type", "class");
    damaged("\"output\": \"conv1x1\"", "\"output\": \"nowhere\"", "/output", "further up");
    damaged("\"SOFTMAX\"", "\"normal\"", "/distribution", "(SOFTMAX, BERNOULLI");
    damaged(
        "\"SOFTMAX\"",
        "{ \"type\": \"SOFTMAX\", \"components\": 3 }",
        "/distribution/components",
        "unknown field");
    damaged(
        "\"SOFTMAX\"",
        "{ \"type\": \"LOGISTIC_MIXTURE\", \"components\": 0 }",
        "/distribution",
        "1 to 4096 components, found 0");
    damaged(
        "\"SOFTMAX\"", "{ \"type\": \"LOGISTIC_MIXTURE\" }", "/distribution/components", "missing");
    damaged("\"SOFTMAX\"", "\"LOGISTIC_MIXTURE\"", "/distribution/components", "missing");
    damaged("\"SOFTMAX\"", "\"SOFTMAX\"\n}{", "", "not JSON");
  }

  @Test
  void deepNestingEndsEarly() {
    String deep = "[".repeat(100_000);
    assertPlace("", "nesting", assertThrows(DefinitionException.class, () -> JSON.read(deep)));
    String nodes = JSON.write(Models.bernoulli()).replace("[ \"image\" ]", "[".repeat(100));
    assertPlace("", "nesting", assertThrows(DefinitionException.class, () -> JSON.read(nodes)));
  }

  @Test
  void loadingProvesAgain() {
    String text = JSON.write(Models.everyLayer()).replace("\"mask\": \"A\"", "\"mask\": \"B\"");
    var error = assertThrows(DefinitionException.class, () -> JSON.read(text));
    assertTrue(error.getMessage().contains("first reads image at (+0, +0)"), error.getMessage());
  }

  @Test
  void aTextCannotAskForAbsurdSizes() {
    var model = ModelBuilder.of("vast", Models.GREY);
    var x =
        model
            .image()
            .apply(io.weft.layer.CausalConvolution.square(64, 3, MaskType.A))
            .apply("wide", io.weft.layer.Pointwise.of(64));
    String text = JSON.write(model.softmax(x.conv1x1(4)));
    String wide = text.replace("\"maps\": 64", "\"maps\": 65536");
    assertPlace("/nodes/1", "2^29", assertThrows(DefinitionException.class, () -> JSON.read(wide)));
    String large = text.replace("\"kernelHeight\": 3", "\"kernelHeight\": 255");
    String grid = large.replace("\"kernelWidth\": 3", "\"kernelWidth\": 255");
    assertLimited("/nodes/0", sized(grid, 4096));
    String curved = grid.replace("\"order\": \"raster\"", "\"order\": \"s-curve\"");
    assertLimited("/nodes/0", sized(curved, 4096));
    assertLimited("/nodes/0", sized(grid.replace("SHIFTED", "LOCALLY_MASKED"), 1024));
    String several = "\"order\": \"random:0\", \"orders\": " + orders(250);
    assertSoon(
        "/nodes/0",
        "taps times positions times orders",
        sized(grid.replace("\"order\": \"raster\"", several), 255));
  }

  private static String sized(String text, int side) {
    return text.replace("\"height\": 7", "\"height\": " + side)
        .replace("\"width\": 6", "\"width\": " + side);
  }

  private static String orders(int count) {
    return IntStream.range(0, count)
        .mapToObj(seed -> "\"random:" + seed + "\"")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** A condition that a small text makes large. */
  @Test
  void aTextCannotAskForAbsurdWaysUp() {
    var model = ModelBuilder.of("grown", new ImageSpec(8, 8, 1, 4));
    var small = model.condition(new Condition.Spatial("small", 4, 4, 1));
    var grown = small.apply(io.weft.layer.TransposedConvolution.by(2, 3));
    var x = model.image().causalConv(3, 3, MaskType.A).plus(grown);
    String text = JSON.write(model.softmax(x.conv1x1(4)));
    assertLimited(
        "/nodes/1",
        text.replace("\"height\": 4", "\"height\": 2048")
            .replace("\"width\": 4", "\"width\": 2048")
            .replace("\"kernel\": 4", "\"kernel\": 255"));
  }

  @Test
  void aTextCannotAskForAbsurdRecurrences() {
    var model = ModelBuilder.of("recurrent", Models.GREY);
    var gates = model.image().causalConv(4, 3, MaskType.A);
    var states = gates.apply(io.weft.layer.ConvolutionalLstm.rows(1));
    String text = JSON.write(model.softmax(states.conv1x1(4)));
    String hidden = text.replaceFirst("\"hidden\": \\[[^]]*]", "\"hidden\": " + places(5000));
    assertLimited("/nodes/1", sized(hidden, 4096));
  }

  private static String places(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(rows -> "{\"row\": -" + rows + ", \"column\": 0}")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static void assertLimited(String pointer, String text) {
    assertSoon(pointer, "taps times positions of all layers", text);
  }

  /** Sizes are asked for before anything goes from position to position. */
  private static void assertSoon(String pointer, String part, String text) {
    assertPlace(
        pointer,
        part,
        assertTimeoutPreemptively(
            Duration.ofMinutes(1),
            () -> assertThrows(DefinitionException.class, () -> JSON.read(text))));
  }

  @Test
  void anOutputBeyondTheLimitIsRefusedAsADefinition() {
    String text =
        """
        {
          "format": "weft-definition",
          "version": 1,
          "name": "deep",
          "image": { "height": 1, "width": 1, "channels": 2, "levels": 65536 },
          "order": "raster",
          "nodes": [ ],
          "output": "image",
          "distribution": "SOFTMAX"
        }
        """;
    var error = assertThrows(DefinitionException.class, () -> JSON.read(text));
    assertTrue(
        error.getMessage().contains("model \"deep\": a feature of 131072 maps"),
        error.getMessage());
  }

  private static void damaged(String from, String to, String pointer, String part) {
    String text = JSON.write(Models.everyLayer());
    assertTrue(text.contains(from), () -> from + " is not in " + text);
    int at = text.indexOf(from);
    String damaged = text.substring(0, at) + to + text.substring(at + from.length());
    assertPlace(
        pointer, part, assertThrows(DefinitionException.class, () -> JSON.read(damaged), damaged));
  }

  private static void assertPlace(String pointer, String part, DefinitionException error) {
    assertTrue(error.getMessage().contains(part), error.getMessage());
    assertEquals(pointer, ((DefinitionFormatException) error).pointer(), error.getMessage());
  }
}
