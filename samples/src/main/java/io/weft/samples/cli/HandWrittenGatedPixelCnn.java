package io.weft.samples.cli;

import io.weft.engine.Precision;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * What the library's training step is measured against: the grey Gated PixelCNN and Adam written by
 * hand, straight on TensorFlow Java, for speed and nothing else. It has the library's weights by
 * name, computes the same loss, and checks, records and averages nothing.
 */
final class HandWrittenGatedPixelCnn implements AutoCloseable {

  private static final int FIRST_KERNEL = 7;
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  /** A variable, its value as read at the start of a step, and the way to set it. */
  private record Variable(
      Operand<?> handle,
      Operand<TFloat32> value,
      Placeholder<TFloat32> feed,
      Op assign,
      Shape shape) {}

  private record Stacks(Operand<TFloat32> vertical, Operand<TFloat32> horizontal) {}

  private final ImageSpec image;
  private final int maps;
  private final int kernel;
  private final float rate;
  private final Graph graph = new Graph();

  /**
   * Numbers its names in the digits of the default locale, which are ASCII as Weft's main has it.
   */
  private final Ops tf = Ops.create(graph);

  private final Map<String, Variable> weights = new LinkedHashMap<>();
  private final List<Variable> moments = new ArrayList<>();
  private final List<Operand<TFloat32>> skips = new ArrayList<>();
  private final List<Op> updates = new ArrayList<>();
  private final List<Operation> biasGradients = new ArrayList<>();
  private final Placeholder<TUint8> levels;
  private final Placeholder<TFloat32> ofStep = tf.placeholder(TFloat32.class);
  private final Operand<TFloat32> loss;
  private final Operand<TFloat32> norm;
  private final Session session;
  private int steps;

