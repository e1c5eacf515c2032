package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The down-shifted and down-right-shifted convolutions of PixelCNN++ (arXiv 1701.05517, section
 * 2.4), weight-normalised. They read their own position, so what reads the image is shifted after
 * it. With a stride of 2 the grid becomes half as fine.
 *
 * <p>Input [height, width, any maps], output [height / stride, width / stride, {@code maps}], both
 * rounded up; outside the image lies zero.
 *
 * @param maps output maps
 * @param kernelHeight rows of the kernel; the last one is the own row
 * @param kernelWidth columns of the kernel
 * @param direction where they lie
 * @param stride distance between the positions that are computed, at least 1
 * @param deviation the standard deviation of the output at the start of training
 */
public record ShiftedConvolution(
    int maps,
    int kernelHeight,
    int kernelWidth,
    ShiftDirection direction,
    int stride,
    double deviation)
    implements Layer {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is out of range, or the width even and the direction
   *     down
   */
  public ShiftedConvolution {
    Objects.requireNonNull(direction, "direction");
    direction.check(maps, kernelHeight, kernelWidth, stride);
  }

  /** Returns a layer that reads rows above and its own. */
  public static ShiftedConvolution down(int maps, int kernelHeight, int kernelWidth) {
    return new ShiftedConvolution(maps, kernelHeight, kernelWidth, ShiftDirection.DOWN, 1, 1);
  }

  /** Returns a layer that reads above, and to the left in its own row, with its own position. */
  public static ShiftedConvolution downRight(int maps, int kernelHeight, int kernelWidth) {
    return new ShiftedConvolution(maps, kernelHeight, kernelWidth, ShiftDirection.DOWN_RIGHT, 1, 1);
  }

  /** Returns the same layer to another number of maps. */
  public ShiftedConvolution withMaps(int count) {
    return new ShiftedConvolution(count, kernelHeight, kernelWidth, direction, stride, deviation);
  }

  /** Returns the same layer with a stride. */
  public ShiftedConvolution withStride(int distance) {
    return new ShiftedConvolution(maps, kernelHeight, kernelWidth, direction, distance, deviation);
  }

  /** Returns the same layer with another standard deviation of the output at the start. */
  public ShiftedConvolution withDeviation(double start) {
    return new ShiftedConvolution(maps, kernelHeight, kernelWidth, direction, stride, start);
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    return new Shape((in.height() + stride - 1) / stride, (in.width() + stride - 1) / stride, maps);
  }

  /** Returns the weights for an input of {@code in} maps. */
  public WeightNormalisation weights(int in) {
    return WeightNormalisation.of(deviation, kernelHeight, kernelWidth, in, maps);
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape in = inputs.only();
    int left = direction.left(kernelWidth);
    List<Expression> reads = new ArrayList<>();
    for (int i = 1 - kernelHeight; i <= 0; i++) {
      for (int j = -left; j < kernelWidth - left; j++) {
        reads.add(stride == 1 ? inputs.read(0, i, j) : strided(inputs, in, i, j));
      }
    }
    return weights(in.maps()).of(Expression.concat(reads));
  }

  private Expression strided(Inputs inputs, Shape in, int rows, int columns) {
    return inputs.read(
        0,
        String.format(Locale.ROOT, "%d x (%+d, %+d)", stride, rows, columns),
        new PositionMap.Strided(stride, rows, columns, in.height(), in.width()));
  }

  @Override
  public String summary() {
    return label() + " " + direction.label() + (stride == 1 ? "" : ", stride " + stride);
  }

  @Override
  public String label() {
    return "conv" + kernelHeight + "x" + kernelWidth;
  }
}
