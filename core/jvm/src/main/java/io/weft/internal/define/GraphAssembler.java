package io.weft.internal.define;

import io.weft.distribution.Distribution;
import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.graph.Turning;
import io.weft.internal.prove.Wavefronts;
import io.weft.internal.thread.Interruption;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.ReadsLevels;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Puts a layer graph together node by node, and checks each node as it comes. The one place where
 * layers are applied: declaring a model and loading one from a file both end here.
 *
 * <p>Callers have {@code ModelBuilder}. Not for use by several threads at once.
 */
public final class GraphAssembler {

  /** The passes over an expression recurse; this many calls fit on the smallest of stacks. */
  private static final int DEEPEST = 512;

  private static final String SPLIT = "split the layer into several, applied one after the other";

  private final String name;
  private final ImageSpec image;
  private final Orders orders;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Turning turning;

  /** The nodes that learned numbers have a part in. */
  private final BitSet learned = new BitSet();

  private GraphAssembler(String name, ImageSpec image, Orders orders) {
    this.name = Names.check("model", name);
    this.image = Objects.requireNonNull(image, "image");
    try {
      this.orders = orders.checkSize(image.height(), image.width());
    } catch (IllegalArgumentException e) {
      throw new DefinitionException("model \"" + name + "\": " + e.getMessage(), e);
    }
    this.turning = new Turning(this.orders);
    add(new Node.Image(image.shape()));
  }

  /**
   * Starts a graph that holds the image as node 0, generated in raster order.
   *
   * @param name the model's name: letters, digits and "_.+-"
   * @param image the images
   * @throws DefinitionException if the name has other characters
   */
  public static GraphAssembler of(String name, ImageSpec image) {
    return of(name, image, Orders.raster(image.height(), image.width()));
  }

  /**
   * Starts a graph that holds the image as node 0.
   *
   * @param name the model's name: letters, digits and "_.+-"
   * @param image the images
   * @param orders the order in which pixels are generated, and those that the weights are for
   * @throws DefinitionException if the name has other characters, or the orders are for images of
   *     another size
   */
  public static GraphAssembler of(String name, ImageSpec image, Orders orders) {
    return new GraphAssembler(name, image, orders);
  }

  /** Returns the images. */
  public ImageSpec image() {
    return image;
  }

  /** Returns the node with the given index. */
  public Node node(int index) {
    return nodes.get(index);
  }

  /** Returns whether a node has this name. */
  public boolean has(String nodeName) {
    return names.contains(nodeName);
  }

  /**
   * Adds a condition.
   *
   * @return the index of the new node
   * @throws DefinitionException if the name is taken or not one
   */
  public int condition(Condition condition) {
    Names.check("condition", condition.name());
    return add(new Node.Given(condition));
  }

  /**
   * Adds a layer applied to earlier nodes.
   *
   * @param path the node's unique name: names joined by "/"
   * @param layer the layer
   * @param inputs indices of the nodes that it reads
   * @return the index of the new node
   * @throws DefinitionException if the inputs do not fit, the name is taken, or the layer's answers
   *     contradict each other
   */
  public int layer(String path, Layer layer, List<Integer> inputs) {
    return layer(path, layer, inputs, applied -> {});
  }

  /**
   * Adds a layer as above, if it is not too large.
   *
   * @param limit throws what is to be thrown if it is, before its reads are followed from position
   *     to position
   */
  public int layer(String path, Layer layer, List<Integer> inputs, Consumer<Node.Applied> limit) {
    Objects.requireNonNull(layer, "layer");
    Names.checkPath(path);
    inputs.forEach(i -> Objects.checkIndex(i, nodes.size()));
    List<Shape> read = inputs.stream().map(i -> nodes.get(i).shape()).toList();
    try {
      Inputs shapes = new Inputs(read, Optional.of(turning.orders(layer, inputs)));
      if (layer instanceof ReadsLevels reader) {
        checkLevels(reader, inputs);
      }
      Node.Applied applied = Node.Applied.of(path, layer, inputs, shapes);
      check(shapes, applied.shape(), applied.expression());
      limit.accept(applied);
      checkReads(shapes, applied.shape(), applied.expression().taps());
      int index = add(applied);
      learned.set(
          index,
          inputs.stream().anyMatch(learned::get) || !applied.expression().parameters().isEmpty());
      return index;
    } catch (DefinitionException | CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      // A layer may be anybody's code: whatever it throws, the user learns which layer it was.
      String from = inputs.stream().map(i -> describe(nodes.get(i))).toList().toString();
      String place = "model \"" + name + "\", layer " + path + " on " + from;
      if (e instanceof IllegalArgumentException refusal) {
        throw DefinitionException.at(place, refusal);
      }
      throw new DefinitionException(place + ": fails with " + e, e);
    } catch (StackOverflowError e) {
      throw new DefinitionException(
          "model \"" + name + "\", layer " + path + ": nests too deep for the stack; " + SPLIT, e);
    }
  }

  private void checkLevels(ReadsLevels layer, List<Integer> inputs) {
    for (int input : inputs) {
      if (learned.get(input)) {
        throw new IllegalArgumentException(
            "reads levels, which "
                + nodes.get(input).name()
                + " does not give: there are learned numbers behind it, to which no gradient would"
                + " lead; apply this to the image, or to a condition that is one");
      }
    }
    if (inputs.contains(0) && layer.levels() != image.levels()) {
      throw new IllegalArgumentException(
          "reads "
              + layer.levels()
              + " levels, but the images have "
              + image.levels()
              + "; make it for as many");
    }
  }

