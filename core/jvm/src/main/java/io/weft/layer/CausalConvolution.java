package io.weft.layer;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.expression.Connectivity;
import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.internal.Seam;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A convolution that reads only a causal set of kernel taps: the masked convolution of PixelCNN
 * (arXiv 1601.06759, section 3.4), and the vertical and horizontal ones of Gated PixelCNN (arXiv
 * 1606.05328, section 2.2).
 *
 * <p>Input [height, width, any maps], output [height, width, {@code maps}]; outside the image lies
 * zero. The layer <em>is</em> its set of taps: taps that the mask removes have no weights at all.
 * The kernel parameter is [taps, input maps, output maps], taps in raster order.
 *
 * <p>In a model for another generation order than raster, or for several, this is the locally
 * masked convolution (arXiv 2006.12486, section 3.2): at each position a tap is used if and only if
 * its pixel is generated earlier, or, with type B, is the own one. All taps of the kernel then have
 * weights, for each is used under some order.
 *
 * @param maps output maps
 * @param kernelHeight height of the nominal kernel, odd
 * @param kernelWidth width of the nominal kernel, odd
 * @param dilation distance between neighbouring taps, at least 1
 * @param type whether the own position is read; called "mask" in JSON, where "type" says which
 *     layer
 * @param support which part of the kernel is read
 * @param colours how maps belong to colour channels, which matters at the own position only
 * @param form how it is run over whole images; {@link #withForm} says where that is more than a way
 *     to run it
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
    implements Layer {

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
    if (rasterPlaces(kernelHeight, kernelWidth, dilation, type, support, colours).isEmpty()) {
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

  /**
   * Returns the same layer run in another form.
   *
   * @throws IllegalArgumentException if it would give other numbers: a vertical convolution of type
   *     B reads on in its own row, of which the locally masked form reads what is earlier alone
   */
  public CausalConvolution withForm(ConvolutionForm other) {
    if (readsOnInItsRow()
        && (form == ConvolutionForm.LOCALLY_MASKED) != (other == ConvolutionForm.LOCALLY_MASKED)) {
      throw new IllegalArgumentException(
          "a vertical convolution of type B reads all of its own row, and in the form "
              + ConvolutionForm.LOCALLY_MASKED
              + " only what is earlier there, which gives other numbers; found the form "
              + form
              + ", asked for "
              + other
              + ". Keep the form, or take type A or a kernel of width 1");
    }
    return new CausalConvolution(
        maps, kernelHeight, kernelWidth, dilation, type, support, colours, other);
  }

  private boolean readsOnInItsRow() {
    return rasterPlaces().stream().anyMatch(p -> p.row() == 0 && p.column() > 0);
  }

  /** The taps under raster order, in raster order: a prefix of the kernel's box. */
  private static List<KernelPlace> rasterPlaces(
      int height, int width, int dilation, MaskType type, Support support, ColourGroups colours) {
    boolean own = readsOwn(type, colours);
    return KernelPlace.all(height, width, dilation, true).stream()
        .filter(
            p ->
                switch (support) {
                  case VERTICAL -> p.row() < 0 || (p.row() == 0 && type == MaskType.B);
                  case FULL, HORIZONTAL ->
                      p.row() < 0 || (p.row() == 0 && p.column() < 0) || (p.isOwn() && own);
                })
        .toList();
  }

  /** Type A still reads the own position where colour channels order what is there. */
  private static boolean readsOwn(MaskType type, ColourGroups colours) {
    return type == MaskType.B || !colours.isNone();
  }

  /** Returns the places that are read under raster order, in that order. */
  @Seam
  public List<KernelPlace> rasterPlaces() {
    return rasterPlaces(kernelHeight, kernelWidth, dilation, type, support, colours);
  }

  /**
   * Returns the places that have weights, in raster order: those of that order, or all where there
   * are other orders.
   */
  @Seam
  public List<KernelPlace> places(Inputs inputs) {
    return inputs.orders().map(Orders::forRasterAlone).orElse(true)
        ? rasterPlaces()
        : KernelPlace.all(kernelHeight, kernelWidth, dilation, readsOwn(type, colours));
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    colours.check(in.maps(), maps);
    if (support != Support.FULL && !inputs.rasterAlone()) {
      throw new AdvisedException(
          "a "
              + support.name().toLowerCase(Locale.ROOT)
              + " convolution goes along rows and is for raster order alone, but the model is for "
              + inputs.orders().orElseThrow().inWords(),
          Advice.FOLLOW_THE_ORDER);
    }
    return in.withMaps(maps);
  }

  private Parameter kernel(int taps, int in) {
    return Parameter.weight("kernel", Initializer.glorot(taps * in, taps * maps), taps, in, maps);
  }

  private Parameter bias() {
    return Parameter.offset("bias", Initializer.zeros(), maps);
  }

  /** Returns which weights of the kernel are read: rows are the places' input maps. */
  @Seam
  public Connectivity connectivity(Inputs inputs) {
    int in = inputs.only().maps();
    List<KernelPlace> places = places(inputs);
    if (colours.isNone() || support == Support.VERTICAL) {
      return Connectivity.full(places.size() * in, maps);
    }
    return Connectivity.of(
        places.size() * in,
        maps,
        (row, column) ->
            !places.get(row / in).isOwn() || colours.connected(type, row % in, in, column, maps));
  }

  @Override
  public Expression compute(Inputs inputs) {
    int in = inputs.only().maps();
    List<KernelPlace> places = places(inputs);
    Optional<GenerationOrder> order = followed(inputs, places);
    return Expression.concat(places.stream().map(p -> read(inputs, p, order)).toList())
        .times(kernel(places.size(), in), connectivity(inputs))
        .plus(Expression.vector(bias()));
  }

  /** The order that decides what is read; raster order is made anew whenever it is asked for. */
  private Optional<GenerationOrder> followed(Inputs inputs, List<KernelPlace> places) {
    boolean masked = !inputs.rasterAlone() || form == ConvolutionForm.LOCALLY_MASKED;
    return masked && !places.stream().allMatch(KernelPlace::isOwn)
        ? Optional.of(inputs.order(0))
        : Optional.empty();
  }

  private static Expression read(
      Inputs inputs, KernelPlace place, Optional<GenerationOrder> order) {
    return place.isOwn() || order.isEmpty()
        ? inputs.read(0, place.row(), place.column())
        : inputs.readEarlier(0, place.row(), place.column(), order.get());
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
        + switch (form) {
          case SHIFTED -> "";
          case MASKED -> ", masked";
          case LOCALLY_MASKED -> ", locally masked";
        };
  }

  @Override
  public String label() {
    return "conv" + kernelHeight + "x" + kernelWidth;
  }
}
