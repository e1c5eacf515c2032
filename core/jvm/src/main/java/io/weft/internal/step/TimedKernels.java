package io.weft.internal.step;

import io.weft.expression.Binary;
import io.weft.expression.Unary;
import io.weft.internal.step.StepProfile.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Other loops, and how long each kind of call has taken. For one session, so for one thread. */
final class TimedKernels implements Kernels {

  /** What calls have in common that are added up. */
  private record Label(Kind kind, String what, int depth, int columns, int rows) {
    StepProfile.Part part(Tally tally) {
      String shape =
          kind == Kind.PRODUCT ? rows + "x" + depth + " times " + depth + "x" + columns : what;
      double flops = 2.0 * rows * depth * columns * tally.calls;
      return new StepProfile.Part(kind, shape, tally.calls, tally.nanos / 1e9, flops);
    }
  }

  private static final class Tally {
    long calls;
    long nanos;
  }

  private final Kernels kernels;
  private final Map<Label, Tally> tallies = new HashMap<>();
  private long nanos;

  TimedKernels(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public String inWords() {
    return kernels.inWords();
  }

  /** Returns what has been called. */
  List<StepProfile.Part> parts() {
    return tallies.entrySet().stream().map(e -> e.getKey().part(e.getValue())).toList();
  }

  /** Returns how long all calls have taken together, in nanoseconds. */
  long nanos() {
    return nanos;
  }

  /** Forgets all calls. */
  void clear() {
    tallies.clear();
    nanos = 0;
  }

  private void add(Label label, long started) {
    long taken = System.nanoTime() - started;
    Tally tally = tallies.computeIfAbsent(label, l -> new Tally());
    tally.calls++;
    tally.nanos += taken;
    nanos += taken;
  }

  private void add(Kind kind, String what, long started) {
    add(new Label(kind, what, 0, 0, 0), started);
  }

  @Override
  public Matrix pack(float[][] rows, int columns, float @Nullable [] bias) {
    return kernels.pack(rows, columns, bias);
  }

  @Override
  public boolean multipliesOnly(int columns) {
    return kernels.multipliesOnly(columns);
  }

  @Override
  public float[][] scratch(int columns) {
    return kernels.scratch(columns);
  }

  @Override
  public void multiplyAndAdd(
      Matrix matrix,
      int row,
      int depth,
      float[] x,
      int from,
      int stride,
      int count,
      float[] start,
      int startAt,
      int startStride,
      float[] result,
      int to,
      float[][] scratch) {
    long started = System.nanoTime();
    kernels.multiplyAndAdd(
        matrix,
        row,
        depth,
        x,
        from,
        stride,
        count,
        start,
        startAt,
        startStride,
        result,
        to,
        scratch);
    add(new Label(Kind.PRODUCT, "", depth, matrix.columns(), count), started);
  }

  @Override
  public void unary(Unary function, float[] x, float[] y, int n) {
    long started = System.nanoTime();
    kernels.unary(function, x, y, n);
    add(Kind.ELEMENTWISE, function.name().toLowerCase(Locale.ROOT), started);
  }

  @Override
  public boolean takesRowsAnywhere() {
    return kernels.takesRowsAnywhere();
  }

  @Override
  public boolean writesOnly(int width) {
    return kernels.writesOnly(width);
  }

  @Override
  public void unary(Unary function, Rows x, Rows y, int rows) {
    long started = System.nanoTime();
    kernels.unary(function, x, y, rows);
    add(Kind.ELEMENTWISE, function.name().toLowerCase(Locale.ROOT), started);
  }

  @Override
  public void binary(Binary function, Rows x, Rows y, Rows z, int rows) {
    long started = System.nanoTime();
    kernels.binary(function, x, y, z, rows);
    add(Kind.ELEMENTWISE, function.name().toLowerCase(Locale.ROOT), started);
  }

  @Override
  public void affine(Rows x, float[] less, float[] times, float[] plus, Rows y, int rows) {
    long started = System.nanoTime();
    kernels.affine(x, less, times, plus, y, rows);
    add(Kind.ELEMENTWISE, "affine", started);
  }

  @Override
  public void affineRelu(Rows x, float[] less, float[] times, float[] plus, Rows y, int rows) {
    long started = System.nanoTime();
    kernels.affineRelu(x, less, times, plus, y, rows);
    add(Kind.ELEMENTWISE, "affine, relu", started);
  }

  @Override
  public void binary(Binary function, float[] x, float[] y, float[] z, int n) {
    long started = System.nanoTime();
    kernels.binary(function, x, y, z, n);
    add(Kind.ELEMENTWISE, function.name().toLowerCase(Locale.ROOT), started);
  }

  @Override
  public boolean areFinite(float[] x, int from, int n) {
    long started = System.nanoTime();
    boolean finite = kernels.areFinite(x, from, n);
    add(Kind.ELEMENTWISE, "finite", started);
    return finite;
  }

  @Override
  public float largest(float[] x) {
    long started = System.nanoTime();
    float largest = kernels.largest(x);
    add(Kind.ELEMENTWISE, "largest", started);
    return largest;
  }

  @Override
  public void exponentials(float[] x, float largest, float sharpness, float[] y, float[] sums) {
    long started = System.nanoTime();
    kernels.exponentials(x, largest, sharpness, y, sums);
    add(Kind.ELEMENTWISE, "exponentials", started);
  }

  @Override
  public void wholes(float[] x, double scale, int[] y) {
    long started = System.nanoTime();
    kernels.wholes(x, scale, y);
    add(Kind.ELEMENTWISE, "wholes", started);
  }

  @Override
  public void addProducts(
      float[] query, int from, int count, float[] keys, int at, int stride, float[] y, int n) {
    long started = System.nanoTime();
    kernels.addProducts(query, from, count, keys, at, stride, y, n);
    add(Kind.ATTENTION, "scores", started);
  }

  @Override
  public float weights(float[] x, float scale, int n) {
    long started = System.nanoTime();
    float sum = kernels.weights(x, scale, n);
    add(Kind.ATTENTION, "softmax", started);
    return sum;
  }

  @Override
  public void weighted(
      float[] weights, int n, float[] rows, int at, int stride, int width, float[] result, int to) {
    long started = System.nanoTime();
    kernels.weighted(weights, n, rows, at, stride, width, result, to);
    add(Kind.ATTENTION, "weighted sums", started);
  }
}
