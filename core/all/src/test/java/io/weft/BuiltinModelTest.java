package io.weft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.engine.Device;
import io.weft.order.GenerationOrder;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.spec.ConditionValues;
import io.weft.train.TrainingRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Models that come with Weft draw and score the same for ever, to the bit. {@code -Dmodels=record}
 * has what a new one gives written into this test's resources.
 */
class BuiltinModelTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int IMAGES = 10;
  private static final long SEED = 7;

  /**
   * What a model gives.
   *
   * @param images drawn under its classes in turn, and its orders in turn
   * @param logLikelihoods of these images under each of its orders, in hexadecimal
   */
  record Golden(List<byte[]> images, List<List<String>> logLikelihoods) {

    static Golden of(Model model) {
      List<GenerationOrder> orders = model.definition().orders();
      List<byte[]> images = new ArrayList<>();
      for (int i = 0; i < IMAGES; i++) {
        Sampler sampler = model.sampler(SEED).order(orders.get(i % orders.size())).firstImage(i);
        images.add(bytes(conditioned(sampler, model).images().iterator().next()));
      }
      Examples examples = examples(model, images);
      List<List<String>> scores =
          orders.stream()
              .map(order -> model.score(examples, order).logLikelihoods())
              .map(logs -> Arrays.stream(logs).mapToObj(Double::toHexString).toList())
              .toList();
      return new Golden(images, scores);
    }

    private static Sampler conditioned(Sampler sampler, Model model) {
      return model.definition().conditions().isEmpty()
          ? sampler
          : sampler.conditions(image -> conditions(model, (int) image));
    }

    private static ConditionValues conditions(Model model, int image) {
      var condition = model.definition().classCondition();
      return ConditionValues.none().withLabel(condition.name(), image % condition.count());
    }

    private static byte[] bytes(SampledImage image) {
      int[] levels = image.levels();
      byte[] bytes = new byte[levels.length];
      for (int i = 0; i < levels.length; i++) {
        bytes[i] = (byte) levels[i];
      }
      return bytes;
    }

    private static Examples examples(Model model, List<byte[]> images) {
      int[] levels =
          images.stream()
              .flatMap(image -> range(image).map(i -> Byte.toUnsignedInt(image[i])))
              .mapToInt(Integer::intValue)
              .toArray();
      ImageSet set = ImageSet.of(model.definition().image(), levels);
      return model.definition().conditions().isEmpty()
          ? Examples.of(set)
          : Examples.conditioned(set, i -> conditions(model, i));
    }

    private static Stream<Integer> range(byte[] image) {
      return Stream.iterate(0, i -> i < image.length, i -> i + 1);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyModelDrawsAndScoresWhatItAlwaysDid() {
    return BuiltinModel.all().stream()
        .map(
            card ->
                DynamicTest.dynamicTest(
                    card.name(),
                    () -> {
                      try (Model model = card.load(Device.jvm())) {
                        Golden recorded = recorded(card, model);
                        Golden found = Golden.of(model);
                        for (int i = 0; i < IMAGES; i++) {
                          assertArrayEquals(recorded.images().get(i), found.images().get(i));
                        }
                        assertEquals(recorded.logLikelihoods(), found.logLikelihoods());
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> whatTheListSaysIsSo() {
    return BuiltinModel.all().stream()
        .map(
            card ->
                DynamicTest.dynamicTest(
                    card.name(),
                    () -> {
                      try (Model model = card.load(Device.jvm())) {
                        assertEquals(model.definition().parameterCount(), card.parameters());
                        List<TrainingRecord> runs = model.history();
                        assertEquals(
                            LocalDate.ofInstant(runs.get(0).started(), ZoneOffset.UTC),
                            card.trained());
                        assertTrue(model.snapshot().state().isEmpty(), "it is saved slim");
                        double values = model.definition().image().values();
                        assertEquals(
                            card.score().nats() / Math.log(2) / values,
                            card.score().bitsPerDimension(),
                            6e-5);
                      }
                      try (InputStream in =
                          BuiltinModel.class.getResourceAsStream(BuiltinIndex.file(card.name()))) {
                        assertEquals(in.readAllBytes().length, card.bytes());
                      }
                      assertTrue(card.bytes() <= 3 << 20, card.bytes() + " bytes of 3 MiB");
                    }));
  }

  @Test
  void namesAreWhatIsAskedFor() {
    List<String> names = BuiltinModel.all().stream().map(BuiltinModel::name).toList();
    assertEquals(names.stream().distinct().toList(), names);
    assertFalse(names.isEmpty());
    names.forEach(name -> assertTrue(name.matches("[a-z][a-z0-9-]*"), name));
    try (Model model = Model.builtin("digits")) {
      assertEquals(16, model.definition().image().height());
    }
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThatThereAre() {
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> Model.builtin("numbers"));
    assertTrue(refused.getMessage().contains("\"numbers\""), refused.getMessage());
    assertTrue(refused.getMessage().contains("digits"), refused.getMessage());
  }

  /** Returns what was recorded of a model; if there is nothing, and it is asked for, now. */
  private static Golden recorded(BuiltinModel card, Model model) throws IOException {
    String name = "builtin-" + card.name() + ".json";
    try (InputStream in = BuiltinModelTest.class.getResourceAsStream(name)) {
      if (in == null && "record".equals(System.getProperty("models"))) {
        Golden fresh = Golden.of(model);
        Path file = Path.of("src/test/resources/io/weft", name);
        MAPPER.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), fresh);
        return fresh;
      }
      assertNotNull(in, card.name() + " is not recorded yet; see core/models/README.md");
      return MAPPER.readValue(in, Golden.class);
    }
  }
}
