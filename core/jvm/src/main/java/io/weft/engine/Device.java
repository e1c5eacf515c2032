package io.weft.engine;

import java.util.Objects;

/**
 * Where a model computes. A device that is asked for and absent is an error, never a silent
 * fall-back.
 */
public final class Device {

  private enum Kind {
    JVM,
    CPU,
    GPU
  }

  private static final Device JVM = new Device(Kind.JVM, 0);
  private static final Device CPU = new Device(Kind.CPU, 0);

  private final Kind kind;
  private final int number;

  private Device(Kind kind, int number) {
    this.kind = kind;
    this.number = number;
  }

  /**
   * Returns the processor. Training and scoring are TensorFlow's where it is on the class path;
   * where it is not, scoring is Java's, and training is refused.
   */
  public static Device cpu() {
    return CPU;
  }

  /**
   * Returns the processor without TensorFlow, be it there or not: a model draws, completes and
   * scores by Java alone, and is not trained.
   */
  public static Device jvm() {
    return JVM;
  }

  /**
   * Returns a graphics processor, having checked that TensorFlow can use it.
   *
   * @param number the number of the device, from 0
   * @throws IllegalStateException if there is no such device or the natives are those for CPU
   */
  public static Device gpu(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("a GPU has a number from 0, found " + number);
    }
    Device device = new Device(Kind.GPU, number);
    Engine.on(device).checkDevice();
    return device;
  }

  /** Returns whether this is a graphics processor. */
  public boolean isGpu() {
    return kind == Kind.GPU;
  }

  /** Returns whether TensorFlow stays out. */
  public boolean isJvm() {
    return kind == Kind.JVM;
  }

  /**
   * Returns the number of a graphics processor, from 0.
   *
   * @throws IllegalStateException if this is none
   */
  public int number() {
    if (!isGpu()) {
      throw new IllegalStateException("only GPUs have numbers, found " + this);
    }
    return number;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Device device && kind == device.kind && number == device.number;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, number);
  }

  @Override
  public String toString() {
    return isGpu() ? "GPU " + number : kind.name();
  }
}
