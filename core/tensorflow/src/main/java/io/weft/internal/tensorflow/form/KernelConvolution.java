package io.weft.internal.tensorflow.form;

import io.weft.expression.Shape;
import io.weft.lower.Lowering;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Pad;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Runs a kernel given as its live taps over whole images: fills it up to its box with zeros, pads
 * the image, convolves.
 *
 * @param <T> the floating type
 */
final class KernelConvolution<T extends TFloating> {

  /**
   * The kernel's box: its size, and where in it the output's own position lies.
   *
   * @param height rows
   * @param width columns
   * @param row the row of the own position
   * @param column the column of the own position
   */
  record Box(int height, int width, int row, int column) {
    /**
     * Returns the part of this box that reads anything of the image: what a dilation puts outside
     * would otherwise be convolved with zeros that nobody has memory for. At least one tap stays.
     */
    Box within(Shape image, int dilation) {
      int rows = (image.height() - 1) / dilation;
      int columns = (image.width() - 1) / dilation;
      int down = Math.min(height - 1 - row, rows);
      int right = Math.min(width - 1 - column, columns);
      int up = Math.max(Math.min(row, rows), -down);
      int left = Math.max(Math.min(column, columns), -right);
      return new Box(up + 1 + down, left + 1 + right, up, left);
    }
  }

  private final Lowering<T> lowering;
  private final Ops tf;
  private final Operand<T> kernel;
  private final int taps;
  private final int in;
  private final int out;

  KernelConvolution(Lowering<T> lowering, Operand<T> kernel, int taps, int in, int out) {
    this.lowering = lowering;
    this.tf = lowering.tf();
    this.kernel = kernel;
    this.taps = taps;
    this.in = in;
    this.out = out;
  }

  /**
   * Convolves {@code image}, [batch, height, width, in], and adds {@code bias}, [out]. The live
   * taps are the first of the box in raster order.
   */
  Operand<T> over(Operand<T> image, Box whole, int dilation, Operand<T> bias) {
    Box box = whole.within(lowering.shape(), dilation);
    Operand<T> filter = crop(fill(whole), whole, box);
    Axis rows = Axis.of(lowering.shape().height(), box.height(), box.row(), dilation);
    Axis columns = Axis.of(lowering.shape().width(), box.width(), box.column(), dilation);
    Operand<T> convolved =
        block(box.height(), dilation) * block(box.width(), dilation) == 1
            ? plain(image, filter, rows, columns)
            : dilated(image, filter, box, rows, columns, dilation);
    // Not BiasAdd: oneDNN would compute its gradient with the kernel's, which takes longer in all.
    return tf.math.add(convolved, bias);
  }

  /**
   * One axis of the convolution. Where the box ends before the own position (type A), the result is
   * longer than the image and its end is cropped.
   *
   * @param size the image's size
   * @param before zeros before the image
   * @param after zeros after it, up to a multiple of the dilation
   * @param surplus what the result is too long by
   */
  private record Axis(int size, int before, int after, int surplus) {
    static Axis of(int size, int box, int own, int dilation) {
      int before = own * dilation;
      int after = Math.max(0, (box - 1 - own) * dilation);
      int block = block(box, dilation);
      int padded = (size + before + after + block - 1) / block * block;
      int result = padded - (box - 1) * dilation;
      return new Axis(size, before, padded - size - before, result - size);
    }

    int[] padding() {
      return new int[] {before, after};
    }
  }

  private Operand<T> fill(Box box) {
    int missing = box.height() * box.width() - taps;
    Operand<T> full =
        missing == 0 ? kernel : zeroPad(kernel, new int[][] {{0, missing}, {0, 0}, {0, 0}});
    return tf.reshape(full, tf.constant(new int[] {box.height(), box.width(), in, out}));
  }

  /** A single row or column of taps is dilated by its padding alone. */
  private static int block(int box, int dilation) {
    return box == 1 ? 1 : dilation;
  }

  private Operand<T> crop(Operand<T> filter, Box from, Box to) {
    return from.equals(to)
        ? filter
        : tf.slice(
            filter,
            tf.constant(new int[] {from.row() - to.row(), from.column() - to.column(), 0, 0}),
            tf.constant(new int[] {to.height(), to.width(), -1, -1}));
  }

  private Operand<T> zeroPad(Operand<T> value, int[][] sizes) {
    Pad<T> padded = tf.pad(value, tf.constant(sizes), lowering.scalar(0));
    return padded;
  }

  private Operand<T> valid(Operand<T> image, Operand<T> filter) {
    return tf.nn.conv2d(image, filter, List.of(1L, 1L, 1L, 1L), "VALID");
  }

  private Operand<T> plain(Operand<T> image, Operand<T> filter, Axis rows, Axis columns) {
    Operand<T> padded =
        rows.before() + rows.after() + columns.before() + columns.after() == 0
            ? image
            : zeroPad(image, new int[][] {{0, 0}, rows.padding(), columns.padding(), {0, 0}});
    Operand<T> convolved = valid(padded, filter);
    return rows.surplus() + columns.surplus() == 0
        ? convolved
        : tf.slice(
            convolved,
            tf.constant(new int[4]),
            tf.constant(new int[] {-1, rows.size(), columns.size(), -1}));
  }

  /**
   * The dilated convolution as an undilated one over interleaved sub-images: TensorFlow's own
   * dilated Conv2D has a wrong gradient.
   */
  private Operand<T> dilated(
      Operand<T> image, Operand<T> filter, Box box, Axis rows, Axis columns, int dilation) {
    Operand<TInt32> block =
        tf.constant(new int[] {block(box.height(), dilation), block(box.width(), dilation)});
    Operand<T> spread =
        tf.spaceToBatchNd(
            image, block, tf.constant(new int[][] {rows.padding(), columns.padding()}));
    return tf.batchToSpaceNd(
        valid(spread, filter),
        block,
        tf.constant(new int[][] {{0, rows.surplus()}, {0, columns.surplus()}}));
  }
}
