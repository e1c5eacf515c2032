package com.example.weft;

import static com.example.weft.Digits.TRAIN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.codec.CodecException;
import io.weft.codec.CodedImages;
import io.weft.data.Examples;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.spec.ConditionValues;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images are coded without loss, and decoded whole, alone, or pixel by pixel. */
class CompressTest {

  @TempDir private Path folder;

  @Test
  void imagesComeBack() throws IOException {
    Path file = folder.resolve("digits.weft");
    try (Model model = Digits.untrained()) {
      // region encode
      Codec codec = Codec.of(model);
      CodedImages coded = codec.encode(TRAIN);
      coded.save(file);
      // endregion
      assertEquals(coded.bytes(), file.toFile().length());
      // region decode
      CodedImages opened = codec.open(file);
      SampledImage third = opened.image(3); // decodes its block alone
      Examples all = opened.decode(); // with their labels
      // endregion
      assertArrayEquals(TRAIN.images().image(3), third.levels());
      assertEquals(TRAIN.images().fingerprint(), all.images().fingerprint());
      int[] labels = opened.labels("digit");
      assertEquals(TRAIN.size(), labels.length);
      assertEquals(TRAIN.images().label(5), labels[5]);
      ByteArrayOutputStream sum = new ByteArrayOutputStream();
      // region stream
      try (Pull<Pixel> pixels = opened.pixels().iterator()) {
        while (pixels.hasNext()) {
          Pixel pixel = pixels.next();
          sum.write(pixel.value(0));
        }
      }
      // endregion
      assertEquals(TRAIN.size() * TRAIN.spec().values(), sum.size());
    }
  }

  @Test
  void whatIsNotInTheFileIsGiven() throws IOException {
    try (Model model = Digits.untrained()) {
      Codec codec = Codec.of(model).labelsGiven().imagesPerBlock(4);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      codec.encode(TRAIN).writeTo(out);
      CodedImages coded = codec.read(new ByteArrayInputStream(out.toByteArray()));
      assertFalse(coded.hasLabels());
      assertEquals(model.definition().conditions(), coded.missingConditions());
      String message =
          assertThrows(IllegalArgumentException.class, () -> coded.images().toList()).getMessage();
      assertTrue(message.contains("not in the file"), message);
      // region given
      CodedImages whole = coded.conditions(TRAIN::conditions);
      // endregion
      assertEquals(
          TRAIN.images().unlabelled().fingerprint(),
          whole.decode().images().unlabelled().fingerprint());
      CodedImages wrong =
          coded.conditions(
              i -> ConditionValues.none().withLabel("digit", (TRAIN.images().label(i) + 1) % 10));
      assertThrows(CodecException.class, wrong::decode);
    }
  }

  @Test
  void anotherModelsFileIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Model model = Digits.untrained();
        Model other = Model.initial(model.definition(), 99)) {
      Codec.of(other).encode(TRAIN).writeTo(out);
      String message =
          assertThrows(CodecException.class, () -> Codec.of(model).open(out.toByteArray()))
              .getMessage();
      assertTrue(message.contains("coded under model " + Codec.of(other).fingerprint()), message);
    }
  }

  @Test
  void anInterruptEndsDecoding() {
    try (Model model = Digits.untrained()) {
      Pull<Pixel> pixels = Codec.of(model).encode(TRAIN).pixels().iterator();
      pixels.next();
      Thread.currentThread().interrupt();
      assertThrows(
          CancellationException.class,
          () -> {
            while (pixels.hasNext()) {
              pixels.next();
            }
          });
      assertTrue(Thread.interrupted());
      assertFalse(pixels.hasNext());
    }
  }
}
