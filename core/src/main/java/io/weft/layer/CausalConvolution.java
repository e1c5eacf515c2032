package io.weft.layer;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.weft.expression.Connectivity;
import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.lower.Lowering;
import io.weft.lower.WholeImageForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A convolution that reads only a causal set of kernel taps: the masked convolution of PixelCNN
 * (arXiv 1601.06759, section 3.4), and the vertical and horizontal ones of Gated PixelCNN (arXiv
 * 1606.05328, section 2.2).
 *
 * <p>Input [height, width, any maps], output [height, width, {@code maps}]; outside the image lies
 * zero. The layer <em>is</em> its set of taps: taps that the mask removes have no weights at all.
 * The kernel parameter is [taps, input maps, output maps], taps in raster order.
 *
 * @param maps output maps
 * @param kernelHeight height of the nominal kernel, odd
 * @param kernelWidth width of the nominal kernel, odd
 * @param dilation distance between neighbouring taps, at least 1
 * @param type whether the own position is read; called "mask" in JSON, where "type" says which
 *     layer
 * @param support which part of the kernel is read
 * @param colours how maps belong to colour channels, which matters at the own position only
 * @param form how it is run over whole images
 */
public record CausalConvolution(
    int maps,
    int kernelHeight,
    int kernelWidth,
    int dilation,
    @JsonProperty("mask") MaskType type,
    Support support,
    ColourGroups colours,
    ConvolutionForm form)
    implements Layer, WholeImageForm {

  private static final int LARGEST_KERNEL = 255;

  /** An image's largest height and width: no tap further away can lie within it. */
  private static final int LARGEST_DILATION = 4096;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if the kernel is even, above 255 or leaves no tap, or another
   *     size is out of range
   */
  public CausalConvolution {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(support, "support");
    Objects.requireNonNull(colours, "colours");
    Objects.requireNonNull(form, "form");
    if (maps < 1) {
      throw new IllegalArgumentException(
          "a convolution needs at least one output map, found " + maps);
    }
    if (kernelHeight < 1 || kernelWidth < 1 || kernelHeight % 2 == 0 || kernelWidth % 2 == 0) {
      throw new IllegalArgumentException(
          "a causal kernel has an odd height and width, so that it has a centre; found "
              + kernelHeight
              + " x "
              + kernelWidth);
    }
    if (kernelHeight > LARGEST_KERNEL || kernelWidth > LARGEST_KERNEL) {
      throw new IllegalArgumentException(
          "a kernel is at most "
              + LARGEST_KERNEL
              + " high and wide, found "
              + kernelHeight
              + " x "
              + kernelWidth
              + "; use a dilation to reach further");
    }
    if (dilation < 1 || dilation > LARGEST_DILATION) {
      throw new IllegalArgumentException(
          "dilation is from 1 to " + LARGEST_DILATION + ", found " + dilation);
    }
    if (support == Support.HORIZONTAL && kernelHeight != 1) {
      throw new IllegalArgumentException(
          "a horizontal convolution has a kernel of height 1, found " + kernelHeight);
    }
    if (offsets(kernelHeight, kernelWidth, dilation, type, support, colours).isEmpty()) {
      throw new IllegalArgumentException(
          "type A with a "
              + kernelHeight
              + " x "
              + kernelWidth
              + " kernel and "
              + support
              + " support leaves nothing to read; use a larger kernel or type B");
    }
  }

  /** Returns a layer of the plain kind: square kernel, full support, dilation 1, no groups. */
  public static CausalConvolution square(int maps, int kernel, MaskType type) {
    return new CausalConvolution(
        maps, kernel, kernel, 1, type, Support.FULL, ColourGroups.none(), ConvolutionForm.SHIFTED);
  }

  /** Returns a layer over whole rows. */
  public static CausalConvolution vertical(
      int maps, int kernelHeight, int kernelWidth, MaskType type) {
    return new CausalConvolution(
        maps,
        kernelHeight,
        kernelWidth,
        1,
        type,
        Support.VERTICAL,
        ColourGroups.none(),
        ConvolutionForm.SHIFTED);
  }

  /** Returns a layer along the row. */
  public static CausalConvolution horizontal(int maps, int kernel, MaskType type) {
    return new CausalConvolution(
        maps, 1, kernel, 1, type, Support.HORIZONTAL, ColourGroups.none(), ConvolutionForm.SHIFTED);
  }

  /** Returns the same layer with the given distance between taps. */
  public CausalConvolution withDilation(int distance) {
    return new CausalConvolution(
        maps, kernelHeight, kernelWidth, distance, type, support, colours, form);
  }

  /** Returns the same layer with colour groups. */
  public CausalConvolution withColours(ColourGroups groups) {
    return new CausalConvolution(
        maps, kernelHeight, kernelWidth, dilation, type, support, groups, form);
  }

  /** Returns the same layer run in another form. */
  public CausalConvolution withForm(ConvolutionForm other) {
    return new CausalConvolution(
        maps, kernelHeight, kernelWidth, dilation, type, support, colours, other);
  }

  private record Offset(int row, int column) {}

  /** The taps in raster order; all supports are a prefix of the kernel's box in that order. */
  private static List<Offset> offsets(
      int height, int width, int dilation, MaskType type, Support support, ColourGroups colours) {
    List<Offset> offsets = new ArrayList<>();
    // Type A still reads the own position where colour channels order what is there.
    boolean own = type == MaskType.B || !colours.isNone();
    for (int r = -(height / 2); r <= 0; r++) {
      for (int c = -(width / 2); c <= width / 2; c++) {
        boolean read =
            switch (support) {
              case VERTICAL -> r < 0 || type == MaskType.B;
              case FULL, HORIZONTAL -> r < 0 || c < 0 || (c == 0 && own);
            };
        if (read) {
          offsets.add(new Offset(r * dilation, c * dilation));
        }
      }
    }
    return offsets;
  }

  private List<Offset> offsets() {
    return offsets(kernelHeight, kernelWidth, dilation, type, support, colours);
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    colours.check(in.maps(), maps);
    return in.withMaps(maps);
  }

  private Parameter kernel(int taps, int in) {
    return Parameter.weight("kernel", Initializer.glorot(taps * in, taps * maps), taps, in, maps);
  }

  private Parameter bias() {
    return Parameter.offset("bias", Initializer.zeros(), maps);
  }

  private Connectivity connectivity(List<Offset> offsets, int in) {
    if (colours.isNone()) {
      return Connectivity.full(offsets.size() * in, maps);
    }
    int centre = support == Support.VERTICAL ? -1 : offsets.size() - 1;
    return Connectivity.of(
        offsets.size() * in,
        maps,
        (row, column) -> row / in != centre || colours.connected(type, row % in, in, column, maps));
  }

  @Override
  public Expression compute(Inputs inputs) {
    int in = inputs.only().maps();
    List<Offset> offsets = offsets();
    List<Expression> reads =
        offsets.stream().map(o -> inputs.read(0, o.row(), o.column())).toList();
    return Expression.concat(reads)
        .times(kernel(offsets.size(), in), connectivity(offsets, in))
        .plus(Expression.vector(bias()));
  }

  @Override
  public <T extends TFloating> Operand<T> lower(Lowering<T> lowering) {
    List<Offset> offsets = offsets();
    Expression.BinaryCall sum = (Expression.BinaryCall) lowering.expression();
    Expression.Product product = (Expression.Product) sum.left();
    int taps = offsets.size();
    int in = product.parameter().dimensions().get(1);
    Operand<T> kernel = lowering.parameter(product.parameter());
    if (!product.connectivity().isFull()) {
      kernel =
          lowering
              .tf()
              .math
              .mul(kernel, lowering.constant(product.connectivity().mask(), taps, in, maps));
    }
    return new KernelConvolution<>(lowering, kernel, taps, in, maps)
        .over(lowering.input(0), box(offsets), dilation, lowering.parameter(bias()));
  }

  /** The kernel's box within the image's grid: the full one, or cropped to what is read. */
  private KernelConvolution.Box box(List<Offset> offsets) {
    int halfHeight = kernelHeight / 2;
    int halfWidth = kernelWidth / 2;
    if (form == ConvolutionForm.MASKED) {
      return new KernelConvolution.Box(kernelHeight, kernelWidth, halfHeight, halfWidth);
    }
    int last = offsets.get(offsets.size() - 1).row() / dilation;
    int right = offsets.stream().mapToInt(o -> o.column() / dilation).max().orElseThrow();
    return new KernelConvolution.Box(
        halfHeight + last + 1, halfWidth + right + 1, halfHeight, halfWidth);
  }

  @Override
  public String summary() {
    return label()
        + " "
        + support.name().toLowerCase(Locale.ROOT)
        + ", type "
        + type
        + (dilation == 1 ? "" : ", dilation " + dilation)
        + (colours.isNone() ? "" : ", colours")
        + (form == ConvolutionForm.MASKED ? ", masked" : "");
  }

  @Override
  public String label() {
    return "conv" + kernelHeight + "x" + kernelWidth;
  }
}
