package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.Model;
import io.weft.data.Example;
import io.weft.data.Examples;
import io.weft.data.ImageFolder;
import io.weft.data.ImageSet;
import io.weft.image.Picture;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples that are in no array: one's own, a stream, a file, a folder. */
class OwnExamplesTest {

  private static final ImageSet DIGITS = Digits.TRAIN.images().unlabelled().take(40);

  // region own-examples
  /** Images that are made whenever they are asked for: a dot, somewhere else in each. */
  record Dots(int size) implements Examples {
    @Override
    public ImageSpec spec() {
      return new ImageSpec(8, 8, 1, 4);
    }

    @Override
    public int[] image(int index) {
      int[] levels = new int[64];
      levels[index % 64] = 3;
      return levels;
    }
  }

  // endregion

  private static double[] scores(Examples examples) {
    try (Model model = Model.initial(PixelCnn.of(examples.spec(), 1, 4, 3), 1)) {
      model.train(examples, TrainingOptions.seed(1).epochs(2).batch(8).build());
      return model.score(examples).logLikelihoods();
    }
  }

  @Test
  void own() {
    Examples.Split parts = new Dots(64).split(0.25, 1);
    assertEquals(16, parts.validation().size());
    double[] scores = scores(Examples.joined(List.of(parts.train(), new Dots(3))));
    assertEquals(51, scores.length);
  }

  @Test
  void streamed() {
    List<Example> lines =
        IntStream.range(0, 40).mapToObj(i -> Example.of(DIGITS.image(i))).toList();
    // region streamed
    Examples examples = Examples.streamed(lines, DIGITS.spec(), 16); // 16 are shuffled together
    // endregion
    assertEquals(40, examples.size());
    assertEquals(40, scores(examples).length);
  }

  @Test
  void largerThanTheMemory(@TempDir Path folder) throws IOException {
    byte[] all = new byte[40 * 64];
    for (int i = 0; i < 40; i++) {
      DIGITS.copyImage(i, all, i * 64);
      Picture.of(DIGITS, i).writePng(folder.resolve("pictures/" + (100 + i) + ".png"));
    }
    Path file = Files.write(folder.resolve("images"), all);
    Path pictures = folder.resolve("pictures");
    ImageSpec spec = DIGITS.spec();
    // region opened
    ImageSet large = ImageSet.open(file, spec, 0); // bytes, one image after the other
    ImageSet opened = ImageFolder.at(pictures).fittedTo(8, 8).open().quantised(4);
    ImageSet both = ImageSet.joined(List.of(large, opened));
    // endregion
    assertEquals(DIGITS.fingerprint(), opened.fingerprint());
    assertEquals("103.png", both.file(43).orElseThrow());
    assertArrayEquals(scores(Examples.of(DIGITS)), scores(Examples.of(large)));
    assertArrayEquals(scores(Examples.of(DIGITS)), scores(Examples.of(opened)));
  }
}
