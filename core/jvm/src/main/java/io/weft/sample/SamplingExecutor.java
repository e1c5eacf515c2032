package io.weft.sample;

import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.StepCompiler;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What runs the steps of sampling. Each gives the same images for the same seed whatever the batch
 * and the way they are asked for; between two of them, values differ where a uniform number lies
 * within rounding of a step of the cumulative distribution.
 *
 * <p>{@linkplain #automatic The automatic choice} is the JVM, which is ready at once and gives
 * pixels one by one, unless rows or whole images are asked for, no layer reads its own output, and
 *
 * <ul>
 *   <li>the model is on a GPU, and at least {@value #GPU_BATCH} images run in lockstep; or
 *   <li>the model is on the processor, Java runs without the module jdk.incubator.vector, XLA is
 *       available, at least {@value #CPU_BATCH} images run in lockstep, and all images of the
 *       series take at least {@value #WORTH_COMPILING} floating point operations, so that the
 *       seconds that XLA compiles are won back.
 * </ul>
 *
 * Then it is TensorFlow. With the vector module the JVM is the quicker one on the processor at
 * every batch. Recurrent layers, which read their own output, stay on the JVM in any case: their
 * steps are chains of many small calls (225 at the first pixel of a row for a Diagonal BiLSTM of 7
 * layers), which XLA compiles one by one, in a good part of a minute, and then runs more slowly
 * than the plain loops of Java do. Where TensorFlow is asked for, it is done, and the log says so.
 */
public final class SamplingExecutor {

  /** The images in lockstep from which on the automatic choice is a GPU, where there is one. */
  public static final int GPU_BATCH = 64;

  /** The images in lockstep from which on TensorFlow may be chosen on the processor. */
  public static final int CPU_BATCH = 8;

  /** The operations of a series from which on TensorFlow may be chosen on the processor. */
  public static final double WORTH_COMPILING = 2e12;

  private enum Kind {
    AUTOMATIC("automatic"),
    JVM("jvm"),
    TENSORFLOW("tensorflow"),
    TENSORFLOW_WITHOUT_XLA("tensorflow-without-xla");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  private final Kind kind;
  private final OptionalInt rows;

  private SamplingExecutor(Kind kind, OptionalInt rows) {
    this.kind = kind;
    this.rows = rows;
  }

  private static SamplingExecutor of(Kind kind) {
    return new SamplingExecutor(kind, OptionalInt.empty());
  }

  /** Returns the choice by the rule above. */
  public static SamplingExecutor automatic() {
    return of(Kind.AUTOMATIC);
  }

  /** Returns the JVM: pixel by pixel, ready at once. */
  public static SamplingExecutor jvm() {
    return of(Kind.JVM);
  }

  /**
   * Returns TensorFlow, on the model's device. It is compiled once for each batch, by XLA where
   * that is available, which takes some seconds. A call draws the whole image where images are
   * asked for, else one row, ahead of the consumer; {@link #rows} says otherwise.
   */
  public static SamplingExecutor tensorflow() {
    return of(Kind.TENSORFLOW);
  }

  /** Returns TensorFlow as above, in its own loops: soon ready, and slower than those of XLA. */
  public static SamplingExecutor tensorflowWithoutXla() {
    return of(Kind.TENSORFLOW_WITHOUT_XLA);
  }

  /**
   * Returns this executor with {@code count} rows in a call, ahead of the consumer.
   *
   * @throws IllegalArgumentException if it is below 1, or this is not TensorFlow
   */
  public SamplingExecutor rows(int count) {
    if (!isTensorFlow()) {
      throw new IllegalArgumentException(
          "only TensorFlow draws rows in a call, found " + kind.label + "; take tensorflow()");
    }
    if (count < 1) {
      throw new IllegalArgumentException("a call draws at least 1 row, found " + count);
    }
    return new SamplingExecutor(kind, OptionalInt.of(count));
  }

  /**
   * Returns the executor of a name: {@code automatic}, {@code jvm}, {@code tensorflow} or {@code
   * tensorflow-without-xla}.
   *
   * @throws IllegalArgumentException if it is another one
   */
  public static SamplingExecutor named(String name) {
    Objects.requireNonNull(name, "name");
    for (Kind kind : Kind.values()) {
      if (kind.label.equals(name)) {
        return of(kind);
      }
    }
    throw new IllegalArgumentException(
        "executors are automatic, jvm, tensorflow and tensorflow-without-xla, found \""
            + name
            + "\"");
  }

  /** Returns whether TensorFlow is asked for. */
  boolean isTensorFlow() {
    return kind == Kind.TENSORFLOW || kind == Kind.TENSORFLOW_WITHOUT_XLA;
  }

  /** Returns the loops that TensorFlow is to run a series in; empty for the JVM. */
  Optional<TensorFlowLoops> tensorFlowLoops(
      SeriesSize series, StepProgram program, StepCompiler compiler) {
    return switch (kind) {
      case AUTOMATIC -> automatic(series, program, JvmLoops.best(), compiler);
      case JVM -> Optional.empty();
      case TENSORFLOW -> Optional.of(compiler.bestLoops());
      case TENSORFLOW_WITHOUT_XLA -> Optional.of(TensorFlowLoops.PLAIN);
    };
  }

  static Optional<TensorFlowLoops> automatic(
      SeriesSize series, StepProgram program, JvmLoops jvm, StepCompiler compiler) {
    if (program.isRecurrent()) {
      return Optional.empty();
    }
    return compiler.isOnGpu()
        ? onGpu(series, compiler)
        : onProcessor(series, program.flops(), jvm, compiler);
  }

  private static Optional<TensorFlowLoops> onGpu(SeriesSize series, StepCompiler compiler) {
    return series.suitsGpu() ? Optional.of(compiler.bestLoops()) : Optional.empty();
  }

  private static Optional<TensorFlowLoops> onProcessor(
      SeriesSize series, long flops, JvmLoops jvm, StepCompiler compiler) {
    boolean better =
        jvm == JvmLoops.PLAIN
            && series.isWorthCompiling(flops)
            && compiler.runs(TensorFlowLoops.XLA);
    return better ? Optional.of(TensorFlowLoops.XLA) : Optional.empty();
  }

  /** Returns how many rows a call draws, if that is given. */
  OptionalInt rows() {
    return rows;
  }

  @Override
  public String toString() {
    return rows.isPresent()
        ? String.format(Locale.ROOT, "%s(%d rows)", kind.label, rows.getAsInt())
        : kind.label;
  }
}
