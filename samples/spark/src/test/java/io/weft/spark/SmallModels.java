package io.weft.spark;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ImageSpec;

/** A model that is quick, and images for it. */
final class SmallModels {

  static final ImageSpec IMAGE = new ImageSpec(8, 8, 1, 4);

  private SmallModels() {}

  static Definition definition() {
    return GatedPixelCnn.builder(IMAGE)
        .name("small")
        .blocks(2)
        .maps(8)
        .kernel(3)
        .classCondition("digit", 10)
        .build();
  }

  static Definition unconditioned() {
    return GatedPixelCnn.builder(IMAGE).name("plain").blocks(1).maps(4).kernel(3).build();
  }

  static Model model(Device device) {
    return Model.initial(definition(), 3, device);
  }

  static ImageSet images(int count) {
    return EmbeddedDigits.count(count).size(8).levels(4).seed(1).grey();
  }

  static Examples examples(int count) {
    return Examples.labelled(images(count), "digit");
  }
}
