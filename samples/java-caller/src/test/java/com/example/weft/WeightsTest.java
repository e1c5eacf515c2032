package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.Model;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.exchange.ImportedWeights;
import io.weft.exchange.Tensor;
import io.weft.exchange.TensorFile;
import io.weft.exchange.Transfer;
import io.weft.exchange.WeightMapping;
import io.weft.layer.CausalConvolution;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights come from other programs, go to them, and start other models. */
class WeightsTest {

  @TempDir Path folder;

  private static Tensor filled(float value, Integer... sizes) {
    float[] values = new float[Arrays.stream(sizes).reduce(1, Math::multiplyExact)];
    Arrays.fill(values, value);
    return Tensor.of(List.of(sizes), values);
  }

  private static Definition declared(int maps) {
    ModelBuilder model = ModelBuilder.of("small", new ImageSpec(4, 4, 1, 4));
    return model.softmax(
        model
            .image()
            .apply("first", CausalConvolution.square(maps, 3, MaskType.A))
            .apply("out", Pointwise.of(4)));
  }

  // region import
  static Model imported(Definition definition, Path file) throws IOException {
    WeightMapping mapping =
        WeightMapping.builder()
            .torch("first", "net.0")
            .parameter("out/kernel", "net.1.weight")
            .parameter("out/bias", source -> source.read("both").part(0, 4, 8))
            .leaveOut("unused")
            .build();
    ImportedWeights imported = mapping.apply(definition, TensorFile.open(file));
    return Model.of(definition, imported.weights());
  }

  // endregion

  private Path torch() throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    arrays.put("net.0.weight", filled(1, 2, 1, 3, 3));
    arrays.put("net.0.bias", filled(2, 2));
    arrays.put("net.1.weight", filled(3, 2, 4));
    arrays.put("both", filled(4, 8));
    arrays.put("unused", filled(5, 1));
    Path file = folder.resolve("torch.safetensors");
    TensorFile.writeSafetensors(file, arrays);
    return file;
  }

  @Test
  void aNetworkOfPyTorchIsDeclaredAgain() throws IOException {
    try (Model model = imported(declared(2), torch())) {
      assertArrayEquals(new float[] {2, 2}, model.weights().values("first/bias"));
      assertArrayEquals(new float[] {4, 4, 4, 4}, model.weights().values("out/bias"));
      Path npz = folder.resolve("w.npz");
      TensorFile.writeNpz(npz, model.weights());
      ImportedWeights again =
          WeightMapping.byName().apply(model.definition(), TensorFile.open(npz));
      for (String name : model.weights().names()) {
        assertArrayEquals(model.weights().values(name), again.weights().values(name));
      }
    }
  }

  @Test
  void aWiderModelStartsFromWhatFits() throws IOException {
    try (Model model = imported(declared(2), torch())) {
      Transfer transfer = Transfer.of(model.weights(), declared(3), 7);
      assertEquals(List.of("out/bias"), transfer.taken());
      try (Model wider = Model.of(declared(3), transfer.weights())) {
        assertArrayEquals(new float[] {4, 4, 4, 4}, wider.weights().values("out/bias"));
      }
    }
  }
}
