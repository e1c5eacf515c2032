package io.weft.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.internal.tensorflow.Workbench;
import io.weft.lower.Phase;
import io.weft.testing.Convolutions;
import io.weft.testing.ShiftedConvolutions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** In inference, all ways to run a layer give the numbers of its expression. */
class WholeImageFormTest {

  @Test
  void maskedAndShiftedConvolutionsAgree() {
    List<CausalConvolution> all = Convolutions.all();
    for (int i = 0; i < all.size(); i++) {
      CausalConvolution masked = all.get(i).withForm(ConvolutionForm.MASKED);
      agree(TFloat64.class, 1e-12, Convolutions.grids(i), all.get(i), masked);
    }
  }

  @Test
  void maskedAndShiftedConvolutionsAgreeInFloat32() {
    List<CausalConvolution> all = Convolutions.all();
    for (int i = 0; i < all.size(); i += 7) {
      CausalConvolution masked = all.get(i).withForm(ConvolutionForm.MASKED);
      agree(TFloat32.class, 1e-5, Convolutions.grids(i), all.get(i), masked);
    }
  }

  /** Whole, this dilation would have TensorFlow pad a grid of 5 x 4 to millions of positions. */
  @Test
  void tapsBeyondTheImageCostNothing() {
    for (CausalConvolution beyond :
        List.of(
            CausalConvolution.square(2, 15, MaskType.B),
            CausalConvolution.square(2, 7, MaskType.B).withDilation(4096),
            CausalConvolution.square(2, 9, MaskType.A).withDilation(3),
            CausalConvolution.vertical(2, 5, 5, MaskType.A).withDilation(7),
            CausalConvolution.horizontal(2, 5, MaskType.A).withDilation(4))) {
      CausalConvolution masked = beyond.withForm(ConvolutionForm.MASKED);
      agree(TFloat64.class, 1e-12, List.of(new Shape(5, 4, 1), new Shape(1, 4, 1)), beyond, masked);
    }
  }

  @Test
  void shiftedConvolutionsAgree() {
    for (Shape fine : List.of(new Shape(5, 7, 3), new Shape(4, 6, 3), new Shape(1, 1, 3))) {
      for (ShiftedConvolution layer : ShiftedConvolutions.all()) {
        agree(TFloat64.class, 1e-12, List.of(fine), layer);
        back(TransposedShiftedConvolution.of(layer), fine, layer);
      }
    }
  }

  @Test
  void convolutionsOnAllSidesAgree() {
    for (Layer layer :
        List.of(
            Convolution.square(2, 3),
            new Convolution(3, 5, 1),
            TransposedConvolution.by(2, 2),
            TransposedConvolution.by(3, 2),
            new TransposedConvolution(3, 3, 2),
            new TransposedConvolution(2, 4, 4),
            new TransposedConvolution(2, 3, 1))) {
      agree(TFloat64.class, 1e-12, Convolutions.grids(), layer);
    }
  }

  private static void back(Layer layer, Shape fine, ShiftedConvolution strided) {
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      Shape coarse = ShiftedConvolutions.strided(strided, fine);
      LayerGraph layers = Workbench.alone(layer, coarse, fine);
      LayerGraph general = Workbench.alone(new Workbench.General(layer), coarse, fine);
      var places = bench.places(layers, Workbench.BATCH);
      Workbench.randomise(places, new SplittableRandom(4));
      List<double[]> found =
          bench.run(
              List.of(
                  bench.output(layers, Phase.INFERENCE, places),
                  bench.output(general, Phase.INFERENCE, places)));
      assertArrayEquals(found.get(1), found.get(0), 1e-12, layer + " on " + fine);
    }
  }

  @Test
  void normalisationAndDropoutAgree() {
    for (Layer layer :
        List.<Layer>of(
            new BatchNormalisation(0.5, 1e-3),
            new PositionalNormalisation(0.125, 1),
            new PositionalNormalisation(0.125, 3),
            new LayerNormalisation(0.125, 1),
            new LayerNormalisation(0.125, 3),
            new Dropout(0.5),
            new Dropout(0))) {
      assertTrue(Workbench.hasForm(layer), layer + " has a form");
      agree(TFloat64.class, 1e-10, Convolutions.grids(), layer);
    }
  }

  /**
   * The vertical convolution factored into 1 x n and n x 1 (Gated PixelCNN, section 2.2) is the n x
   * n one whose kernel is the outer product.
   */
  @Test
  void aFactoredVerticalConvolutionIsAComposition() {
    int n = 3;
    Shape image = new Shape(5, 4, 1);
    LayerGraph across = Workbench.alone(CausalConvolution.vertical(1, 1, n, MaskType.B), image);
    LayerGraph down = Workbench.alone(CausalConvolution.vertical(1, n, 1, MaskType.B), image);
    LayerGraph whole = Workbench.alone(CausalConvolution.vertical(1, n, n, MaskType.B), image);
    double[] input = random(1, Workbench.BATCH * image.positions());
    double[] row = random(2, n);
    double[] column = random(3, n / 2 + 1);
    double[] bias = random(4, 1);
    double[] kernel = new double[column.length * n];
    Arrays.setAll(kernel, i -> column[i / n] * row[i % n]);
    double[] factored = run(down, run(across, input, row, new double[1]), column, bias);
    assertArrayEquals(run(whole, input, kernel, bias), factored, 1e-12);
  }

  private static double[] random(long seed, int count) {
    return new SplittableRandom(seed).doubles(count, -1, 1).toArray();
  }

  private static double[] run(LayerGraph layers, double[] input, double[] kernel, double[] bias) {
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      var places = bench.places(layers, Workbench.BATCH);
      places.get("in0").set(input);
      places.get("layer/kernel").set(kernel);
      places.get("layer/bias").set(bias);
      return bench.run(List.of(bench.output(layers, Phase.INFERENCE, places))).get(0);
    }
  }

  /** Runs all forms, and the bare expression, on some grids under the same parameters. */
  private static <T extends TFloating> void agree(
      Class<T> type, double tolerance, List<Shape> grids, Layer... forms) {
    try (Workbench<T> bench = new Workbench<>(type)) {
      List<Operand<T>> outputs = new ArrayList<>();
      Map<String, Workbench<T>.Place> parameters = new LinkedHashMap<>();
      for (Shape grid : grids) {
        Shape in =
            forms[0] instanceof CausalConvolution convolution
                ? Convolutions.input(convolution, grid)
                : grid.withMaps(3);
        var image = bench.place(1, 1, 1, 1);
        var input = bench.place(Workbench.BATCH, in.height(), in.width(), in.maps());
        List<Layer> ways = new ArrayList<>(List.of(forms));
        ways.add(new Workbench.General(forms[0]));
        for (Layer way : ways) {
          LayerGraph layers = Workbench.alone(way, in);
          if (parameters.isEmpty()) {
            parameters.putAll(bench.parameters(layers));
          }
          Map<String, Workbench<T>.Place> places = new LinkedHashMap<>(parameters);
          places.put("image", image);
          places.put("in0", input);
          Workbench.randomise(places, new SplittableRandom(grid.hashCode()));
          outputs.add(bench.tf().identity(bench.output(layers, Phase.INFERENCE, places)));
        }
      }
      List<double[]> found = bench.run(outputs);
      int ways = forms.length + 1;
      for (int i = 0; i < found.size(); i++) {
        String what = forms[i % ways % forms.length] + " on " + grids.get(i / ways);
        assertArrayEquals(found.get(i / ways * ways + ways - 1), found.get(i), tolerance, what);
      }
    }
  }
}
