package com.example.weft;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ImageSpec;

/** Small images and a small model of them, for tests that are about something else. */
final class Digits {

  // region examples
  static final ImageSpec IMAGE = new ImageSpec(8, 8, 1, 4);
  static final Examples TRAIN = labelled(96, 1);
  static final Examples TEST = labelled(16, 2);

  static Examples labelled(int count, long seed) {
    ImageSet images = EmbeddedDigits.count(count).size(8).levels(4).seed(seed).grey();
    return Examples.labelled(images, "digit");
  }

  // endregion

  private Digits() {}

  static Definition definition() {
    return GatedPixelCnn.builder(IMAGE).blocks(1).maps(8).classCondition("digit", 10).build();
  }

  /** Returns a model that has learnt nothing; its distributions are not uniform all the same. */
  static Model untrained() {
    return Model.initial(definition(), 1);
  }
}
