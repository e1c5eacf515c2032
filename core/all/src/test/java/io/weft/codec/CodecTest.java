package io.weft.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.internal.step.JvmLoops;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.order.GenerationOrder;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.ConditionedModel;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.weight.Weights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Images come back, in the bits that the model says, whatever the loops and the blocks. */
class CodecTest {

  private static final Definition DIGITS =
      GatedPixelCnn.classConditional(new ImageSpec(6, 7, 1, 256), 10, 2, 6, 3);

  /** Has weights for each row, and so no other size. */
  private static final Definition GPT =
      ImageGpt.builder(new ImageSpec(5, 6, 1, 4)).blocks(1).maps(8).heads(2).build();

  static List<Definition> models() {
    return List.of(
        DIGITS,
        PixelCnn.of(new ImageSpec(6, 5, 1, 2), 2, 6, 3),
        PixelCnn.textbook(new ImageSpec(5, 4, 3, 8), 4, 6, 3),
        PixelCnnPlusPlus.builder(new ImageSpec(4, 4, 3, 256))
            .blocks(1)
            .maps(6)
            .components(2)
            .build(),
        LocallyMaskedPixelCnn.builder(new ImageSpec(6, 6, 1, 4)).blocks(1).maps(4).build());
  }

  private static Examples examples(Definition definition, int images) {
    SplittableRandom random = new SplittableRandom(3);
    int[] levels =
        IntStream.range(0, images)
            .flatMap(i -> IntStream.of(RandomGraphs.image(definition, random)))
            .toArray();
    List<ConditionValues> conditions =
        IntStream.range(0, images)
            .mapToObj(i -> RandomGraphs.conditions(definition, random))
            .toList();
    return Examples.conditioned(ImageSet.of(definition.image(), levels), conditions::get);
  }

