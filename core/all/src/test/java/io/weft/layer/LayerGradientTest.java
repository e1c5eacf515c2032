package io.weft.layer;

import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.internal.tensorflow.GradientCheck;
import io.weft.lower.Phase;
import io.weft.testing.Convolutions;
import io.weft.testing.ShiftedConvolutions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every layer's gradient, by every input and every parameter, against finite differences. */
class LayerGradientTest {

  private static final Shape IMAGE = new Shape(4, 3, 6);
  private static final Shape GLOBAL = new Shape(1, 1, 6);
  private static final ColourGroups RGB = ColourGroups.of(3);

  @Test
  void causalConvolutions() {
    List<CausalConvolution> all = Convolutions.all();
    for (int i = 0; i < all.size(); i++) {
      // Consecutive ones differ little: between them all forms meet all grids.
      CausalConvolution layer =
          all.get(i).withForm(i % 4 < 2 ? ConvolutionForm.MASKED : ConvolutionForm.SHIFTED);
      Shape grid = Convolutions.grids(i).get(0);
      GradientCheck.layer(layer, Phase.INFERENCE, Convolutions.input(layer, grid));
    }
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void layersOfOneInput(Phase phase) {
    List<Layer> layers = new ArrayList<>();
    layers.add(Pointwise.of(5));
    layers.add(Pointwise.of(5).withoutBias());
    layers.add(Pointwise.of(8).withColours(RGB));
    layers.add(Pointwise.of(8).withColours(RGB.withInputParts(2).withOutputParts(2)));
    for (Activation.Function function : Activation.Function.values()) {
      layers.add(new Activation(function));
    }
    layers.add(new Gate());
    layers.add(new Bias(0.1));
    layers.add(new Slice(2, 3));
    layers.add(new Slice(0, 6));
    layers.add(new BatchNormalisation(0.9, 1e-3));
    layers.add(new PositionalNormalisation(0.1, 1));
    layers.add(new PositionalNormalisation(0.1, 3));
    layers.add(new LayerNormalisation(0.1, 1));
    layers.add(new LayerNormalisation(0.1, 3));
    layers.add(new Dropout(0.4));
    layers.add(new Dropout(0));
    for (int[] shift :
        new int[][] {{0, 0}, {-1, 0}, {2, 0}, {0, -2}, {0, 1}, {1, -1}, {-6, 0}, {5, 7}, {0, -9}}) {
      layers.add(new Shift(shift[0], shift[1]));
    }
    layers.add(new Shift(Integer.MAX_VALUE, Integer.MIN_VALUE));
    layers.add(new OnesChannel());
    layers.add(Convolution.square(4, 3));
    layers.add(new Convolution(2, 1, 5));
    layers.add(TransposedConvolution.by(2, 3));
    layers.add(new TransposedConvolution(2, 3, 2));
    layers.add(new TransposedConvolution(2, 3, 3));
    layers.add(new Subsample(2));
    for (Shape in : List.of(IMAGE, GLOBAL, new Shape(1, 5, 6), new Shape(5, 1, 6))) {
      layers.forEach(layer -> GradientCheck.layer(layer, phase, in));
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
  void attention() {
    for (Span span :
        List.of(Span.EARLIER, Span.UP_TO_OWN, Span.EARLIER.last(4), Span.UP_TO_OWN.last(3))) {
      for (Shape in : List.of(IMAGE, new Shape(1, 5, 6), new Shape(5, 1, 6), GLOBAL)) {
        GradientCheck.layer(new CausalAttention(2, span), Phase.INFERENCE, in, in, in);
        GradientCheck.layer(new CausalAttention(1, span), Phase.TRAINING, in, in, in.withMaps(5));
      }
    }
  }

  @Test
  void layersOfSeveralInputs() {
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
    GradientCheck.layer(new ResidualGate(), Phase.INFERENCE, IMAGE, IMAGE.withMaps(12));
  }
}
