package io.weft.model;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.ConvolutionalLstm;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * PixelRNN (van den Oord, Kalchbrenner, Kavukcuoglu 2016, arXiv 1601.06759) as functions of
 * features: the Row LSTM (section 3.1) and the Diagonal BiLSTM (section 3.2), in residual blocks
 * (section 3.3).
 *
 * <p>What they see: a Row LSTM a triangle above the pixel, whatever its depth. A Diagonal BiLSTM
 * all that is earlier, but for one pixel: the last of the row above is lost to all pixels whose
 * first kernel does not reach it. That is the paper's own blind spot; the report of the definition
 * counts it.
 *
 * <p>Conditions enter as in the paper's multi-scale model (section 3.6), as a learned projection
 * that is added to what the gates of every recurrence get.
 */
public final class PixelRnn {

  /** The Row LSTM's name, unless said otherwise. */
  public static final String ROW_LSTM_NAME = "row-lstm";

  /** The Diagonal BiLSTM's name, unless said otherwise. */
  public static final String DIAGONAL_BILSTM_NAME = "diagonal-bilstm";

  /** Recurrent blocks, unless said otherwise: the paper's for MNIST. */
  public static final int BLOCKS = 7;

  /** h, the units of a recurrence, unless said otherwise: the paper's for MNIST. */
  public static final int UNITS = 16;

  /** The gates o, f, i and g, each of which belongs to the colour channels in turn. */
  private static final int GATES = 4;

  private PixelRnn() {}

  /** What the head reads beside the end of the residual stream. */
  public enum Skips {
    /** Nothing. */
    NONE,
    /**
     * A learned 1 x 1 convolution of each block's recurrence, added up (section 3.3): for deep
     * networks.
     */
    EVERY_BLOCK
  }

  /**
   * Returns a Row LSTM: 1 x kernel, type B, along the row to the gates, and the recurrence down the
   * rows.
   *
   * @param model the model under construction
   * @param from any maps
   * @param units h, the maps of the result; at least one for each colour channel
   * @param kernel columns that input and state are read at, odd; the paper has 3
   * @param conditions what the gates are conditioned on
   */
  public static Feature rowLstm(
      ModelBuilder model, Feature from, int units, int kernel, List<Feature> conditions) {
    return model.block(
        "row_lstm",
        () ->
            from.apply(
                    "gates",
                    CausalConvolution.horizontal(GATES * units, kernel, MaskType.B)
                        .withColours(colours(model).withOutputParts(GATES)))
                .conditionedOn(conditions)
                .apply("rows", ConvolutionalLstm.rows(kernel))
                .slice(0, units));
  }

  /**
   * Returns a Diagonal BiLSTM: the recurrence from left to right, plus that from right to left
   * moved down by one row, for it has seen all of its row.
   *
   * @param model the model under construction
   * @param from any maps
   * @param units h, the maps of the result; at least one for each colour channel
   * @param conditions what the gates of both directions are conditioned on
   */
  public static Feature diagonalBiLstm(
      ModelBuilder model, Feature from, int units, List<Feature> conditions) {
    return model.block(
        "diagonal_bilstm",
        () -> {
          Feature left =
              gates(model, from, "left_gates", units, conditions)
                  .apply("left_to_right", ConvolutionalLstm.leftToRight())
                  .slice(0, units);
          Feature right =
              gates(model, from, "right_gates", units, conditions)
                  .apply("right_to_left", ConvolutionalLstm.rightToLeft())
                  .slice(0, units);
          return left.plus(right.shiftDown(1));
        });
  }

  private static Feature gates(
      ModelBuilder model, Feature from, String name, int units, List<Feature> conditions) {
    Pointwise layer =
        Pointwise.of(GATES * units).withColours(colours(model).withOutputParts(GATES));
    return from.apply(name, layer).conditionedOn(conditions);
  }

  /**
   * What a residual block gives.
   *
   * @param output the stream for the next block: the input, plus what the recurrence gives through
   *     a 1 x 1 convolution
   * @param recurrent what the recurrence gives, of which a skip may be made
   */
  public record Block(Feature output, Feature recurrent) {}

  /**
   * Returns a residual block (figure 5): the recurrence, 1 x 1 back to the maps of the input, added
   * to the input once.
   *
   * @param model the model under construction
   * @param from the residual stream
   * @param dropout the share of what the recurrence gives that is dropped in training, 0 for none
   * @param recurrence for example {@link #rowLstm}
   */
  public static Block residual(
      ModelBuilder model, Feature from, double dropout, UnaryOperator<Feature> recurrence) {
    return model.block(
        "residual",
        () -> {
          Feature recurrent = ModelFamily.dropped(recurrence.apply(from), dropout);
          Feature back = recurrent.apply("out", same(model, from));
          return new Block(from.plus(back), recurrent);
        });
  }

