package io.weft.internal.tensorflow;

import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.order.GenerationOrder;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Where an expression stands in a TensorFlow graph: what it reads, and where its value goes.
 *
 * @param <T> the floating type
 */
interface Surroundings<T extends TFloating> {

  /** Returns the operations of the graph. */
  Ops tf();

  /** Returns the shape of the value. */
  Shape shape();

  /** Returns the value of an input, [batch, height, width, maps]. */
  Operand<T> input(int index);

  /** Returns the value of a parameter in its own shape. */
  Operand<T> parameter(Parameter parameter);

  /** Returns a constant tensor with the given sizes; {@code values} are row-major. */
  Operand<T> constant(float[] values, long... sizes);

  /** Returns one number. */
  Operand<T> scalar(double value);

  /** Returns the orders of which a run takes one. */
  List<GenerationOrder> orders();

  /** Returns the one of {@code values}, one for each order, that belongs to that of the run. */
  Operand<TInt32> numbersPerOrder(int[][] values);

  /** Returns 1 where the pixel at a distance is generated earlier, else 0. */
  Operand<T> earlier(int rows, int columns);
}
