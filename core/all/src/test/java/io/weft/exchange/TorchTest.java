package io.weft.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.exchange.TorchNetworks.Network;
import io.weft.expression.Parameter;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepWalk;
import io.weft.optimise.Adam;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * Networks that were written and run in PyTorch 1.13: the same logits, loss and step of Adam (rate
 * 1e-3). A file has the initial weights as {@code w0.}, those after the step as {@code w1.}, images
 * and labels of the batch, and the logits of its first image before the step, in training mode.
 */
class TorchTest {

  private static final ImageSpec IMAGE = new ImageSpec(28, 28, 1, 16);
  private static final int COUNT = 4;
  private static final String BEFORE_NORMALISATION = "(.*/)?(first|down|middle|up|last)/bias";

  /** Weights before and after a step, the batch, and the logits of its first image. */
  private static Path file(String name) {
    try {
      return Path.of(TorchTest.class.getResource("torch-" + name + ".npz").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The batch of a file; its integers are no weights. */
  private static Examples batch(Path npz, Definition definition) throws IOException {
    float[] x = TensorFile.open(npz).read("x").values();
    int[] levels = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      levels[i] = Math.round((x[i] + 1) / 2 * (IMAGE.levels() - 1));
    }
    int[] labels = new int[COUNT];
    try (ZipFile zip = new ZipFile(npz.toFile())) {
      byte[] y = zip.getInputStream(zip.getEntry("y.npy")).readAllBytes();
      int from = y.length - COUNT * Integer.BYTES;
      ByteBuffer.wrap(y, from, y.length - from)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asIntBuffer()
          .get(labels);
    }
    ImageSet images = ImageSet.of(IMAGE, levels).labelled(labels, 10);
    return Examples.suiting(definition.conditions(), images);
  }

  private static void assertLogits(Definition definition, Weights weights, Path npz, double most)
      throws IOException {
    Examples examples = batch(npz, definition);
    Batch batch = Batch.of(examples, definition.conditions(), 0);
    float[] expected = TensorFile.open(npz).read("logits").transposed(0, 2, 3, 1).values();
    double[] worst = new double[1];
    StepWalk.visit(
        JvmStepExecutor.bind(StepProgram.knowing(definition, 16), weights),
        1,
        batch::feature,
        (i, value) -> batch.levels().get(i * IMAGE.values() + value),
        (i, value, logits) -> {
          for (int k = 0; k < logits.length; k++) {
            float theirs = expected[(i * IMAGE.values() + value) * IMAGE.levels() + k];
            worst[0] = Math.max(worst[0], Math.abs(theirs - logits[k]));
          }
        });
    assertTrue(worst[0] < most, "logits differ by " + worst[0]);
  }

  /** Takes one step, and returns the model's loss before and weights after it. */
  private static Weights stepped(
      Definition definition, Weights weights, Examples batch, double expectedLoss) {
    try (Model model = Model.of(definition, weights)) {
      var options =
          TrainingOptions.seed(1).steps(1).batch(COUNT).optimiser(Adam.withRate(1e-3)).build();
      List<Double> nats = new ArrayList<>();
      model.train(
          batch,
          options,
          event -> {
            if (event instanceof TrainingEvent.Stepped step) {
              nats.add(step.bitsPerDimension() * Math.log(2));
            }
          });
      assertEquals(expectedLoss, nats.get(0), 1e-5);
      return model.weights();
    }
  }

  /**
   * Compares all that is trained.
   *
   * @param unlike how many weights may differ by more: a step of Adam has the size of the rate
   *     whatever the gradient's, so that one near 0 has any sign
   */
  private static void assertStepped(Network network, Weights found, Path npz, int unlike)
      throws IOException {
    Weights expected = imported(network, npz, "w1.").weights();
    Weights before = imported(network, npz, "w0.").weights();
    List<String> others = new ArrayList<>();
    for (String name : found.names()) {
      // The true gradient of a bias before a normalisation is 0: of roundings Adam makes steps.
      if (found.parameter(name).trainable() && !name.matches(BEFORE_NORMALISATION)) {
        float[] theirs = expected.values(name);
        float[] ours = found.values(name);
        float[] start = before.values(name);
        for (int i = 0; i < ours.length; i++) {
          assertEquals(start[i], ours[i], 1.001e-3, name);
          if (!(Math.abs(theirs[i] - ours[i]) < 1e-5)) {
            others.add(name + " at " + i + ": " + theirs[i] + ", here " + ours[i]);
          }
        }
      }
    }
    assertTrue(others.size() <= unlike, network.name() + ": " + others);
  }

  /** The weights of a file that has others beside them. */
  private static ImportedWeights imported(Network network, Path npz, String prefix)
      throws IOException {
    WeightMapping.Builder mapping =
        WeightMapping.builder().lines(network.mapping().replace("@", prefix));
    mapping.leaveOut((prefix.equals("w0.") ? "w1." : "w0.") + "*");
    for (String other : List.of("x", "y", "logits")) {
      mapping.leaveOut(other);
    }
    return mapping.build().apply(network.definition(), TensorFile.open(npz));
  }

  @Test
  void gatedPixelCnn() throws IOException {
    Path npz = file("gated");
    Network network = TorchNetworks.gated(IMAGE, 16, 4, 10);
    ImportedWeights imported = imported(network, npz, "w0.");
    assertTrue(imported.leftOut().contains("w0.blocks.3.res.weight"), "" + imported.leftOut());
    assertEquals(Map.of(), imported.masked());
    Weights weights = imported.weights();
    assertLogits(network.definition(), weights, npz, 1e-5);
    Examples batch = batch(npz, network.definition());
    assertStepped(
        network, stepped(network.definition(), weights, batch, 2.7147154808044434), npz, 0);
  }

  /** In training its normalisation measures the batch: so does Weft's, and the logits follow. */
  @Test
  void maskedPixelCnn() throws IOException {
    Path npz = file("seed");
    Network network = TorchNetworks.masked(IMAGE, 8, 1, 2, 1, 3, 1, 2, 1);
    Definition definition = network.definition();
    ImportedWeights imported = imported(network, npz, "w0.");
    // 25 of 49 taps of 16 maps, and 4 of 9 taps of 8 x 8 maps in seven blocks, hold numbers.
    assertEquals(8, imported.masked().size());
    assertEquals(25 * 16, imported.masked().get("first/kernel"));
    assertEquals(4 * 8 * 8, imported.masked().get("block3/middle/kernel"));
    Weights weights = imported.weights();
    Weights after = stepped(definition, weights, batch(npz, definition), 2.948340892791748);
    // Where a map is 0 but for rounding, ReLU lets its gradient through or not: three of 5,456.
    assertStepped(network, after, npz, 5);
    Weights theirs = imported(network, npz, "w1.").weights();
    Map<String, float[]> measured = new HashMap<>();
    double pixels = COUNT * IMAGE.pixels();
    for (String name : weights.names()) {
      Parameter parameter = weights.parameter(name);
      measured.put(name, parameter.trainable() ? weights.values(name) : after.values(name));
      if (!parameter.trainable()) {
        float[] ours = after.values(name);
        float[] kept = theirs.values(name);
        boolean isMean = parameter.name().equals("mean");
        for (int i = 0; i < ours.length; i++) {
          // A first step of Weft forgets where the averages began; PyTorch's keeps 0.9 of it, and
          // its running variance is the unbiased one.
          double batchs = isMean ? ours[i] : ours[i] * pixels / (pixels - 1);
          assertEquals(kept[i], 0.9 * (isMean ? 0 : 1) + 0.1 * batchs, 1e-5, name);
        }
      }
    }
    // PyTorch's own are 5e-6 from those that are computed in float64.
    assertLogits(definition, Weights.of(definition, measured), npz, 1e-5);
  }
}
