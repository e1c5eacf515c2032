package io.weft.prove;

import io.weft.graph.Node;
import io.weft.internal.Count;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Reach;
import io.weft.spec.ImageSpec;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The image values that a feature, or the distribution of a colour value, depends on at one
 * position. Exact: a value belongs to it if and only if some path of live weights leads there.
 */
public final class ReceptiveField {

  private final ImageSpec image;
  private final int row;
  private final int column;

  /** For each colour channel the positions that are seen. */
  private final List<BitSet> seen;

  private final int pixels;
  private final int rowsAbove;
  private final int rowsBelow;
  private final int columnsLeft;
  private final int columnsRight;

  private ReceptiveField(ImageSpec image, int row, int column, List<BitSet> seen) {
    this.image = image;
    this.row = row;
    this.column = column;
    this.seen = seen;
    BitSet union = new BitSet();
    seen.forEach(union::or);
    int top = row;
    int bottom = row;
    int left = column;
    int right = column;
    for (int p = union.nextSetBit(0); p >= 0; p = union.nextSetBit(p + 1)) {
      top = Math.min(top, p / image.width());
      bottom = Math.max(bottom, p / image.width());
      left = Math.min(left, p % image.width());
      right = Math.max(right, p % image.width());
    }
    pixels = union.cardinality();
    rowsAbove = row - top;
    rowsBelow = bottom - row;
    columnsLeft = column - left;
    columnsRight = right - column;
  }

  /**
   * Returns what the distribution of one colour value sees.
   *
   * @param proof the proof of the model
   * @param row the pixel's row
   * @param column the pixel's column
   * @param channel the colour channel
   * @throws IndexOutOfBoundsException if there is no such value
   */
  public static ReceptiveField ofOutput(CausalityProof proof, int row, int column, int channel) {
    Objects.checkIndex(channel, proof.graph().image().channels());
    return of(proof.groups(), proof.groups().outputsOf(channel), row, column);
  }

  /**
   * Returns what a feature sees, all of its maps together.
   *
   * @param proof the proof of the model
   * @param feature the full name of the feature, such as "block_2/gate"
   * @param row a row of the feature
   * @param column a column of the feature
   * @throws IllegalArgumentException if no feature has that name
   * @throws IndexOutOfBoundsException if there is no such position
   */
  public static ReceptiveField ofFeature(
      CausalityProof proof, String feature, int row, int column) {
    int node = node(proof, feature);
    return of(proof.groups(), proof.groups().ofNode(node), row, column);
  }

  /** Returns the number of the node that a feature is. */
  static int node(CausalityProof proof, String feature) {
    List<Node> nodes = proof.graph().nodes();
    return IntStream.range(0, nodes.size())
        .filter(n -> nodes.get(n).name().equals(feature))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "model \""
                        + proof.graph().name()
                        + "\" has no feature \""
                        + feature
                        + "\"; it has "
                        + nodes.stream().map(Node::name).toList()));
  }

  private static ReceptiveField of(MapGroups groups, List<MapGroup> from, int row, int column) {
    var shape = groups.node(from.get(0)).shape();
    Objects.checkIndex(row, shape.height());
    Objects.checkIndex(column, shape.width());
    Reach reach = Reach.of(groups, from, shape.position(row, column));
    ImageSpec image = groups.graph().image();
    List<BitSet> seen =
        IntStream.range(0, image.channels())
            .mapToObj(c -> reach.positions(groups.ofMap(0, c)))
            .toList();
    return new ReceptiveField(image, row, column, seen);
  }

  /** Returns the images that the field lies in. */
  public ImageSpec image() {
    return image;
  }

  /** Returns the row of the position that sees. */
  public int row() {
    return row;
  }

  /** Returns the column of the position that sees. */
  public int column() {
    return column;
  }

  /** Returns whether the colour value is seen; false outside the image. */
  public boolean contains(int pixelRow, int pixelColumn, int channel) {
    return pixelRow >= 0
        && pixelRow < image.height()
        && pixelColumn >= 0
        && pixelColumn < image.width()
        && seen.get(channel).get(pixelRow * image.width() + pixelColumn);
  }

  /** Returns how many of a pixel's colour values are seen, 0 outside the image. */
  public int channelsSeen(int pixelRow, int pixelColumn) {
    return (int)
        IntStream.range(0, image.channels())
            .filter(c -> contains(pixelRow, pixelColumn, c))
            .count();
  }

  /** Returns the number of colour values that are seen. */
  public int values() {
    return seen.stream().mapToInt(BitSet::cardinality).sum();
  }

  /** Returns the number of pixels of which something is seen. */
  public int pixels() {
    return pixels;
  }

  /** Returns how many rows up the field reaches, 0 if none. */
  public int rowsAbove() {
    return rowsAbove;
  }

  /** Returns how many rows down the field reaches, 0 if none. */
  public int rowsBelow() {
    return rowsBelow;
  }

  /** Returns how many columns to the left the field reaches, 0 if none. */
  public int columnsLeft() {
    return columnsLeft;
  }

  /** Returns how many columns to the right the field reaches, 0 if none. */
  public int columnsRight() {
    return columnsRight;
  }

  /** Two are equal if the same position of the same images sees the same values. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ReceptiveField field
        && image.equals(field.image)
        && row == field.row
        && column == field.column
        && seen.equals(field.seen);
  }

  @Override
  public int hashCode() {
    return Objects.hash(image, row, column, seen);
  }

  @Override
  public String toString() {
    return Count.of(values(), "value")
        + " of "
        + Count.of(pixels(), "pixel")
        + ": "
        + Count.of(rowsAbove(), "row")
        + " up, "
        + (rowsBelow() == 0 ? "" : rowsBelow() + " down, ")
        + Count.of(columnsLeft(), "column")
        + " left, "
        + columnsRight()
        + " right";
  }
}
