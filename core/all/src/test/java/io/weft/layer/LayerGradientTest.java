package io.weft.layer;

import io.weft.expression.Shape;
import io.weft.internal.tensorflow.GradientCheck;
import io.weft.lower.Phase;
import io.weft.testing.Convolutions;
import io.weft.testing.LayerSample;
import io.weft.testing.LayerSamples;
import io.weft.testing.ShiftedConvolutions;
import io.weft.testing.SlowChecks;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every layer's gradient, by every input and every parameter, against finite differences. */
class LayerGradientTest {

  private static final Shape IMAGE = new Shape(4, 3, 6);
  private static final Shape GLOBAL = new Shape(1, 1, 6);

  @Test
  void causalConvolutions() {
    List<CausalConvolution> all = Convolutions.all();
    // One in five: all kernels, dilations, colours, forms and grids still come up.
    for (int i = 0; i < all.size(); i += SlowChecks.times(5, 1)) {
      // Consecutive ones differ little: between them all forms meet all grids.
      CausalConvolution layer =
          all.get(i).withForm(i % 4 < 2 ? ConvolutionForm.MASKED : ConvolutionForm.SHIFTED);
      Shape grid = Convolutions.grids(i).get(0);
      GradientCheck.layer(layer, Phase.INFERENCE, Convolutions.input(layer, grid));
    }
  }

  @Test
  void everyLayer() {
    List<Shape> others = List.of(GLOBAL, new Shape(1, 5, 1), new Shape(5, 1, 1));
    List<LayerSample> all = LayerSamples.all();
    for (int i = 0; i < all.size(); i++) {
      check(all.get(i), Phase.TRAINING, IMAGE);
      check(all.get(i), Phase.INFERENCE, IMAGE);
      check(all.get(i), Phase.INFERENCE, others.get(i % others.size()));
    }
  }

  private static void check(LayerSample sample, Phase phase, Shape grid) {
    Shape[] inputs = sample.on(grid);
    if (sample.feed() == LayerSample.Feed.LEVELS) {
      checkParameters(sample, phase, inputs);
    } else if (!sample.layer().compute(Inputs.of(inputs)).taps().isEmpty()) {
      // What gives the same whatever comes has no gradient.
      GradientCheck.layer(sample.layer(), phase, inputs);
    }
  }

  /** By levels there is none. */
  private static void checkParameters(LayerSample sample, Phase phase, Shape... inputs) {
    if (!sample.layer().compute(Inputs.of(inputs)).parameters().isEmpty()) {
      GradientCheck.parameters(sample.layer(), phase, inputs);
    }
  }

  @Test
  void shiftedConvolutionsAndTheWayBack() {
    for (Shape fine :
        List.of(new Shape(5, 7, 3), new Shape(4, 6, 2), new Shape(1, 1, 3), new Shape(3, 1, 2))) {
      for (ShiftedConvolution layer : ShiftedConvolutions.all()) {
        GradientCheck.layer(layer, Phase.INFERENCE, fine);
        Shape coarse = ShiftedConvolutions.strided(layer, fine);
        GradientCheck.layer(TransposedShiftedConvolution.of(layer), Phase.INFERENCE, coarse, fine);
      }
    }
  }

  @Test
  void sumsAndConcatenationsOfManyInputs() {
    Shape[][] some = {
      {IMAGE, IMAGE},
      {IMAGE, GLOBAL},
      {GLOBAL, IMAGE, IMAGE},
      {GLOBAL, GLOBAL, IMAGE},
      {GLOBAL, GLOBAL},
      {IMAGE},
      {new Shape(1, 4, 6), GLOBAL},
    };
    for (Shape[] inputs : some) {
      GradientCheck.layer(new Add(), Phase.INFERENCE, inputs);
      GradientCheck.layer(new Concat(), Phase.INFERENCE, inputs);
    }
    GradientCheck.layer(new Concat(), Phase.INFERENCE, IMAGE, new Shape(1, 1, 2), IMAGE);
  }
}
