package io.weft.expression;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How a parameter's values start. Values are drawn by (seed, parameter name, index) alone; {@link
 * OutputDeviation} and {@link OutputMean} are measured on the first examples later.
 */
public sealed interface Initializer {

  /** Returns whether values follow from seed, name and index alone: nothing is to be measured. */
  boolean isKnown();

  /** Returns the next value that a parameter starts with. */
  float draw(SplittableRandom random);

  /** Returns the number that all values start with; nothing where each is drawn. */
  Optional<Float> same();

  /**
   * Every value the same.
   *
   * @param value the value
   */
  record Constant(float value) implements Initializer {
    @Override
    public boolean isKnown() {
      return true;
    }

    @Override
    public float draw(SplittableRandom random) {
      return value;
    }

    @Override
    public Optional<Float> same() {
      return Optional.of(value);
    }
  }

  /**
   * Independent normal values with mean 0.
   *
   * @param deviation the standard deviation, above 0
   */
  record Normal(double deviation) implements Initializer {
    @Override
    public boolean isKnown() {
      return true;
    }

    @Override
    public float draw(SplittableRandom random) {
      return (float) (deviation * gaussian(random));
    }

    @Override
    public Optional<Float> same() {
      return Optional.empty();
    }

    /** By the Box-Muller method; StrictMath, so that every machine gives the same. */
    private static double gaussian(SplittableRandom random) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }
  }

  /**
   * Independent uniform values in [-limit, limit).
   *
   * @param limit the bound, above 0
   */
  record Uniform(double limit) implements Initializer {
    @Override
    public boolean isKnown() {
      return true;
    }

    @Override
    public float draw(SplittableRandom random) {
      return (float) (limit * (2 * random.nextDouble() - 1));
    }

    @Override
    public Optional<Float> same() {
      return Optional.empty();
    }
  }

  /**
   * What scales a layer's output: each value starts at {@code target}, and before the first
   * training step it is multiplied by what gives the output map of the same number that standard
   * deviation over the step's examples and all positions (Salimans and Kingma 2016, section 3).
   *
   * @param target the standard deviation, above 0
   */
  record OutputDeviation(double target) implements Initializer {
    @Override
    public boolean isKnown() {
      return false;
    }

    @Override
    public float draw(SplittableRandom random) {
      return (float) target;
    }

    @Override
    public Optional<Float> same() {
      return Optional.of((float) target);
    }
  }

  /**
   * What is added to a layer's output: each value starts at 0, and before the first training step
   * it is set so that the output map of the same number has mean 0 over the step's examples and all
   * positions (Salimans and Kingma 2016, section 3).
   */
  record OutputMean() implements Initializer {
    @Override
    public boolean isKnown() {
      return false;
    }

    @Override
    public float draw(SplittableRandom random) {
      return 0;
    }

    @Override
    public Optional<Float> same() {
      return Optional.of(0f);
    }
  }

  /** Returns the start at 0. */
  static Initializer zeros() {
    return new Constant(0);
  }

  /** Returns the start at 1. */
  static Initializer ones() {
    return new Constant(1);
  }

  /**
   * Returns the uniform start of Glorot and Bengio 2010, equation 16: limit sqrt(6 / (in + out)).
   *
   * @param fanIn values that one output reads, at least 1
   * @param fanOut values that read one input, at least 1
   */
  static Initializer glorot(int fanIn, int fanOut) {
    return new Uniform(Math.sqrt(6.0 / (fanIn + fanOut)));
  }
}
