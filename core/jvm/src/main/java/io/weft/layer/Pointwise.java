package io.weft.layer;

import io.weft.expression.Connectivity;
import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import java.util.Objects;

/**
 * A 1 x 1 convolution: a matrix product and a bias at every position.
 *
 * <p>Input [height, width, any maps], output [height, width, {@code maps}].
 *
 * @param maps output maps
 * @param bias whether a bias is added
 * @param colours how maps belong to colour channels: a map reads its own and earlier channels' maps
 */
public record Pointwise(int maps, Bias bias, ColourGroups colours) implements Layer {

  /** Whether a bias is added. */
  public enum Bias {
    /** A learned bias, starting at 0. */
    LEARNED,
    /** None, where another layer adds one to the same sum. */
    NONE
  }

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if there is no output map
   */
  public Pointwise {
    Objects.requireNonNull(bias, "bias");
    Objects.requireNonNull(colours, "colours");
    if (maps < 1) {
      throw new IllegalArgumentException(
          "a 1 x 1 convolution needs at least one output map, found " + maps);
    }
  }

  /** Returns a layer with a bias and without colour groups. */
  public static Pointwise of(int maps) {
    return new Pointwise(maps, Bias.LEARNED, ColourGroups.none());
  }

  /** Returns the same layer with colour groups. */
  public Pointwise withColours(ColourGroups groups) {
    return new Pointwise(maps, bias, groups);
  }

  /** Returns the same layer without a bias. */
  public Pointwise withoutBias() {
    return new Pointwise(maps, Bias.NONE, colours);
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    colours.check(in.maps(), maps);
    return in.withMaps(maps);
  }

  @Override
  public Expression compute(Inputs inputs) {
    int in = inputs.only().maps();
    Parameter kernel = Parameter.weight("kernel", Initializer.glorot(in, maps), in, maps);
    Connectivity connectivity =
        colours.isNone()
            ? Connectivity.full(in, maps)
            : Connectivity.of(in, maps, (i, o) -> colours.connected(MaskType.B, i, in, o, maps));
    Expression product = inputs.read(0).times(kernel, connectivity);
    return bias == Bias.NONE
        ? product
        : product.plus(Expression.vector(Parameter.offset("bias", Initializer.zeros(), maps)));
  }

  @Override
  public String summary() {
    return label() + (colours.isNone() ? "" : ", colours") + (bias == Bias.NONE ? ", no bias" : "");
  }

  @Override
  public String label() {
    return "conv1x1";
  }
}
