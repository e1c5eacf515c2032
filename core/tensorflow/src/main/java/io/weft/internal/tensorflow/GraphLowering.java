package io.weft.internal.tensorflow;

import io.weft.engine.NativeException;
import io.weft.expression.Expression;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.graph.Turning;
import io.weft.internal.thread.Interruption;
import io.weft.layer.Inputs;
import io.weft.lower.Lowering;
import io.weft.lower.Phase;
import io.weft.lower.WholeImageForm;
import io.weft.memory.MemoryException;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.DefinitionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * Lowers a whole layer graph to TensorFlow, once for each phase that it is wanted in.
 *
 * @param <T> the floating type
 */
final class GraphLowering<T extends TFloating> {

  private final LayerGraph graph;
  private final Turning turning;
  private final Ops tf;
  private final Class<T> type;
  private final Phase phase;
  private final Feeds<T> feeds;
  private final Map<String, Operand<T>> parameters;
  private final OrderChoice choice;
  private final Map<Mask, Operand<T>> masks = new HashMap<>();
  private final Adjustment<T> adjustment;
  private final List<Operand<T>> values = new ArrayList<>();
  private final Map<String, Operand<T>> updates = new LinkedHashMap<>();

  /**
   * What flows into the graph.
   *
   * @param image the scaled image, [batch, height, width, channels]
   * @param conditions the conditions' features by name, [batch, height or 1, width or 1, maps]
   * @param key seed and step of the run's noise, an int64 vector of 2; read in training only
   * @param steps how many steps the model had before, a scalar; there in training only
   * @param <T> the floating type
   */
  record Feeds<T extends TFloating>(
      Operand<T> image,
      Map<String, Operand<T>> conditions,
      Operand<TInt64> key,
      Optional<Operand<T>> steps) {

    /** What flows into a graph that takes no training step. */
    Feeds(Operand<T> image, Map<String, Operand<T>> conditions, Operand<TInt64> key) {
      this(image, conditions, key, Optional.empty());
    }
  }

  /**
   * What is done to a layer's output before other layers read it.
   *
   * @param <T> the floating type
   */
  @FunctionalInterface
  interface Adjustment<T extends TFloating> {
    /** Returns the value to read in place of {@code output}. */
    Operand<T> of(Node.Applied node, Ops tf, Operand<T> output);
  }

  /**
   * Lowers {@code graph} for its own order.
   *
   * @param parameters the values of the parameters by full name, each in its own shape
   */
  GraphLowering(
      LayerGraph graph,
      Ops tf,
      Class<T> type,
      Phase phase,
      Feeds<T> feeds,
      Map<String, Operand<T>> parameters) {
    this(graph, tf, type, phase, feeds, parameters, OrderChoice.only(graph.order()));
  }

  /**
   * Lowers {@code graph} for several orders, of which each run takes one.
   *
   * @param parameters the values of the parameters by full name, each in its own shape
   */
  GraphLowering(
      LayerGraph graph,
      Ops tf,
      Class<T> type,
      Phase phase,
      Feeds<T> feeds,
      Map<String, Operand<T>> parameters,
      OrderChoice choice) {
    this(graph, tf, type, phase, feeds, parameters, choice, (node, ops, output) -> output);
  }

  GraphLowering(
      LayerGraph graph,
      Ops tf,
      Class<T> type,
      Phase phase,
      Feeds<T> feeds,
      Map<String, Operand<T>> parameters,
      OrderChoice choice,
      Adjustment<T> adjustment) {
    this.choice = choice;
    this.graph = graph;
    this.turning = graph.turning();
    this.tf = tf;
    this.type = type;
    this.phase = phase;
    this.feeds = feeds;
    this.parameters = parameters;
    this.adjustment = adjustment;
    List<Ops> scopes = scopes();
    Operand<TInt32> batch =
        tf.squeeze(
            tf.slice(
                tf.shape(feeds.image()), tf.constant(new int[] {0}), tf.constant(new int[] {1})));
    boolean[] live = graph.live();
    for (int i = 0; i < graph.nodes().size(); i++) {
      Interruption.check();
      values.add(live[i] || i == 0 ? lower(i, graph.nodes().get(i), scopes.get(i), batch) : null);
    }
  }

  /** Returns the value of the output node. */
  Operand<T> output() {
    return values.get(graph.output());
  }