  static byte[] bytes(CodedImages coded) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    coded.writeTo(out);
    assertEquals(coded.bytes(), out.size());
    return out.toByteArray();
  }

  private static void assertSame(Examples expected, Examples found) {
    assertEquals(
        expected.images().unlabelled().fingerprint(), found.images().unlabelled().fingerprint());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.conditions(i).toString(), found.conditions(i).toString());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void imagesComeBack(Definition definition) throws Exception {
    Weights weights = RandomWeights.of(definition, 5);
    Codec best = Codec.of(definition, weights);
    Codec plain = Codec.of(definition, weights, JvmLoops.PLAIN);
    for (int images : new int[] {1, 3, 33}) {
      Examples examples = examples(definition, images);
      for (int perBlock : new int[] {1, 3, 32}) {
        CodedImages coded = best.imagesPerBlock(perBlock).encode(examples);
        byte[] file = bytes(coded);
        assertArrayEquals(file, bytes(plain.imagesPerBlock(perBlock).encode(examples)));
        assertSame(examples, plain.open(file).decode());
        assertSame(examples, best.open(file).decode());
        assertSame(examples, coded.decode());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theModelsScoreForetellsTheSize(Definition definition) {
    Examples examples = examples(definition, 40);
    try (Model model = model(definition)) {
      CodedImages coded = Codec.of(model).imagesPerBlock(8).encode(examples);
      double bits = model.score(examples).bitsPerDimension() * 40 * definition.image().values();
      double labels = coded.hasLabels() ? 40 * Math.log(10) / Math.log(2) : 0;
      double most = 1.001 * (bits + labels) / 8 + coded.blocks();
      assertTrue(coded.payloadBytes() <= most, coded.payloadBytes() + " bytes, not " + most);
      assertTrue(coded.headerBytes() <= 64 + 6 * coded.blocks(), "header " + coded.headerBytes());
    }
  }

  private static Model model(Definition definition) {
    return Model.of(definition, RandomWeights.of(definition, 5), io.weft.engine.Device.jvm());
  }

  @Test
  void oneImageIsDecodedAlone() throws Exception {
    Codec codec = Codec.of(DIGITS, RandomWeights.of(DIGITS, 5)).imagesPerBlock(4);
    Examples examples = examples(DIGITS, 18);
    byte[] file = bytes(codec.encode(examples));
    CodedImages coded = codec.open(file);
    List<SampledImage> all = coded.images().toList();
    assertEquals(18, all.size());
    for (int i = 0; i < 18; i++) {
      assertArrayEquals(examples.images().image(i), all.get(i).levels());
      assertEquals(all.get(i), coded.image(i));
    }
    // Blocks of 3 or 4 images: the last one is the last.
    file[file.length - 3] ^= 1;
    assertEquals(all.get(13), codec.open(file).image(13));
    CodedImages damaged = codec.open(file);
    assertThrows(CodecException.class, () -> damaged.image(17));
    assertThrows(IndexOutOfBoundsException.class, () -> damaged.image(18));
  }

  @Test
  void pixelsStreamAsTheyAreDecoded() {
    Codec codec = Codec.of(DIGITS, RandomWeights.of(DIGITS, 5)).imagesPerBlock(1);
    Examples examples = examples(DIGITS, 2);
    try (Pull<Pixel> pixels = codec.encode(examples).pixels().iterator()) {
      for (int i = 0; i < 2; i++) {
        for (int p = 0; p < 42; p++) {
          Pixel pixel = pixels.next();
          assertEquals(i, pixel.image());
          assertEquals(p, pixel.row() * 7 + pixel.column());
          assertEquals(examples.images().image(i)[p], pixel.value(0));
        }
      }
      assertFalse(pixels.hasNext());
    }
  }

  @Test
  void everyWayGivesTheSame(@TempDir Path folder) throws Exception {
    Codec codec = Codec.of(DIGITS, RandomWeights.of(DIGITS, 5)).imagesPerBlock(4);
    Examples examples = examples(DIGITS, 10);
    CodedImages coded = codec.encode(examples);
    Path file = folder.resolve("digits.weft");
    coded.save(file);
    assertSame(examples, codec.open(file).decode());
    assertSame(examples, codec.read(new ByteArrayInputStream(bytes(coded))).decode());
    assertArrayEquals(bytes(coded), bytes(codec.open(file)));
    assertEquals(coded.images().toList(), codec.open(file).images().stream().toList());
    int[] seen = new int[10 * 42];
    codec.open(file).rows().stream()
        .forEach(
            row ->
                System.arraycopy(row.values(), 0, seen, (int) row.image() * 42 + row.row() * 7, 7));
    for (int i = 0; i < 10; i++) {
      assertArrayEquals(
          examples.images().image(i), java.util.Arrays.copyOfRange(seen, i * 42, (i + 1) * 42));
    }
  }

  @Test
  void labelsAreInsideOrGiven() throws Exception {
    Codec codec = Codec.of(DIGITS, RandomWeights.of(DIGITS, 5));
    Examples examples = examples(DIGITS, 5);
    Examples found = codec.encode(examples).decode();
    assertTrue(found.images().hasLabels());
    CodedImages without = codec.labelsGiven().encode(examples);
    assertFalse(without.hasLabels());
    CodedImages opened = codec.open(bytes(without));
    assertEquals(DIGITS.conditions(), opened.missingConditions());
    String message =
        assertThrows(IllegalArgumentException.class, () -> opened.image(2)).getMessage();
    assertTrue(message.contains("class"), message);
    assertSame(examples, opened.conditions(examples::conditions).decode());
    CodedImages wrong =
        opened.conditions(i -> ConditionValues.none().withLabel("class", i == 3 ? 9 : 0));
    String why = assertThrows(CodecException.class, wrong::decode).getMessage();
    assertTrue(why.contains("other conditions were given"), why);
  }

  @Test
  void labelsAreReadWithoutTheImages() throws Exception {
    Codec codec = Codec.of(DIGITS, RandomWeights.of(DIGITS, 5)).imagesPerBlock(3);
    Examples examples = examples(DIGITS, 7);
    CodedImages coded = codec.open(bytes(codec.encode(examples)));
    Condition.OneOf digit = (Condition.OneOf) DIGITS.conditions().get(0);
    int[] expected = IntStream.range(0, 7).map(i -> examples.conditions(i).label(digit)).toArray();
    assertArrayEquals(expected, coded.labels("class"));
    String none =
        assertThrows(IllegalArgumentException.class, () -> coded.labels("kind")).getMessage();
    assertEquals("no labels of \"kind\" are coded with these images, but of [class]", none);
    CodedImages given = codec.labelsGiven().encode(examples);
    String left =
        assertThrows(IllegalArgumentException.class, () -> given.labels("class")).getMessage();
    assertTrue(left.contains("which have none"), left);
  }

  @Test
  void anotherOrderIsAnotherCode() throws Exception {
    Definition any =
        LocallyMaskedPixelCnn.builder(new ImageSpec(6, 6, 1, 4)).blocks(1).maps(4).build();
    Codec codec = Codec.of(any, RandomWeights.of(any, 5));
    Codec other = codec.order(GenerationOrder.sCurve(6, 6).transpose());
    Examples examples = examples(any, 5);
    byte[] file = bytes(other.encode(examples));
    assertSame(examples, other.open(file).decode());
    String message = assertThrows(CodecException.class, () -> codec.open(file)).getMessage();
    assertTrue(message.contains("coded under model " + other.fingerprint()), message);
  }

  private static Examples ofSize(Definition definition, int images, int height, int width) {
    ImageSpec own = definition.image();
    ImageSpec other = new ImageSpec(height, width, own.channels(), own.levels());
    SplittableRandom random = new SplittableRandom(6);
    int[] levels = random.ints((long) images * other.values(), 0, own.levels()).toArray();
    List<ConditionValues> conditions =
        IntStream.range(0, images)
            .mapToObj(i -> RandomGraphs.conditions(definition, random))
            .toList();
    return Examples.conditioned(ImageSet.of(other, levels), conditions::get);
  }

  @ParameterizedTest
  @CsvSource({"9, 8", "3, 2", "49, 48"})
  void imagesHaveAnySize(int height, int width) throws Exception {
    for (Definition definition : List.of(DIGITS, models().get(2), GPT)) {
      Codec codec = Codec.of(definition, RandomWeights.of(definition, 5)).imagesPerBlock(1);
      Examples examples = ofSize(definition, 2, height, width);
      byte[] file = bytes(codec.encode(examples));
      assertEquals(examples.spec(), codec.open(file).spec());
      assertSame(examples, codec.open(file).decode());
      SampledImage last = codec.open(file).image(1);
      assertArrayEquals(examples.images().image(1), last.levels());
      long pixels = codec.open(file).pixels().stream().distinct().count();
      assertEquals(2L * height * width, pixels);
    }
  }

  @Test
  void whatTilesHaveBeyondTheImageCostsNothing() {
    Examples small = ofSize(GPT, 3, 4, 3);
    ImageSpec tile = GPT.image();
    int[] padded = new int[3 * tile.values()];
    for (int i = 0; i < 36; i++) {
      int at = i / 12 * tile.values() + i % 12 / 3 * tile.width() + i % 3;
      padded[at] = small.images().image(i / 12)[i % 12];
    }
    try (Model model = model(GPT)) {
      float[] values = model.score(Examples.of(ImageSet.of(tile, padded))).values();
      double bits = 0;
      for (int i = 0; i < values.length; i++) {
        int inImage = i % tile.values();
        boolean isInside = inImage / tile.width() < 4 && inImage % tile.width() < 3;
        bits -= isInside ? values[i] / Math.log(2) : 0;
      }
      CodedImages coded = Codec.of(model).encode(small);
      assertEquals(bits / 8, (double) coded.payloadBytes(), 1 + 0.001 * bits / 8);
    }
  }

  @Test
  void aMapForEachPositionFixesTheSize() {
    Definition definition = ConditionedModel.of(new ImageSpec(6, 5, 1, 4));
    Codec codec = Codec.of(definition, RandomWeights.of(definition, 5));
    SplittableRandom random = new SplittableRandom(1);
    ConditionValues values = RandomGraphs.conditions(definition, random);
    Examples larger =
        Examples.conditioned(ImageSet.of(new ImageSpec(7, 5, 1, 4), new int[35]), i -> values);
    String message =
        assertThrows(IllegalArgumentException.class, () -> codec.encode(larger)).getMessage();
    assertTrue(message.contains("code images of the model's size"), message);
  }
}
