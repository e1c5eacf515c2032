package io.weft.sample;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What runs the steps of sampling. Each gives the same images for the same seed whatever the batch
 * and the way they are asked for; between the two, values differ where a uniform number lies within
 * rounding of a step of the cumulative distribution.
 *
 * <p>{@linkplain #automatic The automatic choice} is the JVM, but TensorFlow if all of these hold:
 * the model is on a GPU; at least {@value #GPU_BATCH} images run in lockstep; rows or whole images
 * are asked for, not pixels one by one. On the processor the JVM is the quicker one at every batch,
 * and needs no compiling.
 */
public final class SamplingExecutor {

  /** The images in lockstep from which on the automatic choice is a GPU, where there is one. */
  public static final int GPU_BATCH = 64;

  private enum Kind {
    AUTOMATIC,
    JVM,
    TENSORFLOW
  }

  private static final SamplingExecutor AUTOMATIC =
      new SamplingExecutor(Kind.AUTOMATIC, OptionalInt.empty());
  private static final SamplingExecutor JVM = new SamplingExecutor(Kind.JVM, OptionalInt.empty());
  private static final SamplingExecutor TENSORFLOW =
      new SamplingExecutor(Kind.TENSORFLOW, OptionalInt.empty());

  private final Kind kind;
  private final OptionalInt rows;

  private SamplingExecutor(Kind kind, OptionalInt rows) {
    this.kind = kind;
    this.rows = rows;
  }

  /** Returns the choice by the rule above. */
  public static SamplingExecutor automatic() {
    return AUTOMATIC;
  }

  /** Returns the JVM: pixel by pixel, ready at once. */
  public static SamplingExecutor jvm() {
    return JVM;
  }

  /**
   * Returns TensorFlow, on the model's device. It is compiled once for each batch. A call draws the
   * whole image where images are asked for, else one row, ahead of the consumer.
   */
  public static SamplingExecutor tensorflow() {
    return TENSORFLOW;
  }

  /**
   * Returns TensorFlow, with so many rows in a call, ahead of the consumer.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public static SamplingExecutor tensorflow(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("a call draws at least 1 row, found " + rows);
    }
    return new SamplingExecutor(Kind.TENSORFLOW, OptionalInt.of(rows));
  }

  /**
   * Returns the executor of a name: {@code automatic}, {@code jvm} or {@code tensorflow}.
   *
   * @throws IllegalArgumentException if it is another one
   */
  public static SamplingExecutor named(String name) {
    return switch (Objects.requireNonNull(name, "name")) {
      case "automatic" -> AUTOMATIC;
      case "jvm" -> JVM;
      case "tensorflow" -> TENSORFLOW;
      default ->
          throw new IllegalArgumentException(
              "executors are automatic, jvm and tensorflow, found \"" + name + "\"");
    };
  }

  /**
   * Returns whether TensorFlow is to be used.
   *
   * @param gpu whether the model is on a GPU
   * @param images how many run in lockstep
   * @param grain what is asked for at a time
   */
  boolean usesTensorFlow(boolean gpu, int images, StreamGrain grain) {
    return switch (kind) {
      case AUTOMATIC -> gpu && images >= GPU_BATCH && grain.isAtLeastRows();
      case JVM -> false;
      case TENSORFLOW -> true;
    };
  }

  /** Returns how many rows a call draws, if that is given. */
  OptionalInt rows() {
    return rows;
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(java.util.Locale.ROOT)
        + (rows.isPresent() ? "(" + rows.getAsInt() + " rows)" : "");
  }
}
