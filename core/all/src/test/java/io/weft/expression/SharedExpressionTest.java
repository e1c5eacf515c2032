package io.weft.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.IncrementalComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Expressions that share their parts, or nest deep: time and stack stay within bounds. */
@Timeout(60)
class SharedExpressionTest {

  private static final ImageSpec IMAGE = new ImageSpec(4, 3, 1, 3);

  private record Repeated(int times, UnaryOperator<Expression> step) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Expression x = inputs.read(0);
      for (int i = 0; i < times; i++) {
        x = step.apply(x);
      }
      return x;
    }
  }

  private static Definition model(int times, UnaryOperator<Expression> step) {
    ModelBuilder model = ModelBuilder.of("shared", IMAGE);
    return model.softmax(
        model.image().causalConv(2, 3, MaskType.A).apply(new Repeated(times, step)).conv1x1(3));
  }

  @Test
  void eachPartIsVisitedOnceOperandsFirst() {
    Expression read = Inputs.of(new Shape(1, 1, 1)).read(0);
    Expression doubled = read.plus(read);
    Expression top = doubled.times(doubled);
    List<Expression> visited = new ArrayList<>();
    top.visit(visited::add);
    assertEquals(List.of(read, doubled, top), visited);
    assertEquals(3, top.depth());
  }

  @Test
  void sharedFortyDeepRunsInEveryProgram() {
    IncrementalComparison.check(model(40, x -> x.map(Unary.TANH).plus(x)), 1);
  }

  @Test
  void nestingTooDeepIsRefusedByName() {
    for (int times : new int[] {5_000, 100_000}) {
      var error =
          assertThrows(DefinitionException.class, () -> model(times, x -> x.map(Unary.TANH)));
      assertTrue(error.getMessage().contains("layer repeated"), error.getMessage());
      assertTrue(error.getMessage().contains("split the layer"), error.getMessage());
    }
  }

  @Test
  void widthsBeyondTheLimitAreRefused() {
    var error =
        assertThrows(
            DefinitionException.class, () -> model(40, x -> Expression.concat(List.of(x, x))));
    assertTrue(error.getMessage().contains("1 to 2^24 values"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Expression.Constant(List.of()));
  }

  @Test
  void aNodeOfSharedPartsHasAShortText() {
    assertTrue(model(40, x -> x.plus(x)).graph().toString().length() < 1_000);
  }
}
