package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.expression.Expression;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which operands are cut by one operation. */
class SplitsTest {

  private static final Expression OPERAND = Expression.constants(1, 2, 3, 4, 5, 6);

  @Test
  void partsThatMakeUpTheWholeAreOneSplitHoweverWideEachIs() {
    Expression.Slice last = slice(3, 3);
    Expression.Slice first = slice(0, 1);
    Expression.Slice again = slice(1, 2);
    Splits splits = Splits.of(Expression.concat(List.of(last, first, slice(1, 2), again)));

    assertArrayEquals(new int[] {1, 2, 3}, splits.widths(OPERAND));
    assertEquals(2, splits.part(last));
    assertEquals(0, splits.part(first));
    assertEquals(1, splits.part(again));
  }

  @Test
  void partsWithAGapAnOverlapOrAnEndMissingAreNone() {
    for (List<Expression> parts :
        List.<List<Expression>>of(
            List.of(slice(0, 2), slice(3, 3)),
            List.of(slice(0, 3), slice(2, 4)),
            List.of(slice(0, 3), slice(0, 6), slice(3, 3)),
            List.of(slice(1, 5)),
            List.of(slice(0, 5)))) {
      assertArrayEquals(new int[0], Splits.of(Expression.concat(parts)).widths(OPERAND));
    }
  }

  @Test
  void halvesAreTwo() {
    Expression halves = Expression.concat(List.of(slice(0, 3), slice(3, 3)));
    assertArrayEquals(new int[] {3, 3}, Splits.of(halves).widths(OPERAND));
  }

  private static Expression.Slice slice(int from, int width) {
    return new Expression.Slice(OPERAND, from, width);
  }
}
