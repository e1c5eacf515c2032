package io.weft.prove;

import io.weft.expression.Shape;
import io.weft.graph.Node;
import io.weft.internal.Count;
import io.weft.order.GenerationOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The blind spot of a distribution (Gated PixelCNN, section 2.2 and figure 1): values that are
 * generated earlier and lie within the box that the receptive field spans, yet are never seen. More
 * layers do not bring them back; they widen the box. A feature within a network has one as well.
 */
public final class BlindSpot {

  /**
   * A colour value of an image.
   *
   * @param row its row
   * @param column its column
   * @param channel its colour channel
   */
  public record Value(int row, int column, int channel) {}

  private final ReceptiveField field;
  private final int channel;
  private final GenerationOrder order;
  private final List<Value> values;
  private final int pixels;

  private BlindSpot(ReceptiveField field, int channel, GenerationOrder order) {
    this.field = field;
    this.channel = channel;
    this.order = order;
    List<Value> blind = new ArrayList<>();
    int pixelsMissed = 0;
    // The box: nothing outside of it is called missed.
    for (int r = field.row() - field.rowsAbove(); r <= field.row() + field.rowsBelow(); r++) {
      int right = field.column() + field.columnsRight();
      for (int c = field.column() - field.columnsLeft(); c <= right; c++) {
        int before = blind.size();
        for (int k = 0; k < field.image().channels(); k++) {
          if (isEarlier(r, c, k) && !field.contains(r, c, k)) {
            blind.add(new Value(r, c, k));
          }
        }
        pixelsMissed += blind.size() > before ? 1 : 0;
      }
    }
    this.values = List.copyOf(blind);
    this.pixels = pixelsMissed;
  }

  /**
   * Returns the blind spot of one colour value's distribution.
   *
   * @param proof the proof of the model
   * @param row the pixel's row
   * @param column the pixel's column
   * @param channel the colour channel
   * @throws IndexOutOfBoundsException if there is no such value
   */
  public static BlindSpot of(CausalityProof proof, int row, int column, int channel) {
    return new BlindSpot(
        ReceptiveField.ofOutput(proof, row, column, channel), channel, proof.graph().order());
  }

  /**
   * Returns the blind spot of a feature at a pixel: pixels that are generated before that pixel and
   * lie within the box, yet are not seen by any of the feature's maps there.
   *
   * @param proof the proof of the model
   * @param feature the full name of the feature, such as "block_2/gate"
   * @param row the pixel's row
   * @param column the pixel's column
   * @throws IllegalArgumentException if no feature has that name, or it has another height or width
   *     than the image or lies turned, so that its positions are no pixels
   * @throws IndexOutOfBoundsException if there is no such pixel
   */
  public static BlindSpot ofFeature(CausalityProof proof, String feature, int row, int column) {
    ReceptiveField field = ReceptiveField.ofFeature(proof, feature, row, column);
    List<Node> nodes = proof.graph().nodes();
    int node = ReceptiveField.node(proof, feature);
    Shape shape = nodes.get(node).shape();
    if (!shape.sameGrid(nodes.get(0).shape()) || proof.graph().turning().isTurned(node)) {
      throw new IllegalArgumentException(
          "feature \""
              + feature
              + "\" is "
              + shape
              + " in a model of images of "
              + field.image()
              + ": its positions are no pixels, of which others come earlier; ask for its receptive"
              + " field alone");
    }
    return new BlindSpot(field, 0, proof.graph().order());
  }

  /** Returns what is seen. */
  public ReceptiveField field() {
    return field;
  }

  /** Returns the colour channel whose distribution this is about; 0 for a feature. */
  public int channel() {
    return channel;
  }

  /** Returns the values that are not seen though earlier and within the box, row by row. */
  public List<Value> values() {
    return values;
  }

  /** Returns how many pixels have values in the blind spot. */
  public int pixels() {
    return pixels;
  }

  /** Returns whether nothing within the box is missed. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /**
   * Returns whether the pixel lies in the smallest rectangle that holds the receptive field and the
   * pixel that sees.
   */
  public boolean inBox(int row, int column) {
    return row >= field.row() - field.rowsAbove()
        && row <= field.row() + field.rowsBelow()
        && column >= field.column() - field.columnsLeft()
        && column <= field.column() + field.columnsRight();
  }

  /** Returns whether the value is generated before the one whose distribution this is about. */
  public boolean isEarlier(int row, int column, int otherChannel) {
    int width = field.image().width();
    int rank = order.rank(row * width + column);
    int own = order.rank(field.row() * width + field.column());
    return rank < own || (rank == own && otherChannel < channel);
  }

  /** Two are equal if they are about the same value and miss the same ones. */
  @Override
  public boolean equals(Object other) {
    return other instanceof BlindSpot spot
        && channel == spot.channel
        && field.equals(spot.field)
        && order.equals(spot.order);
  }

  @Override
  public int hashCode() {
    return Objects.hash(field, channel, order);
  }

  @Override
  public String toString() {
    return isEmpty()
        ? "none"
        : Count.of(values.size(), "value") + " of " + Count.of(pixels(), "pixel");
  }
}