  /**
   * Makes the network and its session on the processor.
   *
   * @param blocks blocks after the first one
   * @param maps maps of every block
   * @param kernel kernel of the blocks after the first one
   * @param rate Adam's learning rate
   */
  HandWrittenGatedPixelCnn(
      ImageSpec image, int blocks, int maps, int kernel, double rate, Precision precision) {
    this.image = image;
    this.maps = maps;
    this.kernel = kernel;
    this.rate = (float) rate;
    levels =
        tf.placeholder(
            TUint8.class, Placeholder.shape(Shape.of(-1, image.height(), image.width(), 1)));
    loss = loss(logits(blocks));
    norm = adam();
    if (precision == Precision.BFLOAT16) {
      // Summed in bfloat16 they would be wrong; what a run names stays in float32.
      graph
          .operations()
          .forEachRemaining(
              o -> {
                if (o.type().equals("BiasAddGrad")) {
                  biasGradients.add(o);
                }
              });
    }
    RewriterConfig.Builder rewrites = RewriterConfig.newBuilder();
    if (precision == Precision.BFLOAT16) {
      rewrites.setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON);
    }
    session =
        new Session(
            graph,
            ConfigProto.newBuilder()
                .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(rewrites))
                .build());
  }

  private Operand<TFloat32> logits(int blocks) {
    Operand<TFloat32> scaled =
        tf.math.sub(
            tf.math.mul(
                tf.dtypes.cast(levels, TFloat32.class), tf.constant(2f / (image.levels() - 1))),
            tf.constant(1f));
    Stacks stacks = new Stacks(scaled, scaled);
    for (int i = 1; i <= blocks + 1; i++) {
      stacks = block(i == 1 ? "block" : "block_" + i, stacks, i == 1, i == blocks + 1);
    }
    Operand<TFloat32> sum = tf.nn.relu(tf.math.addN(skips));
    return pointwise(
        "head/logits", tf.nn.relu(pointwise("head/conv1x1", sum, maps)), image.levels());
  }

  /** Figure 2 of arXiv 1606.05328; nobody reads the stacks of the last block. */
  private Stacks block(String name, Stacks from, boolean first, boolean last) {
    int size = first ? FIRST_KERNEL : kernel;
    int half = size / 2;
    int[][] above = {{0, 0}, {half, 0}, {half, half}, {0, 0}};
    Operand<TFloat32> vertical =
        convolution(name + "/vertical", from.vertical(), above, half + 1, size, 2 * maps);
    Operand<TFloat32> down =
        tf.slice(
            tf.pad(
                vertical,
                tf.constant(new int[][] {{0, 0}, {1, 0}, {0, 0}, {0, 0}}),
                tf.constant(0f)),
            tf.constant(new int[4]),
            tf.constant(new int[] {-1, image.height(), image.width(), 2 * maps}));
    Operand<TFloat32> link = grid(matrix(name + "/link", down, 2 * maps), 2 * maps);
    int[][] left = {{0, 0}, {0, 0}, {half, 0}, {0, 0}};
    Operand<TFloat32> read = from.horizontal();
    if (first) {
      // Without the own pixel: what is left of it, and one column of the image too few on the
      // right.
      read =
          tf.slice(
              read,
              tf.constant(new int[4]),
              tf.constant(new int[] {-1, image.height(), image.width() - 1, 1}));
    }
    Operand<TFloat32> horizontal =
        convolution(name + "/horizontal", read, left, 1, first ? half : half + 1, 2 * maps);
    Operand<TFloat32> gated = gate(tf.math.add(horizontal, link));
    skips.add(pointwise(name + "/skip", gated, maps));
    if (last) {
      return from;
    }
    Operand<TFloat32> out = pointwise(name + "/out", gated, maps);
    return new Stacks(gate(vertical), first ? out : tf.math.add(out, from.horizontal()));
  }

  private Operand<TFloat32> gate(Operand<TFloat32> both) {
    var halves = tf.split(tf.constant(3), both, 2L).output();
    return tf.math.mul(tf.math.tanh(halves.get(0)), tf.math.sigmoid(halves.get(1)));
  }

  private Operand<TFloat32> convolution(
      String name, Operand<TFloat32> x, int[][] padding, int height, int width, int out) {
    long in = x.shape().get(3);
    Operand<TFloat32> filter = weight(name + "/kernel", Shape.of(height, width, in, out));
    // Add, where products take BiasAdd: both are what is quickest here.
    return tf.math.add(
        tf.nn.conv2d(
            tf.pad(x, tf.constant(padding), tf.constant(0f)),
            filter,
            List.of(1L, 1L, 1L, 1L),
            "VALID"),
        weight(name + "/bias", Shape.of(out)));
  }

  private Operand<TFloat32> pointwise(String name, Operand<TFloat32> x, int out) {
    return grid(biased(name, matrix(name, x, out), out), out);
  }

  private Operand<TFloat32> grid(Operand<TFloat32> rows, int out) {
    return tf.reshape(rows, tf.constant(new int[] {-1, image.height(), image.width(), out}));
  }

  private Operand<TFloat32> matrix(String name, Operand<TFloat32> x, int out) {
    int in = (int) x.shape().get(3);
    return tf.linalg.matMul(
        tf.reshape(x, tf.constant(new int[] {-1, in})),
        weight(name + "/kernel", Shape.of(in, out)));
  }

  private Operand<TFloat32> biased(String name, Operand<TFloat32> x, int out) {
    return tf.nn.biasAdd(x, weight(name + "/bias", Shape.of(out)));
  }

  private Operand<TFloat32> weight(String name, Shape shape) {
    Variable variable = variable("weights/" + name, shape);
    weights.put(name, variable);
    return variable.value();
  }

  private Variable variable(String name, Shape shape) {
    VarHandleOp handle = tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
    Placeholder<TFloat32> feed = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    return new Variable(
        handle,
        tf.readVariableOp(handle, TFloat32.class),
        feed,
        tf.assignVariableOp(handle, feed),
        shape);
  }

  /** The mean negative log-likelihood of a pixel in nats. */
  private Operand<TFloat32> loss(Operand<TFloat32> logits) {
    Operand<TFloat32> rows = tf.reshape(logits, tf.constant(new int[] {-1, image.levels()}));
    Operand<TInt32> flat =
        tf.reshape(tf.dtypes.cast(levels, TInt32.class), tf.constant(new int[] {-1}));
    Operand<TFloat32> oneHot =
        tf.oneHot(flat, tf.constant(image.levels()), tf.constant(1f), tf.constant(0f));
    return tf.math.mean(
        tf.nn.softmaxCrossEntropyWithLogits(rows, oneHot).loss(), tf.constant(new int[] {0}));
  }

  /** Adds Adam; returns the gradients' global norm, which no step asks for. */
  private Operand<TFloat32> adam() {
    Output<?>[] gradients =
        graph.addGradients(
            loss.asOutput(),
            weights.values().stream().map(w -> w.value().asOutput()).toArray(Output<?>[]::new));
    List<Operand<TFloat64>> halves = new ArrayList<>();
    int at = 0;
    for (var weight : weights.entrySet()) {
      @SuppressWarnings("unchecked")
      Operand<TFloat32> gradient = (Operand<TFloat32>) gradients[at++];
      halves.add(tf.nn.l2Loss(tf.dtypes.cast(gradient, TFloat64.class)));
      Variable first = variable("first/" + weight.getKey(), weight.getValue().shape());
      Variable second = variable("second/" + weight.getKey(), weight.getValue().shape());
      moments.addAll(List.of(first, second));
      updates.add(
          tf.train.resourceApplyAdam(
              weight.getValue().handle(),
              first.handle(),
              second.handle(),
              number(0),
              number(1),
              tf.constant(rate),
              tf.constant(BETA_1),
              tf.constant(BETA_2),
              number(2),
              gradient));
    }
    return tf.dtypes.cast(
        tf.math.sqrt(tf.math.mul(tf.math.addN(halves), tf.constant(2.0))), TFloat32.class);
  }

  private Operand<TFloat32> number(int index) {
    return tf.gather(ofStep, tf.constant(index), tf.constant(0));
  }

  /** Takes the library's weights and starts Adam anew. */
  void start(Weights from) {
    Map<Variable, float[]> values = new LinkedHashMap<>();
    weights.forEach((name, variable) -> values.put(variable, from.values(name)));
    moments.forEach(variable -> values.put(variable, new float[(int) variable.shape().size()]));
    Session.Runner runner = session.runner();
    List<TFloat32> fed = new ArrayList<>();
    values.forEach(
        (variable, array) -> {
          fed.add(TFloat32.tensorOf(variable.shape(), DataBuffers.of(array, true, false)));
          runner.feed(variable.feed(), fed.get(fed.size() - 1)).addTarget(variable.assign());
        });
    runner.run().close();
    fed.forEach(TFloat32::close);
    steps = 0;
  }

  /**
   * Takes a step and returns the loss before it, in nats per pixel.
   *
   * @param pixels levels from 0 in the order [image, row, column]
   */
  float step(byte[] pixels) {
    steps++;
    double second = Math.pow(BETA_2, steps);
    // The kernel adds epsilon before it corrects the bias; algorithm 1 after.
    float epsilon = (float) (EPSILON * Math.sqrt(1 - second));
    float[] now = {(float) Math.pow(BETA_1, steps), (float) second, epsilon};
    try (var fed = images(pixels);
        var fedNow = TFloat32.vectorOf(now)) {
      Session.Runner runner = session.runner().feed(levels, fed).feed(ofStep, fedNow);
      updates.forEach(runner::addTarget);
      biasGradients.forEach(runner::addTarget);
      return fetch(runner, loss);
    }
  }

  /** Returns the gradients' global norm on a batch; takes no step. */
  float gradientNorm(byte[] pixels) {
    try (var fed = images(pixels)) {
      Session.Runner runner = session.runner().feed(levels, fed);
      biasGradients.forEach(runner::addTarget);
      return fetch(runner, norm);
    }
  }

  private static float fetch(Session.Runner runner, Operand<TFloat32> wanted) {
    try (var result = runner.fetch(wanted).run()) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  private TUint8 images(byte[] pixels) {
    return TUint8.tensorOf(
        Shape.of(pixels.length / image.pixels(), image.height(), image.width(), 1),
        DataBuffers.of(pixels, true, false));
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
