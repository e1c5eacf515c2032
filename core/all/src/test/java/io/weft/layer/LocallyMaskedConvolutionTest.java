package io.weft.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.internal.tensorflow.GradientCheck;
import io.weft.internal.tensorflow.Workbench;
import io.weft.lower.Phase;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.testing.Convolutions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat64;

/** The convolution under any order: all ways to run it agree, one graph serves several orders. */
class LocallyMaskedConvolutionTest {

  private static List<CausalConvolution> convolutions() {
    List<CausalConvolution> all = new ArrayList<>();
    for (int[] kernel : new int[][] {{3, 3}, {5, 3}, {1, 3}, {3, 1}}) {
      for (int dilation = 1; dilation <= 2; dilation++) {
        for (MaskType type : MaskType.values()) {
          for (ColourGroups colours : List.of(ColourGroups.none(), ColourGroups.of(3))) {
            all.add(
                new CausalConvolution(
                    3,
                    kernel[0],
                    kernel[1],
                    dilation,
                    type,
                    Support.FULL,
                    colours,
                    ConvolutionForm.SHIFTED));
          }
        }
      }
    }
    return all;
  }

  private static List<GenerationOrder> orders(int height, int width) {
    return List.of(
        GenerationOrder.raster(height, width),
        GenerationOrder.raster(height, width).flipColumns().transpose(),
        GenerationOrder.sCurve(height, width),
        GenerationOrder.hilbert(height, width).rotate180(),
        GenerationOrder.random(height, width, 3));
  }

  /** Each order of one graph gives the numbers of the expression under that order. */
  @Test
  void oneGraphServesAllOrders() {
    int number = 0;
    for (int[] size : new int[][] {{5, 4}, {1, 4}, {2, 2}}) {
      List<GenerationOrder> orders = orders(size[0], size[1]).stream().distinct().toList();
      Shape in = new Shape(size[0], size[1], 3);
      for (CausalConvolution layer : convolutions()) {
        if (size[0] != 5 && number++ % 4 != 0) {
          continue;
        }
        try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
          Orders all = Orders.of(orders);
          LayerGraph layers = Workbench.alone(layer, all, in);
          Map<String, Workbench<TFloat64>.Place> places = bench.places(layers, Workbench.BATCH);
          Workbench.randomise(places, new SplittableRandom(5));
          List<Operand<TFloat64>> outputs = new ArrayList<>();
          for (int o = 0; o < orders.size(); o++) {
            Orders under = all.under(orders.get(o));
            LayerGraph general = Workbench.alone(new Workbench.General(layer), under, in);
            LayerGraph local =
                Workbench.alone(layer.withForm(ConvolutionForm.LOCALLY_MASKED), under, in);
            outputs.add(bench.output(general, Phase.INFERENCE, places));
            outputs.add(bench.output(layers, Phase.INFERENCE, places, orders, o));
            outputs.add(bench.output(Workbench.alone(layer, under, in), Phase.INFERENCE, places));
            outputs.add(bench.output(local, Phase.INFERENCE, places));
          }
          List<double[]> found = bench.run(outputs);
          for (int i = 0; i < found.size(); i++) {
            String what = layer + " under " + orders.get(i / 4) + ", way " + i % 4;
            assertArrayEquals(found.get(i / 4 * 4), found.get(i), 1e-10, what);
          }
        }
      }
    }
  }

  /** Weights for raster order alone, run both ways. */
  @Test
  void theLocallyMaskedFormIsTheCheapOneUnderRaster() {
    for (CausalConvolution layer : Convolutions.all()) {
      if (readsOnInItsRow(layer)) {
        continue;
      }
      for (Shape grid : List.of(new Shape(5, 4, 1), new Shape(2, 2, 1))) {
        Shape in = Convolutions.input(layer, grid);
        try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
          LayerGraph cheap = Workbench.alone(layer, in);
          Map<String, Workbench<TFloat64>.Place> places = bench.places(cheap, Workbench.BATCH);
          Workbench.randomise(places, new SplittableRandom(5));
          LayerGraph local = Workbench.alone(layer.withForm(ConvolutionForm.LOCALLY_MASKED), in);
          List<double[]> found =
              bench.run(
                  List.of(
                      bench.tf().identity(bench.output(cheap, Phase.INFERENCE, places)),
                      bench.tf().identity(bench.output(local, Phase.INFERENCE, places))));
          assertArrayEquals(found.get(0), found.get(1), 1e-10, layer.toString());
        }
      }
    }
  }

  private static boolean readsOnInItsRow(CausalConvolution layer) {
    return layer.support() == Support.VERTICAL
        && layer.type() == MaskType.B
        && layer.kernelWidth() > 1;
  }

  /** What would give other numbers is no form of the same layer. */
  @Test
  void aWholeRowIsNotReadLocallyMasked() {
    for (CausalConvolution layer : Convolutions.all()) {
      if (readsOnInItsRow(layer)) {
        String message =
            assertThrows(
                    IllegalArgumentException.class,
                    () -> layer.withForm(ConvolutionForm.LOCALLY_MASKED))
                .getMessage();
        assertTrue(message.contains("reads all of its own row"), message);
        assertEquals(
            layer, layer.withForm(ConvolutionForm.MASKED).withForm(ConvolutionForm.SHIFTED));
      }
    }
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    Shape in = new Shape(4, 3, 3);
    List<CausalConvolution> all = convolutions();
    List<GenerationOrder> orders = orders(4, 3);
    for (int i = 0; i < all.size(); i++) {
      GenerationOrder order = orders.get(i % orders.size());
      GradientCheck.graph(
          Workbench.alone(all.get(i), Orders.of(orders).under(order), in), Phase.INFERENCE);
    }
  }

  /** A model for other orders has weights for all taps; what raster reads of them is the same. */
  @Test
  void weightsForAllOrdersServeRaster() {
    Shape in = new Shape(5, 4, 2);
    CausalConvolution layer = CausalConvolution.square(2, 3, MaskType.B);
    Orders many = Orders.of(GenerationOrder.eight(GenerationOrder.raster(5, 4)));
    LayerGraph all = Workbench.alone(layer, many, in);
    LayerGraph raster = Workbench.alone(layer, in);
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      Map<String, Workbench<TFloat64>.Place> places = bench.places(all, Workbench.BATCH);
      Workbench.randomise(places, new SplittableRandom(5));
      Map<String, Workbench<TFloat64>.Place> fewer = new LinkedHashMap<>(places);
      double[] kernel = places.get("layer/kernel").values();
      assertEquals(9 * 2 * 2, kernel.length);
      var live = bench.place(5, 2, 2);
      live.set(java.util.Arrays.copyOf(kernel, 5 * 2 * 2));
      fewer.put("layer/kernel", live);
      List<double[]> found =
          bench.run(
              List.of(
                  bench.output(all, Phase.INFERENCE, places),
                  bench.output(raster, Phase.INFERENCE, fewer)));
      assertArrayEquals(found.get(1), found.get(0), 1e-12);
    }
  }
}
