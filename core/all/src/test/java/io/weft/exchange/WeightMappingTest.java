package io.weft.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.ShiftedConvolution;
import io.weft.model.GatedPixelCnn;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightMappingTest {

  private static final ImageSpec IMAGE = new ImageSpec(4, 4, 1, 4);

  @TempDir Path folder;

  private static Tensor counted(Integer... sizes) {
    Tensor empty = Tensor.filled(List.of(sizes), 0);
    float[] values = new float[empty.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    return Tensor.of(List.of(sizes), values);
  }

  private TensorFile file(Object... namesAndTensors) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTensors.length; i += 2) {
      arrays.put((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1]);
    }
    Path path = folder.resolve("w.npz");
    TensorFile.writeNpz(path, arrays);
    return TensorFile.open(path);
  }

  private static Definition small() {
    ModelBuilder model = ModelBuilder.of("small", IMAGE);
    return model.softmax(
        model
            .image()
            .apply("first", CausalConvolution.square(2, 3, MaskType.A))
            .apply("out", Pointwise.of(4)));
  }

  private TensorFile smallFile() throws IOException {
    return file(
        "a.weight",
        counted(2, 1, 3, 3),
        "a.bias",
        counted(2),
        "b.weight",
        counted(4, 2, 1, 1),
        "b.bias",
        counted(4));
  }

  @Test
  void kernelsAreBroughtFromPyTorchsArrangement() throws IOException {
    ImportedWeights imported =
        WeightMapping.parse("first = torch(a)\nout = torch(b) \n# done")
            .apply(small(), smallFile());
    Weights weights = imported.weights();
    // Four taps of nine, [tap, in, out]; those of the other map are nine further on.
    assertArrayEquals(new float[] {1, 10, 2, 11, 3, 12, 4, 13}, weights.values("first/kernel"));
    assertArrayEquals(new float[] {1, 3, 5, 7, 2, 4, 6, 8}, weights.values("out/kernel"));
    assertEquals(Map.of("first/kernel", 10), imported.masked());
    assertEquals(List.of(), imported.leftOut());
  }

  /** One vector for each level in a row, as PyTorch's Embedding has them. */
  @Test
  void embeddingsAreAsPyTorchHasThem() throws IOException {
    ModelBuilder model = ModelBuilder.of("embedded", IMAGE);
    Definition definition =
        model.softmax(
            model
                .embedImage(3)
                .apply("first", CausalConvolution.square(2, 3, MaskType.A))
                .apply("out", Pointwise.of(4)));
    TensorFile file =
        file(
            "codes.weight",
            counted(4, 3),
            "a.weight",
            counted(2, 3, 3, 3),
            "a.bias",
            counted(2),
            "b.weight",
            counted(4, 2, 1, 1),
            "b.bias",
            counted(4));
    Weights weights =
        WeightMapping.parse("embedding = torch(codes)\nfirst = torch(a)\nout = torch(b)")
            .apply(definition, file)
            .weights();
    assertArrayEquals(counted(4, 3).values(), weights.values("embedding/vectors"));
  }

  @Test
  void functionsAndLinesSayTheSame() throws IOException {
    TensorFile file =
        file("k", counted(2, 8), "g", counted(2), "v", counted(2, 4), "w", counted(4, 1, 1, 2));
    String lines =
        """
        first/kernel = reshape(transpose(k[:, 2:6], 1, 0), 4, 1, 2)
        first/bias = g + g
        out/kernel = normalised(g, "v")
        out/bias = join(0, g, g[0:1], g[1:2]) + 0
        leave out w*
        """;
    WeightMapping functions =
        WeightMapping.builder()
            .parameter(
                "first/kernel",
                source ->
                    source.read("k").part(1, 2, 6).transposed(1, 0).reshaped(List.of(4, 1, 2)))
            .parameter("first/bias", source -> source.read("g").plus(source.read("g")))
            .parameter("out/kernel", source -> source.read("v").withLengths(source.read("g")))
            .parameter("out/bias", s -> Tensor.joined(0, List.of(s.read("g"), s.read("g"))))
            .leaveOut("w")
            .build();
    ImportedWeights said = WeightMapping.parse(lines).apply(small(), file);
    ImportedWeights called = functions.apply(small(), file);
    for (String name : said.weights().names()) {
      assertArrayEquals(called.weights().values(name), said.weights().values(name), name);
    }
    assertArrayEquals(
        new float[] {3, 11, 4, 12, 5, 13, 6, 14}, said.weights().values("first/kernel"));
    assertEquals(1 / Math.sqrt(30), said.weights().values("out/kernel")[0], 1e-7);
    assertEquals(List.of("w"), said.leftOut());
  }

  private String refusal(String lines) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> WeightMapping.parse(lines).apply(small(), smallFile()))
        .getMessage();
  }

  @Test
  void whatIsMissingLeftOverOrTwiceIsNamed() {
    String missing = refusal("first = torch(a)\nout/kernel = torch(b.weight)");
    assertTrue(missing.contains("no weights for 1 of 4 parameters: out/bias [4]"), missing);
    assertTrue(missing.contains("b.bias [4]"), missing);
    String near = refusal("first = torch(a)\nouf = torch(b)");
    assertTrue(near.contains("\"ouf\"; the nearest are out"), near);
    String array = refusal("first = torch(a)\nout = torch(c)");
    assertTrue(array.contains("no array \"c.weight\"") && array.contains("b.weight"), array);
    String twice = refusal("first = torch(a)\nfirst/bias = 0\nout = torch(b)");
    assertTrue(twice.contains("first/bias is given twice"), twice);
    String sizes = refusal("first = torch(a)\nout/bias = 0\nout/kernel = b.weight");
    assertTrue(sizes.contains("out/kernel [2, 4] is given an array of [4, 2, 1, 1]"), sizes);
    String misfit = refusal("first/kernel = torch(b.weight)\nfirst/bias = 0\nout = torch(b)");
    assertTrue(misfit.contains("first/kernel [4, 1, 2] of conv3x3 full, type A"), misfit);
    String nothing = refusal("first = torch(a)\nout = torch(b)\nleave out c.*");
    assertTrue(nothing.contains("is left out by \"c.*\""), nothing);
    for (String line :
        List.of("first", "first = ", "first = f(a)", "first = a[1:]", "x = torch(a", "y = a b")) {
      String told =
          assertThrows(IllegalArgumentException.class, () -> WeightMapping.parse("\n" + line))
              .getMessage();
      assertTrue(told.startsWith("line 2: ") && told.contains("expected"), told);
    }
  }

  /** A mask beside the kernel tells type A from type B. */
  @Test
  void aNetworksOwnMaskIsCompared() throws IOException {
    float[] typeB = {1, 1, 1, 1, 1, 0, 0, 0, 0};
    TensorFile file =
        file(
            "a.weight",
            counted(2, 1, 3, 3),
            "a.bias",
            counted(2),
            "a.mask",
            Tensor.of(List.of(1, 1, 3, 3), typeB),
            "b.weight",
            counted(4, 2, 1, 1),
            "b.bias",
            counted(4));
    WeightMapping mapping = WeightMapping.parse("first = torch(a)\nout = torch(b)");
    String told =
        assertThrows(IllegalArgumentException.class, () -> mapping.apply(small(), file))
            .getMessage();
    assertTrue(told.contains("of row 1 and column 1 of the kernel it reads nothing"), told);
  }

  private static Definition coloured() {
    ColourGroups colours = ColourGroups.of(3);
    ModelBuilder model = ModelBuilder.of("coloured", new ImageSpec(4, 4, 3, 2));
    return model.softmax(
        model
            .image()
            .apply("first", CausalConvolution.square(6, 3, MaskType.A).withColours(colours))
            .apply("out", Pointwise.of(6).withColours(colours)));
  }

  /**
   * A mask of type A that at the own position keeps the channels before the output map's.
   *
   * @param channel of an output map
   */
  private static Tensor colourMask(IntUnaryOperator channel) {
    float[] mask = new float[6 * 3 * 9];
    for (int entry = 0; entry < mask.length; entry++) {
      int at = entry % 9;
      int input = entry / 9 % 3;
      boolean isEarlier = input < channel.applyAsInt(entry / 27);
      mask[entry] = at < 4 || (at == 4 && isEarlier) ? 1 : 0;
    }
    return Tensor.of(List.of(6, 3, 3, 3), mask);
  }

  private ImportedWeights colouredFrom(Tensor mask) throws IOException {
    TensorFile file = file("a.weight", counted(6, 3, 3, 3), "a.bias", counted(6), "a.mask", mask);
    return WeightMapping.parse("first = torch(a)\nout/kernel = 0\nout/bias = 0")
        .apply(coloured(), file);
  }

  private String maskRefusal(Tensor mask) {
    return assertThrows(IllegalArgumentException.class, () -> colouredFrom(mask)).getMessage();
  }

  /** At the own position a mask is one of maps: map c belongs to channel c mod channels. */
  @Test
  void masksAreComparedMapByMap() throws IOException {
    ImportedWeights imported = colouredFrom(colourMask(output -> output % 3));
    // Of 162 numbers four taps read all 18 each, the fifth reads 0 + 1 + 2 of each three outputs.
    assertEquals(Map.of("first/kernel", 162 - 4 * 18 - 6), imported.masked());
    float[] kernel = imported.weights().values("first/kernel");
    assertEquals(0, kernel[4 * 18]);
    assertEquals(32, kernel[4 * 18 + 1]);
    String told = maskRefusal(colourMask(output -> output / 2));
    assertTrue(told.contains("reads input map 0 for output map 1, which the mask hides"), told);
    String misfit = maskRefusal(Tensor.filled(List.of(2, 3, 3, 3), 1));
    assertTrue(misfit.contains("is not made of an array of [2, 3, 3, 3]"), misfit);
  }

  @Test
  void weightNormalisationIsKeptOrFolded() throws IOException {
    ModelBuilder model = ModelBuilder.of("normalised", IMAGE);
    Definition definition =
        model.softmax(
            model
                .image()
                .shiftDown(1)
                .apply("down", ShiftedConvolution.down(2, 2, 3))
                .apply("out", Pointwise.of(4)));
    Tensor v = counted(2, 1, 2, 3);
    Tensor g = Tensor.of(List.of(2, 1, 1, 1), 3, 4);
    Tensor folded = v.withLengths(g);
    WeightMapping mapping = WeightMapping.parse("down = torch(d)\nout = torch(o)");
    Object[] others = {
      "d.bias", counted(2), "o.weight_v", counted(4, 2, 1, 1),
      "o.weight_g", Tensor.filled(List.of(4, 1, 1, 1), 1), "o.bias", counted(4)
    };
    Weights kept =
        mapping.apply(definition, file(joined(others, "d.weight_v", v, "d.weight_g", g))).weights();
    assertArrayEquals(new float[] {3, 4}, kept.values("down/scale"));
    assertArrayEquals(v.transposed(2, 3, 1, 0).values(), kept.values("down/direction"));
    // The first row of the matrix is (1, 2), of length 1 when normalised.
    assertEquals(1 / Math.sqrt(5), kept.values("out/kernel")[0], 1e-7);
    Weights plain = mapping.apply(definition, file(joined(others, "d.weight", folded))).weights();
    assertArrayEquals(new float[] {3, 4}, plain.values("down/scale"), 1e-6f);
  }

  private static Object[] joined(Object[] first, Object... more) {
    Object[] all = java.util.Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  /** Weft's own files, of every family: out, and in again by name. */
  @Test
  void whatWeftWritesItReadsByName() throws IOException {
    for (Definition definition :
        List.of(
            PixelCnn.builder(IMAGE).blocks(1).maps(4).build(),
            GatedPixelCnn.classConditional(IMAGE, 3, 1, 4, 3),
            PixelCnnPlusPlus.builder(IMAGE).blocks(1).maps(4).components(2).build(),
            LocallyMaskedPixelCnn.builder(IMAGE).blocks(1).maps(4).build())) {
      Weights weights = RandomWeights.of(definition, 3);
      TensorFile.writeSafetensors(folder.resolve("s"), weights);
      TensorFile.writeNpz(folder.resolve("n"), weights);
      for (String name : List.of("s", "n")) {
        TensorFile file = TensorFile.open(folder.resolve(name));
        Weights again = WeightMapping.byName().apply(definition, file).weights();
        weights.names().forEach(n -> assertArrayEquals(weights.values(n), again.values(n), 0, n));
      }
    }
  }

  @Test
  void numbersThatAreNoneAreRefused() throws IOException {
    TensorFile file = file("x", Tensor.of(List.of(4), 1, 2, Float.NaN, 3));
    WeightMapping mapping =
        WeightMapping.parse("first/kernel = 0\nfirst/bias = 0\nout/kernel = 0\nout/bias = x");
    String told =
        assertThrows(IllegalArgumentException.class, () -> mapping.apply(small(), file))
            .getMessage();
    assertTrue(told.contains("parameter out/bias is NaN at index 2"), told);
  }

  @Test
  void aDeeperModelStartsFromAnothersWeights() {
    Definition shallow = GatedPixelCnn.of(IMAGE, 1, 4, 3);
    Definition deep = GatedPixelCnn.classConditional(IMAGE, 3, 1, 4, 3);
    Weights from = RandomWeights.of(shallow, 5);
    Transfer transfer = Transfer.of(from, deep, 7);
    assertEquals(
        deep.graph().parameters().size(), transfer.taken().size() + transfer.fresh().size());
    assertTrue(transfer.fresh().size() > 0 && transfer.taken().size() > 0);
    for (String name : transfer.taken()) {
      assertArrayEquals(from.values(name), transfer.weights().values(name), name);
    }
    Weights initial = Weights.initial(deep, 7);
    for (String name : transfer.fresh().keySet()) {
      assertArrayEquals(initial.values(name), transfer.weights().values(name), name);
    }
    Definition other = PixelCnnPlusPlus.builder(IMAGE).blocks(1).maps(6).components(2).build();
    assertThrows(IllegalArgumentException.class, () -> Transfer.of(from, other, 1));
  }
}
