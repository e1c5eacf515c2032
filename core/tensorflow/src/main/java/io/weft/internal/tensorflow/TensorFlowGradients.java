package io.weft.internal.tensorflow;

import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Gradient;
import io.weft.engine.GradientProgram;
import io.weft.weight.WeightLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The gradients of a definition's loss as a TensorFlow graph that reads the weights as it reads the
 * images.
 */
final class TensorFlowGradients implements GradientProgram {

  /** Spreads the numbers of micro-batches over all seeds (Steele et al. 2014); 0 stays 0. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final WeightLayout layout;
  private final int values;
  private final NativeGraph graph;
  private final Map<String, Placeholder<TFloat32>> weights = new LinkedHashMap<>();
  private final Placeholder<TFloat32> steps;
  private final Placeholder<TFloat32> scale;
  private final LossGradients computed;
  private final Map<String, Operand<TFloat32>> changes = new LinkedHashMap<>();
  private boolean ran;

  private TensorFlowGradients(Definition definition, Settings settings, NativeGraph graph) {
    this.graph = graph;
    layout = WeightLayout.of(definition);
    values = definition.image().values();
    Ops tf = graph.ops();
    for (String name : layout.names()) {
      Shape shape = Variables.shape(layout.place(name).parameter());
      weights.put(name, tf.placeholder(TFloat32.class, Placeholder.shape(shape)));
    }
    steps = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    scale = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    computed =
        new LossGradients(
            definition,
            graph,
            tf,
            settings.precision(),
            new LinkedHashMap<>(weights),
            name -> !settings.frozen().contains(name),
            steps,
            logLikelihood -> tf.math.mul(tf.math.neg(sum(tf, logLikelihood)), scale));
    computed
        .updates()
        .forEach((name, value) -> changes.put(name, tf.math.sub(value, weights.get(name))));
  }

  /** Compiles the gradients; {@code engine} computes on one thread. */
  static TensorFlowGradients of(Definition definition, Settings settings, TensorFlowEngine engine) {
    LossGradients.checkTrains(definition);
    return CloseOnFailure.of(
        engine.open(definition.graph(), settings.precision()),
        graph -> new TensorFlowGradients(definition, settings, graph));
  }

  private static Operand<TFloat32> sum(Ops tf, Operand<TFloat32> values) {
    return tf.sum(tf.reshape(values, tf.constant(new int[] {-1})), tf.constant(new int[] {0}));
  }

  @Override
  public Point at(float[] all) {
    if (all.length != layout.size()) {
      throw new IllegalArgumentException(
          "the model has " + layout.size() + " weights, found " + all.length);
    }
    return CloseOnFailure.of(new Fed(), fed -> fed.filled(all));
  }

  @Override
  public void close() {
    graph.close();
  }

  /** Weights as tensors, which all runs of a step read. */
  private final class Fed implements Point {
    private final Map<String, TFloat32> tensors = new LinkedHashMap<>();

    Fed filled(float[] all) {
      FloatDataBuffer buffer = DataBuffers.of(all, true, false);
      for (String name : weights.keySet()) {
        WeightLayout.Place place = layout.place(name);
        tensors.put(
            name,
            TFloat32.tensorOf(
                Variables.shape(place.parameter()),
                buffer.slice(place.from(), place.parameter().size())));
      }
      return this;
    }

    @Override
    public Gradient of(Batch micro, Input input) {
      return graph.use(session -> firstAlone(session, micro, input));
    }

    /** TensorFlow compiles for the first run; several at once would do it several times over. */
    private Gradient firstAlone(Session session, Batch micro, Input input) {
      synchronized (graph) {
        if (!ran) {
          Gradient first = run(session, micro, input);
          ran = true;
          return first;
        }
      }
      return run(session, micro, input);
    }

    private Gradient run(Session session, Batch micro, Input input) {
      return fed(
          input,
          feeding ->
              computed.run(
                  session,
                  micro,
                  draw(input),
                  images -> {
                    Session.Runner runner = computed.withFloat32(feeding.apply(images));
                    runner.fetch(computed.loss());
                    computed.gradients().values().forEach(runner::fetch);
                    changes.values().forEach(runner::fetch);
                    try (var result = runner.run()) {
                      return gradient(result::get, (float) micro.size() / input.images());
                    }
                  }));
    }

    private Gradient gradient(IntFunction<Tensor> result, float share) {
      float[] found = new float[layout.size()];
      int at = 1;
      for (String name : computed.gradients().keySet()) {
        read(result.apply(at++), layout.place(name), found);
      }
      for (String name : changes.keySet()) {
        WeightLayout.Place place = layout.place(name);
        read(result.apply(at++), place, found);
        for (int i = place.from(); i < place.to(); i++) {
          found[i] *= share;
        }
      }
      return new Gradient(((TFloat32) result.apply(0)).getFloat(), found);
    }

    private static void read(Tensor from, WeightLayout.Place place, float[] to) {
      from.asRawTensor().data().asFloats().read(to, place.from(), place.parameter().size());
    }

    /** Returns what comes of a run that is fed the weights, and the numbers of a step. */
    private <R> R fed(Input input, Function<UnaryOperator<Session.Runner>, R> work) {
      try (TFloat32 before = TFloat32.scalarOf((float) input.before());
          TFloat32 share = TFloat32.scalarOf((float) (1.0 / ((double) input.images() * values)))) {
        return work.apply(
            runner -> {
              tensors.forEach((name, tensor) -> runner.feed(weights.get(name), tensor));
              return runner.feed(steps, before).feed(scale, share);
            });
      }
    }

    private LossGradients.Draw draw(Input input) {
      return new LossGradients.Draw(
          input.noiseSeed() + GOLDEN * input.part(), input.number(), input.order());
    }

    @Override
    public Optional<String> diagnose(Batch micro, Input input) {
      return graph.use(
          session ->
              fed(input, feeding -> computed.diagnose(session, micro, draw(input), feeding)));
    }

    @Override
    public void close() {
      tensors.values().forEach(TFloat32::close);
    }
  }
}