  private static String describe(Node node) {
    return node.name() + " " + node.shape();
  }

  private static void check(Inputs inputs, Shape shape, Expression expression) {
    if (shape == null || expression == null) {
      throw new IllegalArgumentException(
          (shape == null ? "shape" : "compute")
              + " gives null; return what the layer gives for inputs of "
              + inputs.shapes());
    }
    int depth = expression.depth();
    if (depth > DEEPEST) {
      throw new IllegalArgumentException(
          "nests " + depth + " operations, the limit is " + DEEPEST + "; " + SPLIT);
    }
    if (expression.width() != shape.maps()) {
      throw new IllegalArgumentException(
          "says that it gives " + shape.maps() + " maps, but computes " + expression.width());
    }
    expression.parameters();
    expression.visit(
        e -> {
          if (e instanceof Expression.Read read) {
            checkWidth(inputs, shape, read.tap(), read.width());
          } else if (e instanceof Expression.Attention attention) {
            checkWidth(inputs, shape, attention.keys().tap(), attention.keys().width());
            checkWidth(inputs, shape, attention.values().tap(), attention.values().width());
          }
        });
  }

  private static void checkReads(Inputs inputs, Shape output, List<Tap> taps) {
    for (Tap tap : taps) {
      Shape input = tap.isOwn() ? output : inputs.shape(tap.input());
      tap.positions().follows().ifPresent(order -> checkOrder(inputs, input, output, tap, order));
      checkPositions(input, output, tap);
    }
    Wavefronts.of(output, taps);
  }

  private static void checkWidth(Inputs inputs, Shape shape, Tap tap, int width) {
    int input = tap.input();
    if (tap.isOwn()) {
      if (width != shape.maps()) {
        throw new IllegalArgumentException(
            "reads "
                + width
                + " maps of its own output at "
                + tap.label()
                + ", but gives "
                + shape.maps()
                + "; slice what is read");
      }
      return;
    }
    if (input >= inputs.count()) {
      throw new IllegalArgumentException(
          "reads input " + input + ", but has " + inputs.count() + " inputs, counted from 0");
    }
    if (width != inputs.shape(input).maps()) {
      throw new IllegalArgumentException(
          "reads "
              + width
              + " maps of input "
              + input
              + ", which has "
              + inputs.shape(input).maps());
    }
  }

  /** Checks that a tap stays within its input; one at a fixed distance does if its sizes agree. */
  private static void checkPositions(Shape input, Shape output, Tap tap) {
    if (tap.positions() instanceof PositionMap.Offset offset
        && offset.height() == input.height()
        && offset.width() == input.width()) {
      return;
    }
    if (tap.isSet()) {
      return;
    }
    for (int row = 0; row < output.height(); row++) {
      Interruption.check();
      for (int column = 0; column < output.width(); column++) {
        int source = tap.source(row, column);
        if (source != PositionMap.NONE && (source < 0 || source >= input.positions())) {
          throw new IllegalArgumentException(
              "reads position "
                  + source
                  + (tap.isOwn() ? " of its own output at " : " of input " + tap.input() + " at ")
                  + tap.label()
                  + " of ("
                  + row
                  + ", "
                  + column
                  + "); positions of "
                  + input
                  + " go from 0 to "
                  + (input.positions() - 1)
                  + ", and NONE stands for nothing");
        }
      }
    }
  }

  /** The schedule, the caches and TensorFlow know one order, that of the model. */
  private static void checkOrder(
      Inputs inputs, Shape input, Shape output, Tap tap, GenerationOrder order) {
    checkSize(input, tap, order, "what it reads");
    checkSize(output, tap, order, "its output");
    if (!inputs.orders().map(o -> o.current().equals(order)).orElseGet(order::isRaster)) {
      throw new IllegalArgumentException(
          "reads "
              + tap.label()
              + " in the order "
              + order
              + ", but the model is generated in "
              + inputs.orders().map(o -> o.current().toString()).orElse("raster order")
              + "; take the order that the inputs have, or read as earlier, as before or by"
              + " attention");
    }
  }

  private static void checkSize(Shape grid, Tap tap, GenerationOrder order, String what) {
    if (grid.height() != order.height() || grid.width() != order.width()) {
      throw new IllegalArgumentException(
          "reads "
              + tap.label()
              + " in the order "
              + order
              + ", but "
              + what
              + " is "
              + grid
              + "; where an order decides what is read, both have the size of its images");
    }
  }

  private int add(Node node) {
    try {
      node.shape();
    } catch (IllegalArgumentException e) {
      throw DefinitionException.at("model \"" + name + "\", " + node.name(), e);
    }
    if (!names.add(node.name())) {
      throw new DefinitionException(
          "model \"" + name + "\" has two features named \"" + node.name() + "\"; rename one");
    }
    nodes.add(node);
    turning.add(node);
    return nodes.size() - 1;
  }

  /**
   * Returns the graph of all nodes so far, not proven.
   *
   * @param output the index of the node that gives the distribution's parameters
   * @param distribution the distribution of one colour value
   */
  public LayerGraph graph(int output, Distribution distribution) {
    return new LayerGraph(name, image, orders, nodes, output, distribution);
  }
}
