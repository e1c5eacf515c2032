package io.weft.lower;

import io.weft.expression.Expression;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.layer.Inputs;
import io.weft.order.GenerationOrder;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * What the author of a layer meets of TensorFlow: the inputs and parameters of one application of
 * the layer, over whole images. Features are [batch, height, width, maps]; a global feature is
 * [batch, 1, 1, maps].
 *
 * @param <T> the floating type that the graph is lowered in (float32, or float64 for gradient
 *     checks)
 */
public interface Lowering<T extends TFloating> {

  /** Returns the operations of the graph, in the scope of the layer. */
  Ops tf();

  /** Returns the floating type. */
  Class<T> type();

  /** Returns what the graph is for. */
  Phase phase();

  /** Returns the value of an input, [batch, height, width, maps]. */
  Operand<T> input(int index);

  /** Returns what the layer is applied to, as its expression was made from. */
  Inputs inputs();

  /** Returns the shape of the output. */
  Shape shape();

  /** Returns the layer's expression. */
  Expression expression();

  /** Returns the value of a parameter in its own shape. */
  Operand<T> parameter(Parameter parameter);

  /**
   * Returns the parameter of that name.
   *
   * @throws IllegalArgumentException if the layer's expression uses none
   */
  default Parameter named(String name) {
    return expression().parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("the expression uses no parameter \"" + name + "\""));
  }

  /**
   * Returns the value of the parameter of that name in its own shape.
   *
   * @throws IllegalArgumentException if the layer's expression uses none
   */
  default Operand<T> parameter(String name) {
    return parameter(named(name));
  }

  /**
   * Returns the value of an expression that reads no input, [width]: what depends on parameters
   * only.
   *
   * @throws IllegalArgumentException if it reads an input
   */
  Operand<T> vector(Expression expression);

  /** Returns a constant tensor with the given sizes; {@code values} are row-major. */
  Operand<T> constant(float[] values, long... sizes);

  /**
   * Returns the generation orders that the graph is for. A run of it is under one of them: the only
   * one, or the one that is fed.
   */
  List<GenerationOrder> orders();

  /**
   * Returns a tensor that differs between orders: {@code values} has one row-major array for each
   * of {@link #orders}, of which this is the one that belongs to the order of the run.
   */
  Operand<T> perOrder(float[][] values, long... sizes);

  /**
   * Returns 1 where the pixel at a fixed distance is generated earlier in the order of the run, 0
   * where it is later or outside: [1, height, width, 1], of the size of the images.
   *
   * @param rows rows down (negative: up)
   * @param columns columns to the right (negative: left)
   */
  Operand<T> earlier(int rows, int columns);

  /** Returns one number. */
  Operand<T> scalar(double value);

  /**
   * Returns the values of {@code expression} over whole images: the general way, right for every
   * layer, which a whole-image form may be quicker than.
   */
  Operand<T> evaluate(Expression expression);

  /**
   * Returns uniform values in [0, 1) as large as {@code like}: a pure function of the run's seed,
   * the step and the layer.
   */
  Operand<T> uniform(Operand<T> like);

  /**
   * Returns how many steps the model had been trained for before this one, a scalar; while training
   * only.
   *
   * @throws IllegalStateException if the graph is not for training
   */
  Operand<T> trainingSteps();

  /**
   * Has {@code parameter}, a statistic, replaced by {@code value} at the end of a training step.
   */
  void update(Parameter parameter, Operand<T> value);
}
