package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.lower.Lowering;
import io.weft.lower.Phase;
import io.weft.lower.WholeImageForm;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Dropout (Srivastava et al. 2014): in training each value is zeroed with probability {@code rate}
 * and the others are divided by 1 - rate; otherwise the identity.
 *
 * @param rate the probability, at least 0 and below 1
 */
public record Dropout(double rate) implements Layer, WholeImageForm {

  /**
   * Checks the rate.
   *
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("a dropout rate is at least 0 and below 1, found " + rate);
    }
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public String summary() {
    return "dropout " + rate;
  }

  @Override
  public Expression compute(Inputs inputs) {
    inputs.exactly(1);
    return inputs.read(0);
  }

  @Override
  public <T extends TFloating> Operand<T> lower(Lowering<T> lowering) {
    Operand<T> x = lowering.input(0);
    if (lowering.phase() == Phase.INFERENCE || rate == 0) {
      return x;
    }
    Operand<T> kept =
        lowering
            .tf()
            .dtypes
            .cast(
                lowering.tf().math.greaterEqual(lowering.uniform(x), lowering.scalar(rate)),
                lowering.type());
    return lowering.tf().math.mul(x, lowering.tf().math.mul(kept, lowering.scalar(1 / (1 - rate))));
  }
}
