package io.weft.internal.tensorflow;

import io.weft.distribution.Distribution;
import io.weft.expression.Expression;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.define.GraphAssembler;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.lower.Phase;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * One TensorFlow graph in which many small layer graphs are lowered side by side, each input and
 * parameter open for a test to set. One run computes any number of them.
 *
 * @param <T> the floating type
 */
public final class Workbench<T extends TFloating> implements AutoCloseable {

  public static final int BATCH = 2;

  /** A layer without its whole-image form: what its expression alone says. */
  public record General(Layer layer) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return layer.shape(inputs);
    }

    @Override
    public Expression compute(Inputs inputs) {
      return layer.compute(inputs);
    }
  }

  /** A placeholder and what is fed to it. */
  public final class Place {
    private final long[] sizes;
    private final Placeholder<T> operand;
    private double[] values;

    private Place(long... sizes) {
      this.sizes = sizes;
      long[] declared = sizes.clone();
      if (sizes.length == 4) {
        declared[0] = org.tensorflow.ndarray.Shape.UNKNOWN_SIZE;
      }
      operand = tf.placeholder(type, Placeholder.shape(org.tensorflow.ndarray.Shape.of(declared)));
      values = new double[Math.toIntExact(Arrays.stream(sizes).reduce(1, (a, b) -> a * b))];
    }

    public double[] values() {
      return values.clone();
    }

    public void set(double[] replacement) {
      if (replacement.length != values.length) {
        throw new IllegalArgumentException(replacement.length + " for " + values.length);
      }
      values = replacement.clone();
    }

    public Operand<T> operand() {
      return operand;
    }

    private Tensor tensor() {
      var shape = org.tensorflow.ndarray.Shape.of(sizes);
      if (type == TFloat64.class) {
        return TFloat64.tensorOf(shape, DataBuffers.of(values, true, false));
      }
      float[] narrow = new float[values.length];
      IntStream.range(0, narrow.length).forEach(i -> narrow[i] = (float) values[i]);
      return TFloat32.tensorOf(shape, DataBuffers.of(narrow, true, false));
    }
  }

  private final Class<T> type;
  private final Graph graph = new Graph();
  private final Ops tf;
  private final List<Place> places = new ArrayList<>();
  private Session session;
  private int scopes;

  static {
    TensorFlowNative.version();
  }

  public Workbench(Class<T> type) {
    this.type = type;
    tf = GraphOps.of(graph);
  }

  /** Returns the graph in which one layer reads open inputs of the given shapes. */
  public static LayerGraph alone(Layer layer, Shape... inputs) {
    return alone(layer, Orders.raster(1, 1), inputs);
  }

  /** Returns such a graph under some generation orders, of images of their size. */
  public static LayerGraph alone(Layer layer, Orders orders, Shape... inputs) {
    ImageSpec spec = new ImageSpec(orders.current().height(), orders.current().width(), 1, 2);
    GraphAssembler assembler = GraphAssembler.of("alone", spec, orders);
    List<Node> nodes = new ArrayList<>(List.of(assembler.node(0)));
    List<Integer> indices = new ArrayList<>();
    for (Shape shape : inputs) {
      String name = "in" + indices.size();
      int index =
          assembler.condition(
              new Condition.Spatial(name, shape.height(), shape.width(), shape.maps()));
      nodes.add(assembler.node(index));
      indices.add(index);
    }
    int output = assembler.layer("layer", layer, indices);
    nodes.add(assembler.node(output));
    return new LayerGraph("alone", spec, orders, nodes, output, Distribution.softmax());
  }

  public Ops tf() {
    return tf;
  }

  public Place place(long... sizes) {
    Place place = new Place(sizes);
    places.add(place);
    return place;
  }

  /** Makes a place for every parameter, condition and the image that a graph may read. */
  public Map<String, Place> places(LayerGraph layers, int batch) {
    Map<String, Place> made = new LinkedHashMap<>();
    Shape image = layers.image().shape();
    made.put("image", place(batch, image.height(), image.width(), image.maps()));
    for (Condition condition : layers.conditions()) {
      Shape shape = condition.shape();
      made.put(condition.name(), place(batch, shape.height(), shape.width(), shape.maps()));
    }
    made.putAll(parameters(layers));
    return made;
  }

  /** Makes a place for every parameter of a graph. */
  public Map<String, Place> parameters(LayerGraph layers) {
    Map<String, Place> made = new LinkedHashMap<>();
    layers
        .parameters()
        .forEach(
            (name, parameter) ->
                made.put(name, place(parameter.dimensions().stream().mapToLong(d -> d).toArray())));
    return made;
  }

  /** Fills places with random values; variances and scales are kept well above 0. */
  public static void randomise(
      Map<String, ? extends Workbench<?>.Place> places, SplittableRandom random) {
    places.forEach(
        (name, place) -> {
          boolean positive = name.endsWith("/variance") || name.endsWith("/scale");
          double[] values = place.values();
          for (int i = 0; i < values.length; i++) {
            double value = 2 * random.nextDouble() - 1;
            values[i] = positive ? 1 + value / 2 : value;
          }
          place.set(values);
        });
  }

  /** Tells whether TensorFlow runs {@code layer} in a form of its own over whole images. */
  public static boolean hasForm(Layer layer) {
    return LayerForms.of(layer).isPresent();
  }

  /** Returns the output of a graph that reads the given places. */
  public Operand<T> output(LayerGraph layers, Phase phase, Map<String, Place> from) {
    return lower(layers, phase, from).output();
  }

  /** Returns the same under number {@code order} of the orders that one lowered graph serves. */
  public Operand<T> output(
      LayerGraph layers,
      Phase phase,
      Map<String, Place> from,
      List<GenerationOrder> orders,
      int order) {
    OrderChoice choice = new OrderChoice(orders, Optional.of(tf.constant(order)));
    return lower(layers, phase, from, choice).output();
  }

  /** Returns the value of each node of a graph that reads the given places, in order. */
  public List<Operand<T>> values(LayerGraph layers, Phase phase, Map<String, Place> from) {
    GraphLowering<T> lowered = lower(layers, phase, from);
    return IntStream.range(0, layers.nodes().size()).mapToObj(lowered::value).toList();
  }

  /** Lowers a graph that reads the given places. */
  GraphLowering<T> lower(LayerGraph layers, Phase phase, Map<String, Place> from) {
    return lower(layers, phase, from, OrderChoice.only(layers.order()));
  }

  /** Lowers a graph that reads the given places, for the orders of {@code choice}. */
  GraphLowering<T> lower(
      LayerGraph layers, Phase phase, Map<String, Place> from, OrderChoice choice) {
    Map<String, Operand<T>> conditions = new LinkedHashMap<>();
    layers.conditions().forEach(c -> conditions.put(c.name(), from.get(c.name()).operand()));
    Map<String, Operand<T>> parameters = new LinkedHashMap<>();
    layers.parameters().keySet().forEach(n -> parameters.put(n, from.get(n).operand()));
    Operand<TInt64> key = tf.constant(new long[] {5, 3});
    return new GraphLowering<>(
        layers,
        tf.withSubScope("graph" + scopes++),
        type,
        phase,
        new GraphLowering.Feeds<>(
            from.get("image").operand(), conditions, key, Optional.of(tf.constant(type, 7))),
        parameters,
        choice);
  }

  /** Returns the parameters of a graph that training changes. */
  public static List<String> trainable(LayerGraph layers) {
    Map<String, Parameter> parameters = layers.parameters();
    return parameters.keySet().stream().filter(n -> parameters.get(n).trainable()).toList();
  }

  /** Returns a scalar: the sum of {@code value}, entry by entry times {@code weights}. */
  public Operand<T> functional(Operand<T> value, Place weights) {
    Operand<T> products = tf.math.mul(value, weights.operand());
    return tf.sum(tf.reshape(products, tf.constant(new int[] {-1})), tf.constant(0));
  }

  /** Returns the gradient of a scalar by each place. */
  public List<Operand<T>> gradients(Operand<T> scalar, List<Place> by) {
    org.tensorflow.Output<?>[] values =
        by.stream().map(p -> p.operand().asOutput()).toArray(org.tensorflow.Output<?>[]::new);
    List<Operand<T>> result = new ArrayList<>();
    for (org.tensorflow.Output<?> gradient : graph.addGradients(scalar.asOutput(), values)) {
      @SuppressWarnings("unchecked")
      Operand<T> typed = (Operand<T>) gradient;
      result.add(typed);
    }
    return result;
  }

  /** Computes values under what the places hold now. */
  public List<double[]> run(List<? extends Operand<T>> fetched) {
    if (session == null) {
      session = new Session(graph);
    }
    Session.Runner runner = session.runner();
    List<Tensor> fed = new ArrayList<>();
    try {
      for (Place place : places) {
        Tensor tensor = place.tensor();
        fed.add(tensor);
        runner.feed(place.operand(), tensor);
      }
      fetched.forEach(runner::fetch);
      try (var result = runner.run()) {
        List<double[]> values = new ArrayList<>();
        for (int i = 0; i < fetched.size(); i++) {
          values.add(doubles(result.get(i)));
        }
        return values;
      }
    } finally {
      fed.forEach(Tensor::close);
    }
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.shape().size())];
    if (tensor instanceof TFloat64 wide) {
      wide.asRawTensor().data().asDoubles().read(values);
    } else {
      float[] narrow = Variables.floats(tensor);
      IntStream.range(0, narrow.length).forEach(i -> values[i] = narrow[i]);
    }
    return values;
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
    graph.close();
  }
}
