package io.weft.internal.tensorflow;

import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.engine.NativeException;
import io.weft.graph.LayerGraph;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.lower.Phase;
import io.weft.memory.MemoryException;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * A definition compiled for others to serve: a graph with the signatures "score" and "sample_step",
 * which is written as a SavedModel.
 */
public final class ServingProgram implements AutoCloseable {

  /** The name of the signature that scores. */
  public static final String SCORE = "score";

  /** The name of the signature that draws one colour value. */
  public static final String SAMPLE_STEP = "sample_step";

  private final NativeGraph graph;
  private final Ops tf;
  private final ImageSpec image;
  private final Variables variables;
  private final Placeholder<? extends TNumber> images;
  private final Map<String, Placeholder<?>> conditions = new LinkedHashMap<>();
  private final Signature score;
  private final Signature sampleStep;

  private ServingProgram(Definition definition, NativeGraph graph) {
    this.graph = graph;
    tf = graph.ops();
    LayerGraph layers = definition.graph();
    image = layers.image();
    images =
        tf.withName("images")
            .placeholder(
                ImageFeed.type(image),
                Placeholder.shape(
                    Shape.of(Shape.UNKNOWN_SIZE, image.height(), image.width(), image.channels())));
    Map<String, Operand<TFloat32>> features = new LinkedHashMap<>();
    layers.conditions().forEach(c -> features.put(c.name(), c.match(new Features())));
    variables = new Variables(tf, "weights", layers.parameters(), p -> true);
    Operand<TFloat32> output =
        new GraphLowering<>(
                layers,
                // In a scope of their own, layers cannot take the names of the saver.
                tf.withSubScope("network"),
                TFloat32.class,
                Phase.INFERENCE,
                new GraphLowering.Feeds<>(
                    ImageFeed.scaled(tf, TFloat32.class, image, images),
                    features,
                    tf.constant(new long[2])),
                variables.values())
            .output();
    score = score(definition, output);
    sampleStep = sampleStep(definition, output);
    addSaver();
  }

  /** Compiles a definition and gives the program its weights. */
  public static ServingProgram of(Definition definition, Weights weights) {
    return CloseOnFailure.of(
        CloseOnFailure.of(
            TensorFlowEngine.on(Device.cpu()).open(definition.graph()),
            graph -> new ServingProgram(definition, graph)),
        program -> {
          program.graph.run(session -> program.variables.assign(session, weights));
          return program;
        });
  }

  /** Makes the input of each kind of condition, and returns its feature. */
  private final class Features implements Condition.Cases<Operand<TFloat32>> {
    @Override
    public Operand<TFloat32> oneOf(Condition.OneOf condition) {
      int classes = condition.count();
      Operand<TInt32> labels = input(condition, TInt32.class, Shape.of(Shape.UNKNOWN_SIZE));
      // Looked up first: of a label that is no class OneHot alone makes zeros, and this an error.
      Operand<TInt32> all = tf.range(tf.constant(0), tf.constant(classes), tf.constant(1));
      Operand<TFloat32> rows =
          tf.oneHot(
              tf.gather(all, labels, tf.constant(0)),
              tf.constant(classes),
              tf.constant(1f),
              tf.constant(0f));
      return tf.reshape(rows, tf.constant(new int[] {-1, 1, 1, classes}));
    }

    @Override
    public Operand<TFloat32> vector(Condition.Vector condition) {
      Operand<TFloat32> vectors =
          input(condition, TFloat32.class, Shape.of(Shape.UNKNOWN_SIZE, condition.size()));
      return tf.reshape(vectors, tf.constant(new int[] {-1, 1, 1, condition.size()}));
    }

    @Override
    public Operand<TFloat32> spatial(Condition.Spatial condition) {
      return input(
          condition,
          TFloat32.class,
          Shape.of(Shape.UNKNOWN_SIZE, condition.height(), condition.width(), condition.maps()));
    }
  }

  private <T extends TType> Operand<T> input(Condition condition, Class<T> type, Shape shape) {
    // TensorFlow's names know no "+".
    String name = "condition_" + condition.name().replace('+', '_');
    Placeholder<T> input = tf.withName(name).placeholder(type, Placeholder.shape(shape));
    conditions.put("condition_" + condition.name(), input);
    return input;
  }

  private Signature score(Definition definition, Operand<TFloat32> output) {
    Operand<TFloat32> logs =
        DistributionForm.of(tf, TFloat32.class, image, definition.distribution())
            .logLikelihood(output, tf.dtypes.cast(images, TInt32.class));
    return withInputs(SCORE).output("log_likelihood", WhereFinite.of(tf, output, logs)).build();
  }

