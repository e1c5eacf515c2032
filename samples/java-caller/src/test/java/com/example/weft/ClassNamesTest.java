package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.score.ClassPosterior;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Classes are known by their names, from one set of data to another. */
class ClassNamesTest {

  private static final ImageSpec SMALL = new ImageSpec(4, 4, 1, 2);

  private static ImageSet images(List<String> names, int... labels) {
    int[] levels = new int[labels.length * SMALL.values()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = i % 3 == 0 ? 1 : 0;
    }
    return ImageSet.of(SMALL, levels).labelled(labels, names);
  }

  @Test
  void aModelIsDeclaredWithTheNamesOfItsData() {
    ImageSet train = images(List.of("cat", "dog", "elk"), 0, 1, 2, 0);
    // region names
    Definition zoo =
        GatedPixelCnn.builder(train.spec())
            .blocks(1)
            .maps(4)
            .classCondition("animal", train.classNames())
            .build();
    // endregion
    try (Model model = Model.initial(zoo, 1)) {
      model.train(Examples.labelled(train, "animal"), TrainingOptions.seed(1).steps(3).build());
      ImageSet withoutCat = images(List.of("elk", "dog"), 0, 1, 0);
      ImageSet same = images(List.of("cat", "dog", "elk"), 2, 1, 2);
      assertEquals(
          model.score(Examples.labelled(same, "animal")).bitsPerDimension(),
          model.score(Examples.labelled(withoutCat, "animal")).bitsPerDimension());
      ImageSet foreign = images(List.of("cat", "fox"), 0, 1, 0);
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> model.score(Examples.labelled(foreign, "animal")))
              .getMessage();
      assertTrue(message.contains("are cat, dog, elk; the data's are cat, fox"), message);
      assertArrayEquals(
          model.sampler(7).labels(image -> 1).images().toList().toArray(),
          model.sampler(7).classes(image -> "dog").images().toList().toArray());
    }
  }

  @Test
  void imagesAreClassified() {
    ImageSet images = images(List.of("cat", "dog", "elk"), 0, 1, 2, 0);
    Definition zoo =
        GatedPixelCnn.builder(images.spec())
            .blocks(1)
            .maps(4)
            .classCondition("animal", images.classNames())
            .build();
    try (Model model = Model.initial(zoo, 1)) {
      // region classify
      ClassPosterior found = model.classify(Examples.of(images));
      int label = found.mostProbable(0);
      double how = found.probability(0, label);
      ClassPosterior mostlyCats =
          model.scoreEachClass(Examples.of(images)).posterior(0.8, 0.1, 0.1);
      double accuracy = found.confusion(images).accuracy();
      // endregion
      assertTrue(how >= 1.0 / 3 && how <= 1, "a probability of " + how);
      assertTrue(mostlyCats.probability(0, 0) > found.probability(0, 0));
      assertEquals(found.confusion(images).right() / 4.0, accuracy);
    }
  }
}
