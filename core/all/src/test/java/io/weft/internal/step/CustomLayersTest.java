package io.weft.internal.step;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Binary;
import io.weft.expression.Connectivity;
import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.spec.ImageSpec;
import io.weft.testing.IncrementalComparison;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers from outside the library are sampled incrementally like all others. */
class CustomLayersTest {

  /** Every second row and column: [height, width, maps] to a grid of half the size. */
  record Down(int maps) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      Shape in = inputs.only();
      return new Shape((in.height() + 1) / 2, (in.width() + 1) / 2, maps);
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape in = inputs.only();
      List<Expression> reads = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          int down = i;
          int right = j;
          reads.add(
              inputs.read(
                  0,
                  "2x + (" + i + ", " + j + ")",
                  (r, c) -> {
                    int row = 2 * r + down;
                    int column = 2 * c + right;
                    return row < in.height() && column < in.width()
                        ? in.position(row, column)
                        : PositionMap.NONE;
                  }));
        }
      }
      Parameter kernel =
          Parameter.weight("kernel", Initializer.glorot(4 * in.maps(), maps), 4, in.maps(), maps);
      return Expression.concat(reads).times(kernel);
    }
  }

  /** Back to the size of the second input, from the cell above: rows that are all generated. */
  record Up() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.shape(1).withMaps(inputs.shape(0).maps());
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape in = inputs.shape(0);
      return inputs.read(
          0, "x / 2", (r, c) -> r < 2 ? PositionMap.NONE : in.position(r / 2 - 1, c / 2));
    }
  }

  /**
   * Every function of the expression language, products within products, half of a matrix unused.
   */
  record Everything(int maps) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only().withMaps(maps);
    }

    @Override
    public Expression compute(Inputs inputs) {
      int in = inputs.only().maps();
      Expression x = inputs.read(0);
      Expression above = inputs.read(0, -1, 1);
      Parameter first = Parameter.weight("first", Initializer.glorot(2 * in, 6), 2 * in, 6);
      Parameter second = Parameter.weight("second", Initializer.glorot(4, maps), 4, maps);
      Parameter third = Parameter.weight("third", Initializer.glorot(in, 4), in, 4);
      Expression bias =
          Expression.vector(Parameter.offset("bias", Initializer.zeros(), 6))
              .map(Unary.SQUARE)
              .plus(Expression.vector(Parameter.offset("more", Initializer.ones(), 6)));
      Expression hidden =
          Expression.concat(List.of(above, x.map(Unary.NEGATE)))
              .times(first, Connectivity.of(2 * in, 6, (i, o) -> (i + o) % 2 == 0))
              .plus(bias);
      Expression positive = hidden.map(Unary.SQUARE).plus(hidden.like(0.5f));
      Expression functions =
          Expression.concat(
              List.of(
                  hidden.slice(0, 1).map(Unary.EXP).map(Unary.LOG),
                  positive.slice(1, 1).map(Unary.SQRT),
                  positive.slice(2, 1).map(Unary.RSQRT).times(hidden.slice(3, 1)),
                  hidden.slice(4, 1).map(Unary.SOFTPLUS)));
      Expression other = x.times(third);
      Expression limited =
          new Expression.BinaryCall(
              Binary.MINIMUM,
              new Expression.BinaryCall(Binary.MAXIMUM, functions, functions.like(-1)),
              new Expression.BinaryCall(Binary.DIVIDE, other.map(Unary.EXP), positive.slice(1, 4)));
      return limited.map(Unary.TANH).minus(other.map(Unary.SIGMOID)).times(second);
    }
  }

  /** The same values in rows of another length: each position keeps its number. */
  record Reshaped(int height, int width) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return new Shape(height, width, inputs.only().maps());
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0, "the same number", (r, c) -> r * width + c);
    }
  }

  private static final ImageSpec IMAGE = new ImageSpec(7, 9, 1, 3);

  @Test
  void everyFunctionOfTheStepLanguage() {
    ModelBuilder model = ModelBuilder.of("everything", IMAGE);
    Feature x = model.image().apply(CausalConvolution.square(5, 3, MaskType.A));
    IncrementalComparison.check(
        model.softmax(x.apply(new Everything(5)).relu().apply(new Everything(3))), 1);
  }

  /** What lies on another grid is computed there, though that has as many positions. */
  @Test
  void rowsOfAnotherLength() {
    ModelBuilder model = ModelBuilder.of("reshaped", new ImageSpec(4, 4, 1, 3));
    Feature x = model.image().apply(CausalConvolution.square(5, 3, MaskType.A));
    Feature moved = x.apply(new Reshaped(2, 8)).shiftDown(1).apply(new Reshaped(4, 4));
    Feature seen =
        x.apply(new Reshaped(8, 2))
            .apply(CausalConvolution.square(5, 3, MaskType.B))
            .tanh()
            .apply(new Reshaped(4, 4));
    IncrementalComparison.check(model.softmax(x.plus(moved).plus(seen).conv1x1(3)), 3);
  }

  @Test
  void aPyramidOfTwoLevels() {
    ModelBuilder model = ModelBuilder.of("pyramid", IMAGE);
    Feature rows = model.image().apply(CausalConvolution.vertical(4, 3, 3, MaskType.B)).tanh();
    Feature half = rows.apply(new Down(6)).elu();
    Feature quarter = half.apply(new Down(5)).tanh();
    Feature back = quarter.apply(new Up(), half).plus(half.conv1x1(5)).apply(new Up(), rows);
    Feature row = model.image().apply(CausalConvolution.horizontal(5, 5, MaskType.A));
    Definition definition = model.softmax(row.plus(back).relu().conv1x1(3));
    IncrementalComparison.check(definition, 2);
  }
}
