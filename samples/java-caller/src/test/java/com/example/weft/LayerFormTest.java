package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.layer.MaskType;
import org.junit.jupiter.api.Test;

/** The form of a caller's layer on TensorFlow, found as a service beside it. */
class LayerFormTest {

  private static final Examples EXAMPLES = Examples.of(Digits.TRAIN.images().unlabelled());

  private static Definition definition() {
    ModelBuilder model = ModelBuilder.of("above", Digits.IMAGE);
    var x = model.image().causalConv(6, 3, MaskType.A);
    return model.softmax(x.concat(model.image().apply(new Above(2))).conv1x1(4));
  }

  @Test
  void isFoundAndGivesTheSameNumbers() {
    double onTheJvm;
    try (Model model = Model.initial(definition(), 1, Device.jvm())) {
      onTheJvm = model.score(EXAMPLES).bitsPerDimension();
    }
    assertEquals(0, AboveForm.USES.get());
    try (Model model = Model.initial(definition(), 1)) {
      assertEquals(onTheJvm, model.score(EXAMPLES).bitsPerDimension(), 1e-5);
    }
    assertTrue(AboveForm.USES.get() > 0);
  }
}