  private Signature sampleStep(Definition definition, Operand<TFloat32> output) {
    Placeholder<TInt32> step =
        tf.withName("step").placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    Placeholder<TFloat64> uniforms =
        tf.withName("uniforms")
            .placeholder(TFloat64.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE)));
    Placeholder<TFloat32> temperature =
        tf.withName("temperature").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Operand<TInt32> place = tf.gather(tf.constant(places(definition.graph())), step, axis(0));
    Operand<TInt32> channels = tf.constant(image.channels());
    Operand<TInt32> pixel = tf.math.floorDiv(place, channels);
    Operand<TFloat32> maps = at(pixel, output, definition.distribution().maps(image));
    Operand<TFloat32> drawn =
        at(pixel, ImageFeed.scaled(tf, TFloat32.class, image, images), image.channels());
    InverseDistribution distribution =
        new InverseDistribution(tf, definition.distribution(), image);
    List<Operand<TFloat32>> ofChannels =
        IntStream.range(0, image.channels())
            .mapToObj(c -> distribution.logits(c, parameters(definition, c, maps, drawn)))
            .toList();
    Operand<TFloat32> logits =
        tf.gather(tf.stack(ofChannels), tf.math.floorMod(place, channels), axis(0));
    Operand<TInt32> value = distribution.draw(logits, uniforms, temperature);
    return withInputs(SAMPLE_STEP)
        .input("step", step)
        .input("uniforms", uniforms)
        .input("temperature", temperature)
        .output("value", value)
        .output("images", written(place, value))
        .build();
  }

  /** The maps of a feature at one pixel, [batch, maps]. */
  private Operand<TFloat32> at(Operand<TInt32> pixel, Operand<TFloat32> feature, int maps) {
    return tf.gather(
        tf.reshape(feature, tf.constant(new int[] {-1, image.pixels(), maps})), pixel, axis(1));
  }

  /** The parameters of a channel's value, from all maps and values of its pixel. */
  private Operand<TFloat32> parameters(
      Definition definition, int channel, Operand<TFloat32> maps, Operand<TFloat32> drawn) {
    ValueDistribution value = ValueDistribution.of(definition.distribution(), image, channel);
    int[] described = value.maps().stream().mapToInt(m -> m).toArray();
    Operand<TFloat32> parameters = tf.gather(maps, tf.constant(described), axis(1));
    if (value.earlier() == 0) {
      return parameters;
    }
    int[] earlier = IntStream.range(0, value.earlier()).toArray();
    return tf.concat(List.of(parameters, tf.gather(drawn, tf.constant(earlier), axis(1))), axis(1));
  }

  private Operand<TInt32> axis(int axis) {
    return tf.constant(axis);
  }

  /** Where in a row-major image each step draws. */
  private int[] places(LayerGraph layers) {
    int channels = image.channels();
    return IntStream.range(0, image.values())
        .map(step -> layers.order().position(step / channels) * channels + step % channels)
        .toArray();
  }

  private Operand<? extends TNumber> written(Operand<TInt32> place, Operand<TInt32> value) {
    return written(place, value, images);
  }

  private <T extends TNumber> Operand<T> written(
      Operand<TInt32> place, Operand<TInt32> value, Operand<T> before) {
    Operand<TInt32> everyPlace =
        tf.reshape(
            tf.range(tf.constant(0), tf.constant(image.values()), tf.constant(1)),
            tf.constant(new int[] {1, image.height(), image.width(), image.channels()}));
    Operand<T> drawn =
        tf.dtypes.cast(tf.reshape(value, tf.constant(new int[] {-1, 1, 1, 1})), before.type());
    return tf.select(tf.math.equal(everyPlace, place), drawn, before);
  }

  private Signature.Builder withInputs(String name) {
    Signature.Builder signature =
        Signature.builder(name).methodName("tensorflow/serving/predict").input("images", images);
    conditions.forEach(signature::input);
    return signature;
  }

  /**
   * TensorFlow Java saves nothing but variables of the old kind, unless it finds these names in the
   * graph.
   */
  private void addSaver() {
    Map<String, Operand<TFloat32>> values = variables.values();
    String[] names = values.keySet().toArray(String[]::new);
    String[] whole = new String[names.length];
    Arrays.fill(whole, "");
    Ops save = tf.withSubScope("save");
    Placeholder<TString> file =
        save.withName("filename").placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    Op saved =
        save.train.save(file, save.array(names), save.array(whole), List.copyOf(values.values()));
    save.withControlDependencies(List.of(saved)).withName("control_dependency").identity(file);
    var read =
        save.train
            .restore(
                file,
                save.array(names),
                save.array(whole),
                Collections.nCopies(names.length, TFloat32.class))
            .tensors();
    List<Op> assigned = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      assigned.add(save.assignVariableOp(variables.handle(names[i]), read.get(i)));
    }
    save.withControlDependencies(assigned).withName("restore_all").noOp();
  }

  /**
   * Writes the SavedModel.
   *
   * @param folder where to; whatever it has of the same names is overwritten
   * @throws IOException if writing fails
   */
  public void export(Path folder) throws IOException {
    try {
      graph.run(session -> export(session, folder));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (NativeException | MemoryException e) {
      // To TensorFlow a full disk is a resource that is exhausted, as memory is.
      throw new IOException("TensorFlow could not write the SavedModel: " + e.getMessage(), e);
    }
  }

  private void export(Session session, Path folder) {
    try {
      SavedModelBundle.exporter(folder.toString())
          .withSession(session)
          .withSignatures(score, sampleStep)
          .export();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}
