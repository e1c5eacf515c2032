package io.weft.layer;

import io.weft.expression.Attended;
import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.expression.Tap;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import java.util.List;
import java.util.Optional;

/**
 * What a layer is applied to: shapes to check, and ways to read them.
 *
 * @param shapes the inputs' shapes, in the order of application
 * @param orders the generation orders of the model; none stands for raster order alone, whatever
 *     the size of the images
 */
public record Inputs(List<Shape> shapes, Optional<Orders> orders) {

  /** Freezes the list. */
  public Inputs {
    shapes = List.copyOf(shapes);
    orders = orders.filter(o -> !o.rasterAlone());
  }

  /** Returns inputs of the given shapes, in a model for raster order alone. */
  public static Inputs of(Shape... shapes) {
    return new Inputs(List.of(shapes), Optional.empty());
  }

  /** Returns whether the model is generated in raster order, and its weights are for no other. */
  public boolean rasterAlone() {
    return orders.isEmpty();
  }

  /** Returns the number of inputs. */
  public int count() {
    return shapes.size();
  }

  /**
   * Returns the shape of one input.
   *
   * @throws IllegalArgumentException if there is no such input
   */
  public Shape shape(int input) {
    if (input < 0 || input >= shapes.size()) {
      throw new IllegalArgumentException(
          "reads input " + input + ", but has " + shapes.size() + " inputs, counted from 0");
    }
    return shapes.get(input);
  }

  /**
   * Returns the shape of the only input.
   *
   * @throws IllegalArgumentException if there are more or fewer
   */
  public Shape only() {
    return exactly(1).shape(0);
  }

  /**
   * Returns this, having checked the number of inputs.
   *
   * @throws IllegalArgumentException if it is another
   */
  public Inputs exactly(int count) {
    if (shapes.size() != count) {
      throw new IllegalArgumentException(
          "takes " + count + (count == 1 ? " input" : " inputs") + ", found " + shapes.size());
    }
    return this;
  }

  /**
   * Returns the grid that all inputs share; global inputs (1 x 1) hold everywhere.
   *
   * @return a shape of that grid with the maps of the first input that has it
   * @throws IllegalArgumentException if two inputs have different grids
   */
  public Shape grid() {
    if (shapes.isEmpty()) {
      throw new IllegalArgumentException("takes at least one input, found none");
    }
    Shape grid = shapes.get(0);
    for (Shape shape : shapes) {
      if (grid.isGlobal()) {
        grid = shape.isGlobal() ? grid : shape;
      } else if (!shape.isGlobal() && !shape.sameGrid(grid)) {
        throw new IllegalArgumentException(
            "takes inputs of one height and width, found "
                + shapes
                + "; crop, shift or up-sample one of them");
      }
    }
    return grid;
  }

  /** Returns the value of {@code input} at the output's own position (or its only one). */
  public Expression read(int input) {
    return shape(input).isGlobal() ? at(input, Tap.global(input)) : read(input, 0, 0);
  }

  /**
   * Returns the value of {@code input} at a fixed distance, zero where that lies outside.
   *
   * @param rows rows down (negative: up)
   * @param columns columns to the right (negative: left)
   */
  public Expression read(int input, int rows, int columns) {
    return at(input, Tap.offset(input, shape(input), rows, columns));
  }

  /**
   * Returns the value of {@code input} at a fixed distance where that pixel is generated earlier
   * than the output's own, zero elsewhere. It follows the model's order: when a model is trained
   * for several, or runs under another, the layer reads what is earlier then.
   *
   * @param rows rows down (negative: up)
   * @param columns columns to the right (negative: left)
   * @throws IllegalArgumentException if the input has not the size of the images, whose order this
   *     is
   */
  public Expression readEarlier(int input, int rows, int columns) {
    return readEarlier(input, rows, columns, order(input));
  }

  /** Returns the same for who reads at many distances, and asks for {@link #order} once. */
  Expression readEarlier(int input, int rows, int columns, GenerationOrder order) {
    return at(input, Tap.earlier(input, rows, columns, order));
  }

  /**
   * Returns the value of {@code input} at the pixel that is generated just before the output's own,
   * zero for the first. It follows the model's order, as {@link #readEarlier} does.
   *
   * @throws IllegalArgumentException if the input has not the size of the images, whose order this
   *     is
   */
  public Expression readBefore(int input) {
    return at(input, Tap.before(input, order(input)));
  }

