package io.weft.internal.tensorflow.form;

import io.weft.expression.PositionMap;
import io.weft.layer.KernelPlace;
import io.weft.lower.Lowering;
import io.weft.order.GenerationOrder;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A convolution of which each position uses the taps that are generated earlier (Jain et al. 2020,
 * section 3.2), over whole images, in the order of the run.
 *
 * <p>The paper unfolds the input to masked patches, which are as many times larger as the kernel
 * has taps, and forgets them before the backward pass. Here they are never made. A tap that is used
 * everywhere or nowhere, whatever the order, is a tap of an ordinary convolution, whose kernel is
 * masked by the order. Any other is a product of the input as it lies; what it gives is masked,
 * moved and added. Gradients need nothing but the input again.
 *
 * @param <T> the floating type
 */
final class LocallyMaskedConvolution<T extends TFloating> {

  /** Of how many positions a place is earlier, among those of which it lies in the image. */
  private enum Use {
    NEVER,
    SOMEWHERE,
    EVERYWHERE
  }

  private final Lowering<T> lowering;
  private final Ops tf;
  private final List<KernelPlace> places;
  private final int in;
  private final int out;

  LocallyMaskedConvolution(Lowering<T> lowering, List<KernelPlace> places, int in, int out) {
    this.lowering = lowering;
    this.tf = lowering.tf();
    this.places = places;
    this.in = in;
    this.out = out;
  }

  /**
   * Convolves {@code image}, [batch, height, width, in], and adds {@code bias}, [out].
   *
   * @param kernel [places, in, out]
   * @param dilation distance between neighbouring taps
   */
  Operand<T> over(Operand<T> image, Operand<T> kernel, int dilation, Operand<T> bias) {
    List<Integer> even = new ArrayList<>();
    List<Integer> uneven = new ArrayList<>();
    float[][] masks = new float[lowering.orders().size()][places.size()];
    for (int t = 0; t < places.size(); t++) {
      boolean somewhere = false;
      boolean ever = false;
      for (int o = 0; o < masks.length; o++) {
        Use use = use(lowering.orders().get(o), places.get(t));
        masks[o][t] = use == Use.EVERYWHERE ? 1 : 0;
        somewhere |= use == Use.SOMEWHERE;
        ever |= use == Use.EVERYWHERE;
      }
      if (somewhere) {
        uneven.add(t);
      } else if (ever) {
        even.add(t);
      }
    }
    if (even.isEmpty() && uneven.isEmpty()) {
      // All lies outside; the kernel stays a parameter, whose gradient is zero.
      even.add(0);
    }
    Operand<T> sum = even.isEmpty() ? null : evenly(image, kernel, even, masks, dilation, bias);
    if (uneven.isEmpty()) {
      return sum;
    }
    List<Operand<T>> parts = new ArrayList<>(unevenly(image, kernel, uneven));
    if (sum == null) {
      parts.set(0, tf.math.add(parts.get(0), bias));
    } else {
      parts.add(0, sum);
    }
    return parts.size() == 1 ? parts.get(0) : tf.math.addN(parts);
  }

  private Use use(GenerationOrder order, KernelPlace place) {
    if (place.isOwn()) {
      return Use.EVERYWHERE;
    }
    var positions = new PositionMap.Earlier(place.row(), place.column(), order);
    int inside = 0;
    int earlier = 0;
    int top = Math.max(0, -place.row());
    int bottom = Math.min(order.height(), order.height() - place.row());
    int left = Math.max(0, -place.column());
    int right = Math.min(order.width(), order.width() - place.column());
    for (int r = top; r < bottom; r++) {
      for (int c = left; c < right; c++) {
        inside++;
        earlier += positions.source(r, c) == PositionMap.NONE ? 0 : 1;
      }
    }
    return earlier == 0 ? Use.NEVER : earlier == inside ? Use.EVERYWHERE : Use.SOMEWHERE;
  }

  /** The taps that each order uses everywhere or nowhere: a convolution with a masked kernel. */
  private Operand<T> evenly(
      Operand<T> image,
      Operand<T> kernel,
      List<Integer> taps,
      float[][] masks,
      int dilation,
      Operand<T> bias) {
    int top = taps.stream().mapToInt(t -> -places.get(t).row()).max().orElseThrow() / dilation;
    int bottom = taps.stream().mapToInt(t -> places.get(t).row()).max().orElseThrow() / dilation;
    int left = taps.stream().mapToInt(t -> -places.get(t).column()).max().orElseThrow() / dilation;
    int right = taps.stream().mapToInt(t -> places.get(t).column()).max().orElseThrow() / dilation;
    int rows = Math.max(0, top) + 1 + Math.max(0, bottom);
    int columns = Math.max(0, left) + 1 + Math.max(0, right);
    var box = new KernelConvolution.Box(rows, columns, Math.max(0, top), Math.max(0, left));
    int[] placed = new int[rows * columns];
    java.util.Arrays.fill(placed, -1);
    for (int t : taps) {
      int row = places.get(t).row() / dilation + box.row();
      int column = places.get(t).column() / dilation + box.column();
      placed[row * columns + column] = t;
    }
    Operand<T> masked = tf.math.mul(kernel, lowering.perOrder(masks, places.size(), 1, 1));
    return new KernelConvolution<>(lowering, arranged(masked, placed), placed.length, in, out)
        .over(image, box, dilation, bias);
  }

  /** The rows of the kernel that {@code placed} numbers, zeros for -1. */
  private Operand<T> arranged(Operand<T> kernel, int[] placed) {
    List<Operand<T>> runs = new ArrayList<>();
    for (int from = 0; from < placed.length; ) {
      int to = from + 1;
      while (to < placed.length
          && (placed[from] < 0 ? placed[to] < 0 : placed[to] == placed[to - 1] + 1)) {
        to++;
      }
      runs.add(
          placed[from] < 0
              ? tf.fill(tf.constant(new int[] {to - from, in, out}), lowering.scalar(0))
              : rows(kernel, placed[from], to - from));
      from = to;
    }
    return runs.size() == 1 ? runs.get(0) : tf.concat(runs, tf.constant(0));
  }

  private Operand<T> rows(Operand<T> kernel, int from, int count) {
    return count == places.size()
        ? kernel
        : tf.slice(
            kernel, tf.constant(new int[] {from, 0, 0}), tf.constant(new int[] {count, -1, -1}));
  }

  /** What each of the other taps adds. */
  private List<Operand<T>> unevenly(Operand<T> image, Operand<T> kernel, List<Integer> taps) {
    int height = lowering.shape().height();
    int width = lowering.shape().width();
    Operand<T> flat = tf.reshape(image, tf.constant(new int[] {-1, in}));
    Operand<TInt32> sizes = tf.constant(new int[] {-1, height, width, out});
    Operand<TInt32> axes = tf.constant(new int[] {1, 2});
    return taps.stream()
        .map(
            t -> {
              KernelPlace place = places.get(t);
              Operand<T> weights = tf.reshape(rows(kernel, t, 1), tf.constant(new int[] {in, out}));
              Operand<T> product = tf.reshape(tf.linalg.matMul(flat, weights), sizes);
              // What comes round from the other side is masked: it lies outside.
              Operand<T> moved =
                  tf.roll(product, tf.constant(new int[] {-place.row(), -place.column()}), axes);
              return (Operand<T>) tf.math.mul(moved, lowering.earlier(place.row(), place.column()));
            })
        .toList();
  }
}
