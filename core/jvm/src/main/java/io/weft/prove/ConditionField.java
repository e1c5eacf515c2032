package io.weft.prove;

import io.weft.expression.Shape;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.Reach;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * What the distribution of one pixel sees of a condition that is a map, such as the small image of
 * a pyramid. Immutable.
 */
public final class ConditionField {

  private final String condition;
  private final Shape shape;
  private final BitSet seen;

  private ConditionField(String condition, Shape shape, BitSet seen) {
    this.condition = condition;
    this.shape = shape;
    this.seen = seen;
  }

  /**
   * Returns what the distributions of a pixel's colour values see of a condition.
   *
   * @param proof the proof of the model
   * @param condition its name
   * @param row the pixel's row
   * @param column the pixel's column
   * @throws IllegalArgumentException if there is no such condition
   * @throws IndexOutOfBoundsException if there is no such pixel
   */
  public static ConditionField of(CausalityProof proof, String condition, int row, int column) {
    var image = proof.graph().image();
    Objects.checkIndex(row, image.height());
    Objects.checkIndex(column, image.width());
    int node = ReceptiveField.node(proof, condition);
    List<MapGroup> outputs = new ArrayList<>();
    for (int channel = 0; channel < image.channels(); channel++) {
      outputs.addAll(proof.groups().outputsOf(channel));
    }
    Reach reach = Reach.of(proof.groups(), outputs, row * image.width() + column);
    BitSet seen = new BitSet();
    proof.groups().ofNode(node).forEach(group -> seen.or(reach.positions(group)));
    return new ConditionField(condition, proof.graph().nodes().get(node).shape(), seen);
  }

  /** Returns the name of the condition. */
  public String condition() {
    return condition;
  }

  /** Returns whether anything at a position of the condition is seen. */
  public boolean contains(int row, int column) {
    return row >= 0
        && row < shape.height()
        && column >= 0
        && column < shape.width()
        && seen.get(shape.position(row, column));
  }

  /** Returns how many positions are seen. */
  public int positions() {
    return seen.cardinality();
  }

  /** Returns what is seen in words: how many positions, and in which rows and columns. */
  @Override
  public String toString() {
    int all = shape.height() * shape.width();
    if (seen.cardinality() == all) {
      return "all " + all + " positions";
    }
    if (seen.isEmpty()) {
      return "none of " + all + " positions";
    }
    int left = shape.width();
    int right = 0;
    for (int p = seen.nextSetBit(0); p >= 0; p = seen.nextSetBit(p + 1)) {
      left = Math.min(left, p % shape.width());
      right = Math.max(right, p % shape.width());
    }
    return seen.cardinality()
        + " of "
        + all
        + " positions: rows "
        + seen.nextSetBit(0) / shape.width()
        + " to "
        + (seen.length() - 1) / shape.width()
        + ", columns "
        + left
        + " to "
        + right;
  }
}