  /**
   * Returns, at a position, the value of {@code input} at the pixel that is generated as the number
   * that the position has in raster order. It follows the model's order, as {@link #readEarlier}
   * does.
   *
   * @throws IllegalArgumentException if the input has not the size of the images, whose order this
   *     is
   */
  public Expression readInRasterOrder(int input) {
    return at(input, Tap.inRasterOrder(input, order(input)));
  }

  /**
   * Returns, at a pixel, the value of {@code input} at the position that has in raster order the
   * number as which the pixel is generated: the other way round.
   *
   * @throws IllegalArgumentException if the input has not the size of the images, whose order this
   *     is
   */
  public Expression readFromRasterOrder(int input) {
    return at(input, Tap.fromRasterOrder(input, order(input)));
  }

  /**
   * Returns the generation order of the model, for images of the size of an input.
   *
   * <p>What a layer derives from it by itself, such as a map of positions, is for a model of one
   * order. One program serves several, and moves with the order what is read by {@link
   * #readEarlier}, {@link #readBefore}, {@link #ownEarlier} or {@link #attend} alone: a model of
   * several orders refuses the rest.
   *
   * @throws IllegalArgumentException if the input has not the size of the images, whose order this
   *     is
   */
  public GenerationOrder order(int input) {
    return orderOf("the input", shape(input));
  }

  private GenerationOrder orderOf(String what, Shape shape) {
    GenerationOrder order =
        orders
            .map(Orders::current)
            .orElseGet(() -> GenerationOrder.raster(shape.height(), shape.width()));
    if (shape.height() != order.height() || shape.width() != order.width()) {
      throw new IllegalArgumentException(
          "reads what is earlier in the order "
              + order
              + ", but "
              + what
              + " is "
              + shape
              + "; under an order other than raster such layers need the size of the images");
    }
    return order;
  }

  /**
   * Returns the value of {@code input} at the position that {@code positions} says, zero where it
   * says {@link PositionMap#NONE}.
   *
   * @param label how messages name the place
   */
  public Expression read(int input, String label, PositionMap positions) {
    return at(input, new Tap(input, label, positions));
  }

  /**
   * Returns the layer's own output at a fixed distance, zero where that lies outside: what a
   * recurrence goes on from. All that a layer reads of itself must lie before the own position in
   * some order of the positions, as do the places above and to the left; nobody needs to name that
   * order.
   *
   * @param own the shape of the output, as {@link Layer#shape} gives it
   * @param rows rows down (negative: up)
   * @param columns columns to the right (negative: left)
   */
  public Expression own(Shape own, int rows, int columns) {
    return own(own, Tap.offset(Tap.OWN, own, rows, columns));
  }

  /**
   * Returns the layer's own output at a fixed distance where that pixel is generated earlier than
   * the own position, zero elsewhere: a recurrence that follows the model's order, as {@link
   * #readEarlier} does.
   *
   * @param own the shape of the output, of the size of the images
   * @param rows rows down (negative: up)
   * @param columns columns to the right (negative: left)
   * @throws IllegalArgumentException if the output has not the size of the images
   */
  public Expression ownEarlier(Shape own, int rows, int columns) {
    return own(own, Tap.earlier(Tap.OWN, rows, columns, orderOf("the output", own)));
  }

  /**
   * Returns the layer's own output at the position that {@code positions} says, zero where it says
   * {@link PositionMap#NONE}.
   *
   * @param own the shape of the output
   * @param label how messages name the place
   */
  public Expression own(Shape own, String label, PositionMap positions) {
    return own(own, new Tap(Tap.OWN, label, positions));
  }

  /**
   * Returns attention to a set of positions of two inputs, keys and values: see {@link
   * Expression.Attention}. It follows the model's order, as {@link #readEarlier} does.
   *
   * @param query the query at the own position, as wide as the keys
   * @param keys the input that the keys are
   * @param values the input that the values are
   * @param heads into how many equal parts all three are cut
   * @param span which positions
   * @throws IllegalArgumentException if the maps do not divide, or keys and values have not the
   *     size of the images, whose order this is
   */
  public Expression attend(Expression query, int keys, int values, int heads, Span span) {
    return new Expression.Attention(query, attended(keys, span), attended(values, span), heads);
  }

  private Attended attended(int input, Span span) {
    Shape shape = shape(input);
    return new Attended(Tap.span(input, span, orderOf("the input", shape)), shape.maps());
  }

  private static Expression own(Shape own, Tap tap) {
    return new Expression.Read(tap, own.maps());
  }

  private Expression at(int input, Tap tap) {
    return new Expression.Read(tap, shape(input).maps());
  }
}
