package com.example.weft;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.graph.ImageSpec;
import io.weft.model.GatedPixelCnn;

/** Small images and a small model of them, for tests that are about something else. */
final class Digits {

  static final ImageSet TRAIN = EmbeddedDigits.count(96).size(8).levels(4).seed(1).grey();
  static final ImageSet TEST = EmbeddedDigits.count(16).size(8).levels(4).seed(2).grey();
  static final ImageSpec IMAGE = TRAIN.spec();

  private Digits() {}

  static Examples labelled(ImageSet images) {
    return Examples.labelled(images, "digit");
  }

  static Definition definition() {
    return GatedPixelCnn.builder(IMAGE).blocks(1).maps(8).classCondition("digit", 10).build();
  }

  /** Returns a model that has learnt nothing; its distributions are not uniform all the same. */
  static Model untrained() {
    return Model.initial(definition(), 1);
  }
}
