package io.weft.graph;

import io.weft.expression.Expression;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.spec.Condition;
import java.util.List;
import java.util.Objects;

/** A node of the layer graph: the image, a condition, or a layer applied to other nodes. */
public sealed interface Node {

  /** Returns the unique name. */
  String name();

  /** Returns the shape of the value. */
  Shape shape();

  /** Returns the indices of the nodes that are read, in the order of application. */
  List<Integer> inputs();

  /**
   * Returns the indices of the nodes whose values are read; a layer may take another input for its
   * shape alone.
   */
  default List<Integer> sources() {
    return inputs();
  }

  /** Returns the answer of {@code cases} for this kind of node. */
  <R> R match(Cases<R> cases);

  /**
   * An answer for every kind of node.
   *
   * @param <R> what is answered
   */
  interface Cases<R> {
    /** The image under generation. */
    R image(Image node);

    /** A condition. */
    R given(Given node);

    /** A layer applied to nodes. */
    R applied(Applied node);
  }

  /**
   * The image under generation, scaled to [-1, 1].
   *
   * @param shape height, width and colour channels
   */
  record Image(Shape shape) implements Node {
    @Override
    public String name() {
      return "image";
    }

    @Override
    public List<Integer> inputs() {
      return List.of();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.image(this);
    }
  }

  /**
   * A condition.
   *
   * @param condition the condition
   */
  record Given(Condition condition) implements Node {
    @Override
    public String name() {
      return condition.name();
    }

    @Override
    public Shape shape() {
      return condition.shape();
    }

    @Override
    public List<Integer> inputs() {
      return List.of();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.given(this);
    }
  }

  /**
   * A layer applied to nodes.
   *
   * @param name the unique name
   * @param layer the layer
   * @param inputs indices of the nodes that are read
   * @param shape the shape of the result
   * @param expression what is computed at one position
   */
  record Applied(String name, Layer layer, List<Integer> inputs, Shape shape, Expression expression)
      implements Node {
    /** Freezes the list. */
    public Applied {
      inputs = List.copyOf(inputs);
    }

    /**
     * Returns a layer applied to nodes, with the shape and the expression that it says itself.
     *
     * @param name the unique name
     * @param layer the layer
     * @param inputs indices of the nodes that are read
     * @param read their shapes, and the orders of the model
     * @throws IllegalArgumentException if the layer does not fit them
     */
    public static Applied of(String name, Layer layer, List<Integer> inputs, Inputs read) {
      return new Applied(name, layer, inputs, layer.shape(read), layer.compute(read));
    }

    @Override
    public List<Integer> sources() {
      return expression.taps().stream()
          .filter(tap -> !tap.isOwn())
          .map(tap -> inputs.get(tap.input()))
          .distinct()
          .toList();
    }

    /** Returns the taps by which the layer reads its own output; none if it is no recurrence. */
    public List<Tap> ownTaps() {
      return expression.taps().stream().filter(Tap::isOwn).toList();
    }

    /** Two are equal if they apply equal layers; the expression follows from the layer. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Applied applied
          && name.equals(applied.name)
          && layer.equals(applied.layer)
          && inputs.equals(applied.inputs)
          && shape.equals(applied.shape);
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, layer, inputs, shape);
    }

    /** Says what is applied; an expression that shares its parts has no short text. */
    @Override
    public String toString() {
      return name + " " + shape + " = " + layer + " of " + inputs;
    }

    /** Returns the parameters of this application. */
    public List<Parameter> parameters() {
      return expression.parameters();
    }

    /** Returns the model-wide name of one of the parameters: node name, "/", parameter name. */
    public String fullName(Parameter parameter) {
      return name + "/" + parameter.name();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.applied(this);
    }
  }
}