  /** Returns the value of a node, or null if the output does not depend on it. */
  Operand<T> value(int node) {
    return values.get(node);
  }

  /** Returns what replaces statistics after a training step, by full parameter name. */
  Map<String, Operand<T>> updates() {
    return Map.copyOf(updates);
  }

  private Operand<T> lower(int index, Node node, Ops scope, Operand<TInt32> batch) {
    return node.match(
        new Node.Cases<>() {
          @Override
          public Operand<T> image(Node.Image image) {
            return feeds.image();
          }

          @Override
          public Operand<T> given(Node.Given given) {
            return feeds.conditions().get(given.name());
          }

          @Override
          public Operand<T> applied(Node.Applied applied) {
            NodeLowering lowering = new NodeLowering(index, applied, scope, batch);
            Operand<T> value =
                LayerForms.of(applied.layer())
                    .map(lowering::run)
                    .orElseGet(() -> lowering.evaluate(applied.expression()));
            return adjustment.of(applied, scope, value);
          }
        });
  }

  /**
   * The scopes of all nodes, made before there are operations: TensorFlow looks at every operation
   * of the graph to make one. Its names know no "+", and blocks within blocks would cost more
   * scopes.
   */
  private List<Ops> scopes() {
    return graph.nodes().stream()
        .map(n -> tf.withSubScope(n.name().replace('/', '.').replace('+', '_')))
        .toList();
  }

  /** Which pixels at a distance are earlier, in each of some orders. */
  private record Mask(int rows, int columns, int height, int width, List<GenerationOrder> orders) {}

  private final class NodeLowering implements Lowering<T>, Surroundings<T> {
    private final int index;
    private final Node.Applied node;
    private final Operand<TInt32> batch;
    private final Ops scope;
    private final Set<String> read = new HashSet<>();
    private final Orders followed;
    private int draws;

    NodeLowering(int index, Node.Applied node, Ops scope, Operand<TInt32> batch) {
      this.index = index;
      this.node = node;
      this.batch = batch;
      this.scope = scope;
      this.followed = turning.orders(node.layer(), node.inputs());
    }

    /** A form may be anybody's code: whatever it does, the user learns which layer it was. */
    Operand<T> run(WholeImageForm form) {
      Operand<T> value;
      try {
        value = form.lower(this);
      } catch (RuntimeException e) {
        RuntimeException ours = TensorFlowNative.translated(e);
        if (ours instanceof MemoryException) {
          throw ours;
        }
        boolean explains =
            ours instanceof IllegalArgumentException || ours instanceof NativeException;
        String problem = explains ? ours.getMessage() : ours.toString();
        throw new DefinitionException(error("fails: " + problem), ours);
      }
      if (value == null) {
        throw new DefinitionException(error("gives nothing; return the output"));
      }
      if (value.op().env() != scope.scope().env()) {
        throw new DefinitionException(error("gives a value of another graph; make it with tf()"));
      }
      if (value.type() != type) {
        throw new DefinitionException(
            error("gives " + value.type().getSimpleName() + ", expected " + type.getSimpleName()));
      }
      if (!fits(value.shape())) {
        throw new DefinitionException(
            error(
                "gives "
                    + value.shape()
                    + ", expected [batch, "
                    + shape().height()
                    + ", "
                    + shape().width()
                    + ", "
                    + shape().maps()
                    + "]"));
      }
      for (Parameter parameter : node.parameters()) {
        if (parameter.trainable() && !read.contains(parameter.name())) {
          throw new DefinitionException(
              error(
                  "never reads parameter \""
                      + parameter.name()
                      + "\", which its expression uses; both must compute the same"));
        }
      }
      return value;
    }

    private String error(String problem) {
      return "model \""
          + graph.name()
          + "\", layer "
          + node.name()
          + ": its whole-image form "
          + problem;
    }

    /** Sizes that TensorFlow does not know before the run pass. */
    private boolean fits(org.tensorflow.ndarray.Shape found) {
      long[] expected = {-1, shape().height(), shape().width(), shape().maps()};
      if (found.isUnknown()) {
        return true;
      }
      boolean fits = found.numDimensions() == expected.length;
      for (int i = 1; fits && i < expected.length; i++) {
        long size = found.get(i);
        fits = size == org.tensorflow.ndarray.Shape.UNKNOWN_SIZE || size == expected[i];
      }
      return fits;
    }