  private static Pointwise same(ModelBuilder model, Feature stream) {
    return Pointwise.of(stream.shape().maps()).withColours(colours(model));
  }

  private static ColourGroups colours(ModelBuilder model) {
    return ColourGroups.of(model.imageSpec().channels());
  }

  /**
   * Returns a Row LSTM with softmax output.
   *
   * @param image the images
   * @param blocks recurrent blocks, at least 1
   * @param units h, half the width of the residual stream
   */
  public static Definition rowLstm(ImageSpec image, int blocks, int units) {
    return rowLstmBuilder(image).blocks(blocks).maps(units).build();
  }

  /**
   * Returns a Diagonal BiLSTM with softmax output.
   *
   * @param image the images
   * @param blocks recurrent blocks, at least 1
   * @param units h, half the width of the residual stream
   */
  public static Definition diagonalBiLstm(ImageSpec image, int blocks, int units) {
    return diagonalBiLstmBuilder(image).blocks(blocks).maps(units).build();
  }

  /**
   * Starts a Row LSTM: a 7 x 7 first layer to 2h maps, 7 recurrent blocks with kernels of 3, h = 16
   * units (maps).
   */
  public static RowLstmBuilder rowLstmBuilder(ImageSpec image) {
    return new RowLstmBuilder(image);
  }

  /**
   * Starts a Diagonal BiLSTM: a 7 x 7 first layer to 2h maps, 7 recurrent blocks, h = 16 units
   * (maps).
   */
  public static DiagonalBiLstmBuilder diagonalBiLstmBuilder(ImageSpec image) {
    return new DiagonalBiLstmBuilder(image);
  }

  /**
   * Builds a PixelRNN; {@link #maps} is h, the units of a recurrence, and half the width of the
   * residual stream.
   *
   * @param <B> the family's own builder
   */
  public abstract static class Builder<B extends Builder<B>> extends ModelFamily<B> {

    private int headMaps;
    private Skips skips = Skips.NONE;

    private Builder(String name, ImageSpec image) {
      super(name, image, BLOCKS, UNITS);
    }

    /**
     * Gives the head so many maps between its two 1 x 1 convolutions, at least 1 for each colour
     * channel; 2h unless said otherwise. The paper has 32 for MNIST and 1024 for CIFAR-10.
     */
    public B headMaps(int count) {
      headMaps = atLeastOne("head maps", count);
      return self();
    }

    /** Has the head read blocks, or the end of the stream alone. */
    public B skips(Skips which) {
      skips = Objects.requireNonNull(which, "skips");
      return self();
    }

    abstract Feature recurrence(ModelBuilder model, Feature from, List<Feature> given);

    @Override
    final Feature logits(ModelBuilder model, List<Feature> given) {
      Feature x = PixelCnn.first(model, 2 * maps(), firstKernel());
      List<Feature> sum = new ArrayList<>();
      for (int i = 0; i < blocks(); i++) {
        Block block = residual(model, x, dropout(), from -> recurrence(model, from, given));
        if (skips == Skips.EVERY_BLOCK) {
          sum.add(block.recurrent().apply("skip", same(model, x)));
        }
        x = block.output();
      }
      sum.add(x);
      int between = headMaps > 0 ? headMaps : 2 * maps();
      return Head.logits(model, Feature.sum(sum), between, distribution());
    }
  }

  /** Builds a Row LSTM. */
  public static final class RowLstmBuilder extends Builder<RowLstmBuilder> {

    private RowLstmBuilder(ImageSpec image) {
      super(ROW_LSTM_NAME, image);
    }

    @Override
    RowLstmBuilder self() {
      return this;
    }

    @Override
    Feature recurrence(ModelBuilder model, Feature from, List<Feature> given) {
      return rowLstm(model, from, maps(), kernel(), given);
    }
  }

  /** Builds a Diagonal BiLSTM, whose blocks have no kernels. */
  public static final class DiagonalBiLstmBuilder extends Builder<DiagonalBiLstmBuilder> {

    private DiagonalBiLstmBuilder(ImageSpec image) {
      super(DIAGONAL_BILSTM_NAME, image);
    }

    @Override
    DiagonalBiLstmBuilder self() {
      return this;
    }

    /**
     * Refuses any size but 1.
     *
     * @throws IllegalArgumentException if it is another
     */
    @Override
    public DiagonalBiLstmBuilder kernel(int size) {
      checkOnly(
          "kernel: the blocks of a Diagonal BiLSTM read one position each",
          1,
          size,
          "leave it out, or set that of the first layer");
      return this;
    }

    @Override
    Feature recurrence(ModelBuilder model, Feature from, List<Feature> given) {
      return diagonalBiLstm(model, from, maps(), given);
    }
  }
}
