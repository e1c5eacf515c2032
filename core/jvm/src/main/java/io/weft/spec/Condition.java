package io.weft.spec;

import io.weft.expression.Shape;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** What an image is generated under, given from outside and known before the first pixel. */
public sealed interface Condition {

  /** Returns the name by which values are given. */
  String name();

  /** Returns the shape of the feature that the condition is. */
  Shape shape();

  /** Returns the answer of {@code cases} for this kind of condition. */
  <R> R match(Cases<R> cases);

  /**
   * An answer for every kind of condition.
   *
   * @param <R> what is answered
   */
  interface Cases<R> {
    /** One of several classes. */
    R oneOf(OneOf condition);

    /** A real vector. */
    R vector(Vector condition);

    /** A real vector for every position. */
    R spatial(Spatial condition);
  }

  /**
   * One of several classes, a feature of 1 x 1 x count (one-hot).
   *
   * @param name the name
   * @param classes what the classes are called, by their labels, which are 0 to count - 1
   */
  record OneOf(String name, ClassNames classes) implements Condition {
    /** Checks that both are there. */
    public OneOf {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(classes, "classes");
    }

    /**
     * Makes a condition whose classes have names, by which the labels of data are matched to it.
     *
     * @param name the name
     * @param classNames of the labels 0, 1 and so on; at least one, all different
     */
    public OneOf(String name, List<String> classNames) {
      this(name, checked(name, () -> ClassNames.of(classNames)));
    }

    /**
     * Makes a condition whose classes have labels alone.
     *
     * @param name the name
     * @param count the number of classes, at least 1; labels are 0 to count - 1
     */
    public OneOf(String name, int count) {
      this(name, checked(name, () -> ClassNames.numbers(count)));
    }

    private static ClassNames checked(String name, Supplier<ClassNames> classes) {
      try {
        return classes.get();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "class condition \"" + name + "\": " + e.getMessage(), e);
      }
    }

    /** Returns the number of classes. */
    public int count() {
      return classes.count();
    }

    @Override
    public Shape shape() {
      return new Shape(1, 1, count());
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.oneOf(this);
    }
  }

  /**
   * A real vector, a feature of 1 x 1 x size.
   *
   * @param name the name
   * @param size the number of values, at least 1
   */
  record Vector(String name, int size) implements Condition {
    /** Checks the size. */
    public Vector {
      Objects.requireNonNull(name, "name");
      if (size < 1) {
        throw new IllegalArgumentException(
            "vector condition \"" + name + "\" needs at least one value, found " + size);
      }
      new Shape(1, 1, size);
    }

    @Override
    public Shape shape() {
      return new Shape(1, 1, size);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.vector(this);
    }
  }

  /**
   * A real vector for every position.
   *
   * @param name the name
   * @param height rows
   * @param width columns
   * @param maps values at each position
   */
  record Spatial(String name, int height, int width, int maps) implements Condition {
    /** Checks the sizes. */
    public Spatial {
      Objects.requireNonNull(name, "name");
      try {
        new Shape(height, width, maps);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "spatial condition \"" + name + "\": " + e.getMessage(), e);
      }
    }

    /** Returns the condition that is an image, its levels scaled to [-1, 1]. */
    public static Spatial of(String name, ImageSpec image) {
      return new Spatial(name, image.height(), image.width(), image.channels());
    }

    @Override
    public Shape shape() {
      return new Shape(height, width, maps);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.spatial(this);
    }
  }
}
