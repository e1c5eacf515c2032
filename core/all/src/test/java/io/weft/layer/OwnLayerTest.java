package io.weft.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import io.weft.internal.tensorflow.GradientCheck;
import io.weft.internal.tensorflow.Workbench;
import io.weft.lower.Lowering;
import io.weft.lower.Phase;
import io.weft.lower.WholeImageForm;
import io.weft.optimise.Adam;
import io.weft.prove.DefinitionReport;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** Layers that a user writes, as good as the built-in ones; and what happens where they are not. */
class OwnLayerTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(48).size(8).levels(2).seed(5).grey();
  private static final Examples EXAMPLES = Examples.of(DIGITS);

  /** Softplus with a learned scale, in the expression language alone. */
  record ScaledSoftplus() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Parameter scale = Parameter.offset("scale", Initializer.ones(), inputs.only().maps());
      return inputs.read(0).map(Unary.SOFTPLUS).times(Expression.vector(scale));
    }
  }

  /** The row above, mirrored from left to right. */
  record MirrorAbove() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      int width = inputs.only().width();
      return inputs.read(
          0,
          "(mirrored above)",
          (row, column) -> row == 0 ? PositionMap.NONE : (row - 1) * width + (width - 1 - column));
    }
  }

  /** The row below, mirrored: what no model may read. */
  record MirrorBelow() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape in = inputs.only();
      return inputs.read(
          0,
          "(mirrored below)",
          (row, column) ->
              row == in.height() - 1
                  ? PositionMap.NONE
                  : in.position(row + 1, in.width() - 1 - column));
    }
  }

  /** Half the image, every second row and column, and back up: reads above only. */
  record Coarse() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      Shape in = inputs.only();
      return new Shape((in.height() + 1) / 2, (in.width() + 1) / 2, in.maps());
    }

    @Override
    public Expression compute(Inputs inputs) {
      int width = inputs.only().width();
      return inputs.read(0, "(strided)", (row, column) -> 2 * row * width + 2 * column);
    }
  }

  /** Every position of a coarse feature, for the rows below it. */
  record Spread(int height, int width) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return new Shape(height, width, inputs.only().maps());
    }

    @Override
    public Expression compute(Inputs inputs) {
      int coarse = inputs.only().width();
      return inputs.read(
          0,
          "(spread)",
          (row, column) ->
              row == 0
                  ? PositionMap.NONE
                  : (row - 1) / 2 * coarse + Math.min(column / 2, coarse - 1));
    }
  }

  /** Twice a matrix product, with a form of its own. */
  record Doubled(int maps) implements Layer, WholeImageForm {
    private Parameter kernel(int in) {
      return Parameter.weight("kernel", Initializer.glorot(in, maps), in, maps);
    }

    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only().withMaps(maps);
    }

    @Override
    public Expression compute(Inputs inputs) {
      Expression product = inputs.read(0).times(kernel(inputs.only().maps()));
      return product.plus(product);
    }

    @Override
    public <T extends TFloating> Operand<T> lower(Lowering<T> lowering) {
      var tf = lowering.tf();
      Parameter kernel = lowering.expression().parameters().get(0);
      Shape shape = lowering.shape();
      Operand<T> rows = tf.reshape(lowering.input(0), tf.constant(new int[] {-1, kernel.rows()}));
      Operand<T> twice =
          tf.math.mul(tf.linalg.matMul(rows, lowering.parameter(kernel)), lowering.scalar(2));
      return tf.reshape(
          twice, tf.constant(new int[] {-1, shape.height(), shape.width(), shape.maps()}));
    }
  }

  private static Definition withOwnLayers() {
    ModelBuilder model = ModelBuilder.of("own", DIGITS.spec());
    var x = model.image().apply(CausalConvolution.square(6, 3, MaskType.A)).apply(new Doubled(6));
    var mirrored = model.image().apply(new MirrorAbove()).conv1x1(6);
    var coarse = x.apply(new Coarse()).conv1x1(6).apply(new Spread(8, 8));
    return model.softmax(x.plus(mirrored).plus(coarse).apply(new ScaledSoftplus()).conv1x1(2));
  }

  @Test
  void areProvenTrainedAndScored() {
    try (Model model = Model.initial(withOwnLayers(), 1)) {
      double before = model.score(EXAMPLES).bitsPerDimension();
      model.train(
          EXAMPLES,
          TrainingOptions.seed(2).steps(30).batch(16).optimiser(Adam.withRate(1e-2)).build());
      double after = model.score(EXAMPLES).bitsPerDimension();
      assertTrue(after < before, before + " -> " + after);
    }
  }

  static List<Layer> layers() {
    return List.of(
        new ScaledSoftplus(), new MirrorAbove(), new Coarse(), new Spread(7, 4), new Doubled(2));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void haveRightGradients(Layer layer) {
    for (Shape in : List.of(new Shape(4, 3, 2), new Shape(3, 2, 2))) {
      GradientCheck.layer(layer, Phase.INFERENCE, in);
      GradientCheck.layer(layer, Phase.TRAINING, in);
    }
  }

  /** Every read of the lowered layer is where the position map says, in whatever way it is run. */
  @ParameterizedTest
  @MethodSource("oddReads")
  void readWhatTheirPositionMapSays(PositionMap positions) {
    Shape in = new Shape(3, 4, 2);
    Layer layer = new Reading(positions);
    try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
      var layers = Workbench.alone(layer, in);
      var places = bench.places(layers, 1);
      Workbench.randomise(places, new java.util.SplittableRandom(3));
      double[] found = bench.run(List.of(bench.output(layers, Phase.INFERENCE, places))).get(0);
      double[] input = places.get("in0").values();
      double[] kernel = places.get("layer/kernel").values();
      double[] expected = new double[found.length];
      for (int q = 0; q < expected.length; q++) {
        int source = positions.source(q / in.width(), q % in.width());
        for (int m = 0; m < 2 && source != PositionMap.NONE; m++) {
          expected[q] += input[source * 2 + m] * kernel[m];
        }
      }
      assertArrayEquals(expected, found, 1e-12);
    }
  }

  static List<PositionMap> oddReads() {
    return List.of(
        new PositionMap.Global(),
        new PositionMap.Offset(0, 0, 2, 4),
        new PositionMap.Offset(-1, 1, 3, 4),
        new PositionMap.Offset(1, 0, 3, 4),
        new PositionMap.Offset(0, -9, 3, 4),
        (row, column) -> PositionMap.NONE,
        (row, column) -> column * 3 + row,
        (row, column) -> column == 0 ? PositionMap.NONE : row * 4 + column - 1);
  }

  /** A matrix product of whatever is read. */
  record Reading(PositionMap positions) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only().withMaps(1);
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs
          .read(0, "(odd)", positions)
          .times(Parameter.weight("kernel", Initializer.glorot(2, 1), 2, 1));
    }
  }

  /** A value that comes from no input at all. */
  record Learned(int height, int width) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return new Shape(height, width, 3);
    }

    @Override
    public Expression compute(Inputs inputs) {
      Expression vector = Expression.vector(Parameter.offset("value", Initializer.ones(), 2));
      return Expression.concat(List.of(vector, vector.slice(1, 1)));
    }
  }

  @Test
  void mayReadNothing() {
    for (Learned layer : List.of(new Learned(2, 3), new Learned(1, 1))) {
      try (Workbench<TFloat64> bench = new Workbench<>(TFloat64.class)) {
        var layers = Workbench.alone(layer, new Shape(2, 3, 1));
        var places = bench.places(layers, Workbench.BATCH);
        places.get("layer/value").set(new double[] {5, 7});
        double[] found = bench.run(List.of(bench.output(layers, Phase.INFERENCE, places))).get(0);
        assertEquals(Workbench.BATCH * layer.height() * layer.width() * 3, found.length);
        for (int i = 0; i < found.length; i++) {
          assertEquals(i % 3 == 0 ? 5 : 7, found[i]);
        }
      }
    }
  }

  @Test
  void leaksAreRefusedByName() {
    ModelBuilder model = ModelBuilder.of("leak", DIGITS.spec());
    var x = model.image().apply(CausalConvolution.square(4, 3, MaskType.A));
    var ahead = x.apply("ahead", new MirrorBelow());
    var error =
        assertThrows(DefinitionException.class, () -> model.softmax(x.plus(ahead).conv1x1(2)));
    assertTrue(
        error.getMessage().contains("ahead reads conv3x3 at (mirrored below)"), error.getMessage());
  }

  /** The identity, but for what its form does. */
  record Faulty(String name, Function<Lowering<?>, Operand<?>> form)
      implements Layer, WholeImageForm {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs
          .read(0)
          .plus(
              Expression.vector(
                  Parameter.offset("bias", Initializer.zeros(), inputs.only().maps())));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends TFloating> Operand<T> lower(Lowering<T> lowering) {
      return (Operand<T>) form.apply(lowering);
    }
  }

  private static final Map<String, Function<Lowering<?>, Operand<?>>> FAULTS =
      Map.of(
          "UnsupportedOperationException: not yet",
          l -> {
            throw new UnsupportedOperationException("not yet");
          },
          "gives nothing",
          l -> null,
          "gives [-1, 8, 8, 1], expected [batch, 8, 8, 2]",
          l -> slice(l),
          "asks for parameter \"other\", which its expression does not use",
          l -> l.parameter(Parameter.offset("other", Initializer.zeros(), 2)),
          "never reads parameter \"bias\"",
          l -> l.input(0));

  private static <T extends TFloating> Operand<T> slice(Lowering<T> lowering) {
    var tf = lowering.tf();
    return tf.slice(
        lowering.input(0), tf.constant(new int[4]), tf.constant(new int[] {-1, 8, 8, 1}));
  }

  @Test
  void faultsOfAFormNameTheLayer() {
    FAULTS.forEach(
        (message, form) -> {
          ModelBuilder builder = ModelBuilder.of("faulty", DIGITS.spec());
          var x = builder.image().apply(CausalConvolution.square(2, 3, MaskType.A));
          Definition definition = builder.softmax(x.apply("culprit", new Faulty(message, form)));
          try (Model model = Model.initial(definition, 1)) {
            for (org.junit.jupiter.api.function.Executable use :
                List.<org.junit.jupiter.api.function.Executable>of(
                    () -> model.score(EXAMPLES),
                    () -> model.train(EXAMPLES, TrainingOptions.seed(1).steps(1).build()))) {
              var error = assertThrows(DefinitionException.class, use);
              assertTrue(error.getMessage().contains("layer culprit"), error.getMessage());
              assertTrue(error.getMessage().contains(message), error.getMessage());
            }
          }
        });
  }

  @Test
  void aModelWithoutParametersScoresButHasNothingToTrain() {
    ModelBuilder builder = ModelBuilder.of("fixed", new ImageSpec(8, 8, 1, 2));
    var above = builder.image().shiftDown(1);
    Definition definition = builder.softmax(above.concat(above.tanh()));
    try (Model model = Model.initial(definition, 1)) {
      assertEquals(DIGITS.size(), model.score(EXAMPLES).size());
      var error =
          assertThrows(
              DefinitionException.class,
              () -> model.train(EXAMPLES, TrainingOptions.seed(1).steps(1).build()));
      assertTrue(error.getMessage().contains("nothing to train"), error.getMessage());
    }
  }

  /** As large as the second input, of which it reads nothing. */
  private record SizedLike() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.shape(1).withMaps(inputs.shape(0).maps());
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0);
    }
  }

  @Test
  void anInputTakenForItsShapeAloneHasNothingToTrain() {
    ModelBuilder model = ModelBuilder.of("sized", DIGITS.spec());
    var x = model.image().causalConv(2, 3, MaskType.A);
    var shapeOnly = model.image().causalConv(5, 3, MaskType.A);
    Definition sized = model.softmax(x.apply(new SizedLike(), shapeOnly));
    assertEquals(List.of("conv3x3_2"), DefinitionReport.of(sized.proof()).deadBranches());
    try (Model trained = Model.initial(sized, 1)) {
      trained.train(EXAMPLES, TrainingOptions.seed(1).steps(1).build());
      assertEquals(2, trained.weights().names().size());
    }
  }

  /** A form that gives something else than it should. */
  private record Strange(Function<Lowering<?>, Operand<?>> form) implements Layer, WholeImageForm {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends TFloating> Operand<T> lower(Lowering<T> lowering) {
      return (Operand<T>) form.apply(lowering);
    }
  }

  @Test
  void valuesOfAnotherTypeOrGraphAreRefusedByName() {
    refused(
        new Strange(l -> l.tf().dtypes.cast(l.input(0), TInt32.class)),
        "gives TInt32, expected TFloat32");
    try (Graph other = new Graph()) {
      refused(new Strange(l -> Ops.create(other).constant(1f)), "gives a value of another graph");
    }
  }

  private static void refused(Strange layer, String why) {
    ModelBuilder model = ModelBuilder.of("strange", DIGITS.spec());
    Definition definition = model.softmax(model.image().causalConv(2, 3, MaskType.A).apply(layer));
    try (Model untrained = Model.initial(definition, 1)) {
      var error = assertThrows(DefinitionException.class, () -> untrained.score(EXAMPLES));
      assertTrue(
          error.getMessage().contains("layer strange: its whole-image form " + why),
          error.getMessage());
    }
  }

  /** Native code cannot be interrupted, so that this has a thread to give up. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void longChainsOfSumsWithThemselvesTrain() {
    ModelBuilder model = ModelBuilder.of("doubled", DIGITS.spec());
    Feature x = model.image().causalConv(2, 3, MaskType.A);
    for (int i = 0; i < 40; i++) {
      x = x.plus(x);
    }
    try (Model doubled = Model.initial(model.softmax(x.tanh()), 1)) {
      doubled.train(EXAMPLES, TrainingOptions.seed(1).steps(1).build());
      assertTrue(doubled.score(EXAMPLES).bitsPerDimension() > 0);
    }
  }
}
