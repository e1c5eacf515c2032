package io.weft.internal.tensorflow.form;

import io.weft.expression.Connectivity;
import io.weft.expression.Parameter;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ConvolutionForm;
import io.weft.layer.KernelPlace;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import io.weft.order.GenerationOrder;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** A causal convolution in the form that it asks for, cropped to what is read. */
public final class CausalConvolutionForm implements LayerForm<CausalConvolution> {

  @Override
  public Class<CausalConvolution> layer() {
    return CausalConvolution.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(CausalConvolution layer, Lowering<T> lowering) {
    int in = lowering.inputs().only().maps();
    int out = layer.maps();
    Operand<T> kernel = live(layer, lowering);
    Operand<T> bias = lowering.parameter("bias");
    List<KernelPlace> read = layer.places(lowering.inputs());
    boolean cheap =
        layer.form() != ConvolutionForm.LOCALLY_MASKED
            && lowering.orders().stream().allMatch(GenerationOrder::isRaster);
    if (!cheap) {
      return new LocallyMaskedConvolution<>(lowering, read, in, out)
          .over(lowering.input(0), kernel, layer.dilation(), bias);
    }
    List<KernelPlace> raster = layer.rasterPlaces();
    if (read.size() > raster.size()) {
      // In raster order the taps that read nothing are the last ones.
      kernel =
          lowering
              .tf()
              .slice(
                  kernel,
                  lowering.tf().constant(new int[3]),
                  lowering.tf().constant(new int[] {raster.size(), -1, -1}));
    }
    return new KernelConvolution<>(lowering, kernel, raster.size(), in, out)
        .over(lowering.input(0), box(layer), layer.dilation(), bias);
  }

  /** The kernel without the weights that colour groups forbid. */
  private static <T extends TFloating> Operand<T> live(
      CausalConvolution layer, Lowering<T> lowering) {
    Parameter kernel = lowering.named("kernel");
    Operand<T> weights = lowering.parameter(kernel);
    Connectivity connectivity = layer.connectivity(lowering.inputs());
    if (connectivity.isFull()) {
      return weights;
    }
    long[] sizes = kernel.dimensions().stream().mapToLong(d -> d).toArray();
    return lowering.tf().math.mul(weights, lowering.constant(connectivity.mask(), sizes));
  }

  /** The kernel's box within the image's grid: the full one, or cropped to what is read. */
  private static KernelConvolution.Box box(CausalConvolution layer) {
    int halfHeight = layer.kernelHeight() / 2;
    int halfWidth = layer.kernelWidth() / 2;
    if (layer.form() == ConvolutionForm.MASKED) {
      return new KernelConvolution.Box(
          layer.kernelHeight(), layer.kernelWidth(), halfHeight, halfWidth);
    }
    List<KernelPlace> places = layer.rasterPlaces();
    int last = places.get(places.size() - 1).row() / layer.dilation();
    int right = places.stream().mapToInt(p -> p.column() / layer.dilation()).max().orElseThrow();
    return new KernelConvolution.Box(
        halfHeight + last + 1, halfWidth + right + 1, halfHeight, halfWidth);
  }
}
