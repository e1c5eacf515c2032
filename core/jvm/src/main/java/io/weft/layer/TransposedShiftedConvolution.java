package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The way back from a strided {@link ShiftedConvolution} of the same kernel and direction
 * (PixelCNN++, section 2.3): its transpose, weight-normalised, cropped to the grid that it came
 * from. That grid is given as a second input, of which nothing else is read: so odd sizes fit too.
 *
 * <p>Inputs [height / stride, width / stride, any maps], rounded up, and [height, width, any maps];
 * output [height, width, {@code maps}].
 *
 * @param maps output maps
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param direction where they lie
 * @param stride how many times as fine the output's grid is, at least 1
 * @param deviation the standard deviation of the output at the start of training
 */
public record TransposedShiftedConvolution(
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
  public TransposedShiftedConvolution {
    Objects.requireNonNull(direction, "direction");
    direction.check(maps, kernelHeight, kernelWidth, stride);
  }

  /** Returns the way back from {@code strided}, to as many maps. */
  public static TransposedShiftedConvolution of(ShiftedConvolution strided) {
    return new TransposedShiftedConvolution(
        strided.maps(),
        strided.kernelHeight(),
        strided.kernelWidth(),
        strided.direction(),
        strided.stride(),
        strided.deviation());
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape coarse = inputs.exactly(2).shape(0);
    Shape fine = inputs.shape(1);
    if (coarse.height() != (fine.height() + stride - 1) / stride
        || coarse.width() != (fine.width() + stride - 1) / stride) {
      throw new IllegalArgumentException(
          "takes a first input whose height and width are the second's by "
              + stride
              + ", rounded up; found "
              + inputs.shapes());
    }
    return fine.withMaps(maps);
  }

  /** Returns the weights for an input of {@code in} maps. */
  public WeightNormalisation weights(int in) {
    return WeightNormalisation.of(deviation, kernelHeight, kernelWidth, in, maps);
  }

  /** Returns the column of the whole transpose that the output's first one is. */
  public int crop() {
    return direction == ShiftDirection.DOWN ? direction.left(kernelWidth) : 0;
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape in = inputs.exactly(2).shape(0);
    List<Expression> reads = new ArrayList<>();
    for (int i = 0; i < kernelHeight; i++) {
      for (int j = 0; j < kernelWidth; j++) {
        int columns = j - crop();
        reads.add(
            inputs.read(
                0,
                String.format(Locale.ROOT, "((%+d, %+d)) / %d", -i, -columns, stride),
                new PositionMap.Transposed(stride, i, columns, in.height(), in.width())));
      }
    }
    return weights(in.maps()).of(Expression.concat(reads));
  }

  @Override
  public String summary() {
    return label() + " " + direction.label() + " transposed, stride " + stride;
  }

  @Override
  public String label() {
    return "up" + kernelHeight + "x" + kernelWidth;
  }
}
