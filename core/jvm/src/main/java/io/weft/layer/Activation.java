package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * An elementwise non-linearity. The output has the input's shape, and twice the maps for {@link
 * Function#CONCAT_ELU}.
 *
 * @param function which one
 */
public record Activation(Function function) implements Layer {

  /** The non-linearities. */
  public enum Function {
    /** max(x, 0). */
    RELU,
    /** x where positive, else e^x - 1. */
    ELU,
    /** elu(x) and elu(-x) side by side: twice the maps (PixelCNN++, Shang et al. 2016). */
    CONCAT_ELU,
    /** Hyperbolic tangent. */
    TANH,
    /** 1 / (1 + e^-x). */
    SIGMOID
  }

  /** Checks that there is one. */
  public Activation {
    Objects.requireNonNull(function, "function");
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    return function == Function.CONCAT_ELU ? in.withMaps(2 * in.maps()) : in;
  }

  @Override
  public Expression compute(Inputs inputs) {
    inputs.exactly(1);
    Expression x = inputs.read(0);
    return switch (function) {
      case RELU -> x.map(Unary.RELU);
      case ELU -> x.map(Unary.ELU);
      case CONCAT_ELU -> Expression.concat(List.of(x, x.map(Unary.NEGATE))).map(Unary.ELU);
      case TANH -> x.map(Unary.TANH);
      case SIGMOID -> x.map(Unary.SIGMOID);
    };
  }

  @Override
  public String label() {
    return function.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
