package io.weft.internal.tensorflow.form;

import io.weft.expression.Shape;
import io.weft.lower.Lowering;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** The transpose of a strided convolution over the first input, cropped to the output's grid. */
final class Transposed {

  private Transposed() {}

  /**
   * Returns the transpose.
   *
   * @param kernel [rows, columns, input maps, output maps]
   * @param rows of the kernel
   * @param columns of the kernel
   * @param top rows of the whole transpose that lie above the output
   * @param left columns of it that lie left of the output
   */
  static <T extends TFloating> Operand<T> of(
      Lowering<T> lowering,
      Operand<T> kernel,
      int rows,
      int columns,
      int stride,
      int top,
      int left) {
    Ops tf = lowering.tf();
    Operand<T> x = lowering.input(0);
    Shape coarse = lowering.inputs().shape(0);
    Shape fine = lowering.shape();
    int height = coarse.height() * stride + rows - 1;
    int width = coarse.width() * stride + columns - 1;
    Operand<TInt32> batch =
        tf.slice(tf.shape(x), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TInt32> whole =
        tf.concat(
            List.of(batch, tf.constant(new int[] {height, width, fine.maps()})), tf.constant(0));
    // The transpose takes the kernel of the convolution that it undoes: its maps are the input's.
    Operand<T> undone = tf.linalg.transpose(kernel, tf.constant(new int[] {0, 1, 3, 2}));
    List<Long> strides = List.of(1L, (long) stride, (long) stride, 1L);
    return tf.slice(
        tf.nn.conv2dBackpropInput(whole, undone, x, strides, "VALID"),
        tf.constant(new int[] {0, top, left, 0}),
        tf.constant(new int[] {-1, fine.height(), fine.width(), fine.maps()}));
  }
}