    @Override
    public Ops tf() {
      return scope;
    }

    @Override
    public Class<T> type() {
      return type;
    }

    @Override
    public Phase phase() {
      return phase;
    }

    @Override
    public Operand<T> input(int input) {
      Operand<T> value = values.get(node.inputs().get(input));
      if (value == null) {
        throw new IllegalArgumentException(
            "layer "
                + node.name()
                + " asks for input "
                + input
                + ", which its expression does not read");
      }
      return value;
    }

    @Override
    public Inputs inputs() {
      List<Shape> shapes = node.inputs().stream().map(i -> graph.nodes().get(i).shape()).toList();
      return new Inputs(shapes, Optional.of(followed));
    }

    @Override
    public Shape shape() {
      return node.shape();
    }

    @Override
    public Expression expression() {
      return node.expression();
    }

    @Override
    public Operand<T> parameter(Parameter parameter) {
      Operand<T> value = parameters.get(node.fullName(parameter));
      if (value == null) {
        throw new IllegalArgumentException(
            "layer "
                + node.name()
                + " asks for parameter \""
                + parameter.name()
                + "\", which its expression does not use");
      }
      read.add(parameter.name());
      return value;
    }

    @Override
    public Operand<T> constant(float[] constants, long... sizes) {
      return scope.dtypes.cast(
          scope.constant(
              org.tensorflow.ndarray.Shape.of(sizes), DataBuffers.of(constants, true, false)),
          type);
    }

    @Override
    public List<GenerationOrder> orders() {
      return choice.orders().stream().map(this::onGrid).toList();
    }

    /**
     * Raster order is the same on every grid, and is that of what is turned to it; any other is for
     * one of the images' size.
     */
    private GenerationOrder onGrid(GenerationOrder order) {
      return order.isRaster() || followed.rasterAlone()
          ? GenerationOrder.raster(shape().height(), shape().width())
          : order;
    }

    @Override
    public Operand<T> perOrder(float[][] values, long... sizes) {
      return choice.constant(scope, type, values, sizes);
    }

    @Override
    public Operand<TInt32> numbersPerOrder(int[][] values) {
      return choice.numbers(scope, values);
    }

    @Override
    public Operand<T> earlier(int rows, int columns) {
      int height = shape().height();
      int width = shape().width();
      return masks.computeIfAbsent(
          new Mask(rows, columns, height, width, orders()),
          mask -> perOrder(OrderChoice.earlier(orders(), rows, columns), 1, height, width, 1));
    }

    @Override
    public Operand<T> scalar(double value) {
      return scope.constant(type, value);
    }

    @Override
    public Operand<T> evaluate(Expression expression) {
      boolean isRecurrent = expression.taps().stream().anyMatch(Tap::isOwn);
      if (isRecurrent && expression != node.expression()) {
        throw new IllegalArgumentException(
            "layer "
                + node.name()
                + " evaluates an expression that reads the layer's own output, which is what its"
                + " whole expression gives; evaluate that (expression())");
      }
      return isRecurrent
          ? new RecurrentLowering<>(this, this, expressions(), expression).run()
          : expressions().run(expression);
    }

    @Override
    public Operand<T> vector(Expression expression) {
      return expressions().global(expression);
    }

    private ExpressionLowering<T> expressions() {
      return new ExpressionLowering<>(this, inputs().shapes(), batch);
    }

    @Override
    public Operand<T> uniform(Operand<T> like) {
      // The layer and the number of the draw within it make the noise differ between layers.
      Operand<TInt64> salt = scope.constant(new long[] {index * 1_000_003L + draws++, 0});
      return scope.random.statelessRandomUniform(
          scope.shape(like), scope.math.add(feeds.key(), salt), type);
    }

    @Override
    public Operand<T> trainingSteps() {
      return feeds
          .steps()
          .orElseThrow(
              () -> new IllegalStateException("only a graph for training counts its steps"));
    }

    @Override
    public void update(Parameter parameter, Operand<T> value) {
      if (parameter.trainable()) {
        throw new IllegalArgumentException(
            "layer "
                + node.name()
                + " updates parameter \""
                + parameter.name()
                + "\", which gradients train; only statistics are updated");
      }
      updates.put(node.fullName(parameter), value);
    }
  }
}
