package com.example;

import io.weft.BuiltinModel;
import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.explain.LayerDiagram;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.nio.file.Files;
import java.nio.file.Path;

public final class Program {

  private Program() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("program");
    var digits =
        Examples.labelled(
            EmbeddedDigits.count(32).size(8).levels(4).seed(1).grey(), "digit");
    var definition =
        GatedPixelCnn.builder(new ImageSpec(8, 8, 1, 4))
            .blocks(1)
            .maps(8)
            .classCondition("digit", 10)
            .build();
    try (Model model = Model.initial(definition, 1)) {
      model.train(digits, TrainingOptions.seed(1).steps(2).build());
      model.save(folder.resolve("model"));
    }
    try (Model model = Model.load(folder.resolve("model"))) {
      if (!(model.score(digits).bitsPerDimension() > 0)) {
        throw new IllegalStateException("no score");
      }
      int images = model.sampler(7).labels(image -> 3).images().toList().size();
      String diagram = LayerDiagram.svg(model.definition()).contains("<svg") ? "a diagram" : "";
      if (BuiltinModel.all().isEmpty()) {
        throw new IllegalStateException("no models came along");
      }
      System.out.println("trained, saved, scored, drawn: " + images + " image, " + diagram);
    }
  }
}
