package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import java.util.List;

/**
 * An ordinary convolution, which reads on all sides: for what is known before the first pixel, such
 * as a map that an image is conditioned on. Of the image under generation it would see the future,
 * and the causality proof refuses that.
 *
 * <p>Input [height, width, any maps], output [height, width, {@code maps}]; outside the input lies
 * zero. The kernel parameter is [taps, input maps, output maps], taps in raster order.
 *
 * @param maps output maps
 * @param kernelHeight rows of the kernel, odd
 * @param kernelWidth columns of the kernel, odd
 */
public record Convolution(int maps, int kernelHeight, int kernelWidth) implements Layer {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if the kernel is even or above 255, or there is no output map
   */
  public Convolution {
    if (maps < 1) {
      throw new IllegalArgumentException(
          "a convolution needs at least one output map, found " + maps);
    }
    if (kernelHeight % 2 != 1
        || kernelWidth % 2 != 1
        || Math.max(kernelHeight, kernelWidth) > 255) {
      throw new IllegalArgumentException(
          "a convolution's kernel has an odd height and width, so that it has a centre, from 1 to"
              + " 255; found "
              + kernelHeight
              + " x "
              + kernelWidth);
    }
  }

  /** Returns a layer with a square kernel. */
  public static Convolution square(int maps, int kernel) {
    return new Convolution(maps, kernel, kernel);
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only().withMaps(maps);
  }

  private List<KernelPlace> places() {
    return KernelPlace.all(kernelHeight, kernelWidth, 1, true);
  }

  @Override
  public Expression compute(Inputs inputs) {
    int in = inputs.only().maps();
    List<KernelPlace> places = places();
    int taps = places.size();
    Parameter kernel =
        Parameter.weight("kernel", Initializer.glorot(taps * in, taps * maps), taps, in, maps);
    return Expression.concat(places.stream().map(p -> inputs.read(0, p.row(), p.column())).toList())
        .times(kernel)
        .plus(Expression.vector(Parameter.offset("bias", Initializer.zeros(), maps)));
  }

  @Override
  public String summary() {
    return label() + " on all sides";
  }

  @Override
  public String label() {
    return "conv" + kernelHeight + "x" + kernelWidth;
  }
}
