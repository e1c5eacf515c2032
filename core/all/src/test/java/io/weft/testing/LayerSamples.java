package io.weft.testing;

import com.example.EarlierSum;
import com.example.Recurrence;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.json.LayerCatalog;
import io.weft.layer.Activation;
import io.weft.layer.Add;
import io.weft.layer.Background;
import io.weft.layer.BatchNormalisation;
import io.weft.layer.Before;
import io.weft.layer.Bias;
import io.weft.layer.CausalAttention;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Concat;
import io.weft.layer.Convolution;
import io.weft.layer.ConvolutionForm;
import io.weft.layer.ConvolutionalLstm;
import io.weft.layer.Dropout;
import io.weft.layer.Embedding;
import io.weft.layer.FromRaster;
import io.weft.layer.Gate;
import io.weft.layer.Layer;
import io.weft.layer.LayerNormalisation;
import io.weft.layer.MaskType;
import io.weft.layer.OneHot;
import io.weft.layer.Ones;
import io.weft.layer.OnesChannel;
import io.weft.layer.Pointwise;
import io.weft.layer.PositionEmbedding;
import io.weft.layer.PositionalNormalisation;
import io.weft.layer.ResidualGate;
import io.weft.layer.Shift;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.Slice;
import io.weft.layer.Subsample;
import io.weft.layer.ToRaster;
import io.weft.layer.TransposedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import io.weft.testing.LayerSample.Feed;
import io.weft.testing.LayerSample.Sight;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers that tests are run over: each one's gradient against finite differences, what it
 * declares to read against its Jacobian, step by step against all at once, as JSON, and within
 * random graphs. A new layer is one line here; {@code LayerCatalogTest} says so if it is missing.
 */
public final class LayerSamples {

  private static final ColourGroups RGB = ColourGroups.of(3);

  private static final List<LayerSample> ALL = make();

  private LayerSamples() {}

  /** Returns all samples, of some layers several. */
  public static List<LayerSample> all() {
    return ALL;
  }

  /** Returns a catalog of all that the samples' models are made of. */
  public static LayerCatalog catalog() {
    return LayerCatalog.standard()
        .with("stretch", Stretch.class)
        .with("recurrence", Recurrence.class)
        .with("earlier-sum", EarlierSum.class)
        .with("echo", Echo.class);
  }

  private static List<LayerSample> make() {
    List<LayerSample> all = new ArrayList<>();
    for (Activation.Function function : Activation.Function.values()) {
      all.add(LayerSample.of(new Activation(function)));
    }
    all.add(LayerSample.of(Pointwise.of(5)));
    all.add(LayerSample.of(Pointwise.of(5).withoutBias()));
    all.add(LayerSample.of(Pointwise.of(8).withColours(RGB)));
    all.add(LayerSample.of(Pointwise.of(8).withColours(RGB.withInputParts(2).withOutputParts(2))));
    all.add(LayerSample.of(new Bias(0.1)));
    all.add(LayerSample.of(new Gate()));
    all.add(LayerSample.of(new ResidualGate(), 3, 6).seen(Sight.POSITIONS));
    all.add(LayerSample.of(new Add(), 6, 6));
    all.add(LayerSample.of(new Add(), grid -> List.of(new Shape(1, 1, 4), grid.withMaps(4))));
    all.add(LayerSample.of(new Concat(), 2, 1, 2));
    all.add(LayerSample.of(new Concat(), grid -> List.of(grid.withMaps(3), new Shape(1, 1, 2))));
    all.add(LayerSample.of(new Slice(2, 3)));
    all.add(LayerSample.of(new Slice(0, 6)));
    all.add(LayerSample.of(new OnesChannel()));
    all.add(LayerSample.of(new Ones(), 1));
    all.add(LayerSample.of(new Background(), 1));
    all.add(LayerSample.of(PositionEmbedding.of(4), 1));
    all.add(LayerSample.of(new Dropout(0.4)));
    all.add(LayerSample.of(new Dropout(0)));
    all.add(LayerSample.of(new BatchNormalisation(0.9, 1e-3)));
    all.add(LayerSample.of(new PositionalNormalisation(0.1, 1)));
    all.add(LayerSample.of(new PositionalNormalisation(0.1, 3)));
    all.add(LayerSample.of(new LayerNormalisation(0.1, 1)));
    all.add(LayerSample.of(new LayerNormalisation(0.1, 3)));
    all.add(LayerSample.of(Embedding.of(5, 3), 1).fedWith(Feed.LEVELS));
    all.add(LayerSample.of(Embedding.of(3, 2), 3).fedWith(Feed.LEVELS));
    all.add(LayerSample.of(new OneHot(4), 1).fedWith(Feed.LEVELS));
    all.add(LayerSample.of(new OneHot(3), 2).fedWith(Feed.LEVELS));
    addMoving(all);
    addConvolutions(all);
    addRecurrences(all);
    addAttention(all);
    return List.copyOf(all);
  }

