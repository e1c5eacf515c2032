package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A transposed convolution: brings a grid to one that is {@code stride} times as fine, for what is
 * known before the first pixel, such as the small image that a large one grows from (arXiv
 * 1601.06759, section 3.6). Position (r, c) of the input spreads over a square of the output around
 * rows {@code stride * r} to {@code stride * r + stride - 1} and as many columns; where squares
 * overlap they are added.
 *
 * <p>Input [height, width, any maps], output [height * stride, width * stride, {@code maps}]. A
 * second input, of which nothing is read, gives the output a smaller grid, to which it is cropped
 * below and on the right. The kernel parameter is [taps, input maps, output maps], taps in raster
 * order.
 *
 * @param maps output maps
 * @param kernel rows and columns of the square; at least the stride, so that there are no gaps. A
 *     multiple of the stride lets every output read as many inputs
 * @param stride how many times as fine the output's grid is, at least 1
 */
public record TransposedConvolution(int maps, int kernel, int stride) implements Layer {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if there is no output map, or kernel or stride is out of range
   */
  public TransposedConvolution {
    if (maps < 1) {
      throw new IllegalArgumentException(
          "a convolution needs at least one output map, found " + maps);
    }
    if (stride < 1 || kernel < stride || kernel > 255) {
      throw new IllegalArgumentException(
          "a transposed convolution has a stride of at least 1, and a kernel from the stride, below"
              + " which it would leave gaps, to 255; found the stride "
              + stride
              + " and the kernel "
              + kernel);
    }
  }

  /** Returns a layer whose squares overlap by half: the kernel is twice the stride. */
  public static TransposedConvolution by(int stride, int maps) {
    return new TransposedConvolution(maps, Math.multiplyExact(2, stride), stride);
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.shape(0);
    Shape whole =
        new Shape(
            Math.multiplyExact(in.height(), stride), Math.multiplyExact(in.width(), stride), maps);
    if (inputs.count() == 1) {
      return whole;
    }
    Shape fine = inputs.exactly(2).shape(1);
    if (fine.height() > whole.height() || fine.width() > whole.width()) {
      throw new IllegalArgumentException(
          "makes a grid of at most "
              + whole.height()
              + " x "
              + whole.width()
              + " of "
              + in
              + ", but is to have the grid of "
              + fine
              + "; use a larger stride");
    }
    return fine.withMaps(maps);
  }

  /** Returns by how many rows and columns a square begins before its place. */
  public int before() {
    return (kernel - stride) / 2;
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape in = inputs.shape(0);
    List<Expression> reads = new ArrayList<>();
    for (int i = 0; i < kernel; i++) {
      for (int j = 0; j < kernel; j++) {
        int rows = i - before();
        int columns = j - before();
        reads.add(
            inputs.read(
                0,
                String.format(Locale.ROOT, "((%+d, %+d)) / %d", -rows, -columns, stride),
                new PositionMap.Transposed(stride, rows, columns, in.height(), in.width())));
      }
    }
    int taps = kernel * kernel;
    // Of the taps only those that come to lie on an input are read at a position.
    int read = Math.max(1, taps / (stride * stride));
    Parameter weights =
        Parameter.weight(
            "kernel", Initializer.glorot(read * in.maps(), taps * maps), taps, in.maps(), maps);
    return Expression.concat(reads)
        .times(weights)
        .plus(Expression.vector(Parameter.offset("bias", Initializer.zeros(), maps)));
  }

  @Override
  public String summary() {
    return label() + " transposed, stride " + stride;
  }

  @Override
  public String label() {
    return "up" + kernel + "x" + kernel;
  }
}
