package io.weft.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.distribution.Distribution;
import io.weft.internal.step.JvmLoops;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.ModelFamily;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.DiscreteLaplace;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.testing.SlowChecks;
import io.weft.weight.Weights;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever is defined codes and decodes: that a decoder finds each value again proves at once that
 * no distribution looks ahead, that each adds up to 1, and that it is computed to the bit again,
 * alone or with others, in large calls or value by value, in vector loops or plain. In the profile
 * slow 10,000 images of 320 definitions.
 */
class CodecOracleTest {

  private static final int DEFINITIONS = SlowChecks.times(20, 320);

  private static final int IMAGES = SlowChecks.times(5, 32);

  private static Definition definition(int number, SplittableRandom random) {
    ImageSpec image =
        new ImageSpec(
            1 + random.nextInt(6),
            1 + random.nextInt(6),
            1 + random.nextInt(3),
            2 + random.nextInt(9));
    int maps = 6 * (1 + random.nextInt(2));
    ModelFamily<?> family =
        switch (number % 10) {
          case 0 -> PixelSnail.builder(image).components(2);
          case 1 -> ImageGpt.builder(image).heads(2);
          case 2 -> PixelCnnPlusPlus.builder(image).components(1 + random.nextInt(3));
          case 3 -> LocallyMaskedPixelCnn.builder(image).orders(orders(image, random));
          case 4 -> GatedPixelCnn.builder(image).kernel(3).distribution(new DiscreteLaplace());
          case 5 ->
              PixelCnn.builder(new ImageSpec(image.height(), image.width(), 1, image.levels()))
                  .distribution(Distribution.logisticMixture(2));
          default -> null;
        };
    if (family != null) {
      family.blocks(1).maps(maps);
      if (random.nextBoolean()) {
        family.classCondition("class", 1 + random.nextInt(300));
      }
      return family.build();
    }
    return switch (number % 10) {
      case 6 ->
          random.nextBoolean()
              ? PixelRnn.rowLstm(image, 1, 4)
              : PixelRnn.diagonalBiLstm(image, 1, 4);
      case 7 -> RandomGraphs.ordered(number);
      default -> RandomGraphs.of(number);
    };
  }

  private static List<GenerationOrder> orders(ImageSpec image, SplittableRandom random) {
    return List.of(GenerationOrder.random(image.height(), image.width(), random.nextInt(50)));
  }

  @Test
  void whateverIsDefinedComesBack() throws Exception {
    for (int number = 0; number < DEFINITIONS; number++) {
      SplittableRandom random = new SplittableRandom(number);
      Definition definition = definition(number, random);
      Weights weights = RandomWeights.of(definition, number);
      int[] levels =
          IntStream.range(0, IMAGES)
              .flatMap(i -> IntStream.of(RandomGraphs.image(definition, random)))
              .toArray();
      List<ConditionValues> conditions =
          IntStream.range(0, IMAGES)
              .mapToObj(i -> RandomGraphs.conditions(definition, random))
              .toList();
      Examples examples =
          Examples.conditioned(ImageSet.of(definition.image(), levels), conditions::get);
      JvmLoops other = random.nextBoolean() ? JvmLoops.PLAIN : JvmLoops.best();
      CodedImages coded =
          Codec.of(definition, weights).imagesPerBlock(1 + random.nextInt(IMAGES)).encode(examples);
      CodedImages read = Codec.of(definition, weights, other).open(CodecTest.bytes(coded));
      List<String> missing = read.missingConditions().stream().map(c -> c.name()).toList();
      Examples found =
          read.conditions(i -> conditions.get(i).only(read.missingConditions())).decode();
      String what = "definition " + number + ", " + definition + ", given " + missing;
      for (int i = 0; i < IMAGES; i++) {
        assertArrayEquals(examples.images().image(i), found.images().image(i), what);
        for (var condition : definition.conditions()) {
          assertArrayEquals(
              conditions.get(i).feature(condition), found.conditions(i).feature(condition), what);
        }
      }
      assertEquals(IMAGES, read.size());
    }
  }
}