  private static void addMoving(List<LayerSample> all) {
    int[][] back = {{0, 0}, {2, 0}, {0, 1}, {1, -1}, {5, 7}};
    for (int[] shift : back) {
      all.add(LayerSample.of(new Shift(shift[0], shift[1])));
    }
    int[][] ahead = {{-1, 0}, {0, -2}, {-6, 0}, {0, -9}};
    for (int[] shift : ahead) {
      all.add(LayerSample.of(new Shift(shift[0], shift[1])).fedWith(Feed.KNOWN));
    }
    all.add(LayerSample.of(new Shift(Integer.MAX_VALUE, Integer.MIN_VALUE)));
    all.add(LayerSample.of(new Before()));
    all.add(LayerSample.of(new ToRaster()));
    all.add(LayerSample.of(new FromRaster()));
    all.add(LayerSample.of(new Subsample(2)));
    all.add(LayerSample.of(new Subsample(3)));
  }

  private static void addConvolutions(List<LayerSample> all) {
    for (ConvolutionForm form : List.of(ConvolutionForm.MASKED, ConvolutionForm.SHIFTED)) {
      all.add(LayerSample.of(CausalConvolution.square(4, 3, MaskType.B).withForm(form), 2));
      all.add(
          LayerSample.of(
              CausalConvolution.square(6, 3, MaskType.A)
                  .withDilation(2)
                  .withColours(RGB)
                  .withForm(form),
              3));
      all.add(
          LayerSample.of(CausalConvolution.vertical(3, 3, 5, MaskType.B).withForm(form), 2)
              .fedWith(Feed.ROWS));
    }
    all.add(LayerSample.of(CausalConvolution.horizontal(4, 5, MaskType.A), 3));
    List<ShiftedConvolution> shifted =
        List.of(
            ShiftedConvolution.downRight(2, 2, 2),
            ShiftedConvolution.down(3, 2, 3),
            ShiftedConvolution.down(2, 2, 3).withStride(2),
            ShiftedConvolution.downRight(3, 2, 2).withStride(2),
            ShiftedConvolution.downRight(2, 1, 2).withStride(2).withDeviation(0.1));
    for (ShiftedConvolution one : shifted) {
      all.add(LayerSample.of(one, 3).fedWith(Feed.ROWS));
      all.add(wayBack(one));
    }
    all.add(LayerSample.of(Convolution.square(4, 3)).fedWith(Feed.KNOWN));
    all.add(LayerSample.of(new Convolution(2, 1, 5), 3).fedWith(Feed.KNOWN));
    all.add(LayerSample.of(TransposedConvolution.by(2, 3), 2).fedWith(Feed.KNOWN));
    all.add(LayerSample.of(new TransposedConvolution(2, 3, 2), 2).fedWith(Feed.KNOWN));
    all.add(LayerSample.of(new TransposedConvolution(2, 3, 3), 2).fedWith(Feed.KNOWN));
    all.add(
        LayerSample.of(
                TransposedConvolution.by(2, 2),
                grid -> List.of(coarse(grid, 2, 3), grid.withMaps(1)))
            .fedWith(Feed.KNOWN));
  }

  private static LayerSample wayBack(ShiftedConvolution strided) {
    Layer layer = TransposedShiftedConvolution.of(strided.withMaps(2));
    int stride = strided.stride();
    return LayerSample.of(layer, grid -> List.of(coarse(grid, stride, 3), grid.withMaps(2)))
        .fedWith(Feed.KNOWN);
  }

  private static Shape coarse(Shape grid, int stride, int maps) {
    return new Shape(
        (grid.height() + stride - 1) / stride, (grid.width() + stride - 1) / stride, maps);
  }

  /** The gate that forgets what is outside reads in vain, and a tanh may be flat. */
  private static void addRecurrences(List<LayerSample> all) {
    all.add(LayerSample.of(ConvolutionalLstm.rows(3), 4).seen(Sight.POSITIONS));
    all.add(LayerSample.of(ConvolutionalLstm.leftToRight(), 8).seen(Sight.POSITIONS));
    all.add(
        LayerSample.of(ConvolutionalLstm.rightToLeft(), 4)
            .seen(Sight.POSITIONS)
            .fedWith(Feed.ROWS));
    all.add(LayerSample.of(Recurrence.of(2, 0, -1, -1, 0), 3));
    all.add(LayerSample.of(Recurrence.of(2, -1, 1, 0, -2), 3));
    all.add(LayerSample.of(new EarlierSum(), 3));
    all.add(LayerSample.of(Echo.of(1), 3));
    all.add(LayerSample.of(Echo.rightToLeft(), 3).fedWith(Feed.ROWS));
  }

  private static void addAttention(List<LayerSample> all) {
    for (Span span :
        List.of(
            Span.EARLIER,
            Span.UP_TO_OWN,
            Span.EARLIER.last(1),
            Span.EARLIER.last(4),
            Span.UP_TO_OWN.last(3))) {
      all.add(LayerSample.of(new CausalAttention(2, span), 4, 4, 2).seen(Sight.BESIDE_FIRST));
    }
    all.add(LayerSample.of(new CausalAttention(1, Span.EARLIER), 3, 3, 5).seen(Sight.BESIDE_FIRST));
  }
}
