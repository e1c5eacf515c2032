package io.weft.expression;

import io.weft.internal.Seam;
import io.weft.order.GenerationOrder;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Says which one position of an input is read for a position of the output.
 *
 * <p>Together with the generation order this is all that the causality proof and the incremental
 * sampler need to know of a layer's reach.
 */
@FunctionalInterface
public non-sealed interface PositionMap extends Footprint {

  /** What {@link #source} returns where nothing is read (the value is then zero). */
  int NONE = -1;

  /**
   * Returns the row-major position of the input that the output at {@code row}, {@code column}
   * reads, or {@link #NONE} where it lies outside.
   */
  int source(int row, int column);

  @Override
  default void each(int row, int column, IntConsumer visitor) {
    int source = source(row, column);
    if (source != NONE) {
      visitor.accept(source);
    }
  }

  /**
   * Reads at a fixed distance from the output's own position.
   *
   * @param rows rows down (negative: up)
   * @param columns columns to the right (negative: left)
   * @param height rows of the input
   * @param width columns of the input
   */
  record Offset(int rows, int columns, int height, int width) implements PositionMap {
    @Override
    public int source(int row, int column) {
      int r = row + rows;
      int c = column + columns;
      return r < 0 || r >= height || c < 0 || c >= width ? NONE : r * width + c;
    }
  }

  /**
   * Reads at a fixed distance where that position is generated earlier, and nothing elsewhere: a
   * tap of the locally masked convolution (Jain et al. 2020, section 3.2).
   *
   * @param rows rows down (negative: up)
   * @param columns columns to the right (negative: left)
   * @param order the generation order; output and input have the size of its images
   */
  record Earlier(int rows, int columns, GenerationOrder order) implements PositionMap {
    @Override
    public int source(int row, int column) {
      int r = row + rows;
      int c = column + columns;
      if (r < 0 || r >= order.height() || c < 0 || c >= order.width()) {
        return NONE;
      }
      int source = r * order.width() + c;
      return order.rank(source) < order.rank(row * order.width() + column) ? source : NONE;
    }

    /** Returns the same distance under another order. */
    public Earlier under(GenerationOrder other) {
      return new Earlier(rows, columns, other);
    }

    @Seam
    @Override
    public Optional<GenerationOrder> follows() {
      return Optional.of(order);
    }

    @Seam
    @Override
    public Footprint moved(GenerationOrder other) {
      return under(other);
    }
  }

  /**
   * Reads the position that is generated just before the own one; for the first nothing.
   *
   * @param order the generation order; output and input have the size of its images
   */
  record Before(GenerationOrder order) implements PositionMap {
    @Override
    public int source(int row, int column) {
      int rank = order.rank(row * order.width() + column);
      return rank == 0 ? NONE : order.position(rank - 1);
    }

    @Seam
    @Override
    public Optional<GenerationOrder> follows() {
      return Optional.of(order);
    }

    @Seam
    @Override
    public Footprint moved(GenerationOrder other) {
      return new Before(other);
    }
  }

  /**
   * Reads, at the position of a number in raster order, the pixel that is generated as that number.
   *
   * @param order the generation order; output and input have the size of its images
   */
  record InRasterOrder(GenerationOrder order) implements PositionMap {
    @Override
    public int source(int row, int column) {
      return order.position(row * order.width() + column);
    }

    @Seam
    @Override
    public Optional<GenerationOrder> follows() {
      return Optional.of(order);
    }

    @Seam
    @Override
    public Footprint moved(GenerationOrder other) {
      return new InRasterOrder(other);
    }
  }

  /**
   * Reads, at the pixel that is generated as some number, the position of that number in raster
   * order: {@link InRasterOrder} the other way round.
   *
   * @param order the generation order; output and input have the size of its images
   */
  record FromRasterOrder(GenerationOrder order) implements PositionMap {
    @Override
    public int source(int row, int column) {
      return order.rank(row * order.width() + column);
    }

    @Seam
    @Override
    public Optional<GenerationOrder> follows() {
      return Optional.of(order);
    }

    @Seam
    @Override
    public Footprint moved(GenerationOrder other) {
      return new FromRasterOrder(other);
    }
  }

  /**
   * Reads a grid that is finer than the output's: the output at (r, c) reads (stride x r + rows,
   * stride x c + columns).
   *
   * @param stride how many times as fine, at least 1
   * @param rows rows down (negative: up)
   * @param columns columns to the right (negative: left)
   * @param height rows of the input
   * @param width columns of the input
   */
  record Strided(int stride, int rows, int columns, int height, int width) implements PositionMap {
    @Override
    public int source(int row, int column) {
      int r = stride * row + rows;
      int c = stride * column + columns;
      return r < 0 || r >= height || c < 0 || c >= width ? NONE : r * width + c;
    }
  }

  /**
   * Reads a grid that is coarser than the output's, where a strided read of the same distance would
   * have read the output: the output at (stride x r + rows, stride x c + columns) reads (r, c), and
   * every other position nothing.
   *
   * @param stride how many times as coarse, at least 1
   * @param rows rows down (negative: up)
   * @param columns columns to the right (negative: left)
   * @param height rows of the input
   * @param width columns of the input
   */
  record Transposed(int stride, int rows, int columns, int height, int width)
      implements PositionMap {
    @Override
    public int source(int row, int column) {
      int r = row - rows;
      int c = column - columns;
      if (r < 0 || c < 0 || r % stride != 0 || c % stride != 0) {
        return NONE;
      }
      r /= stride;
      c /= stride;
      return r >= height || c >= width ? NONE : r * width + c;
    }
  }

  /** Reads the only position of a 1 x 1 input from everywhere. */
  record Global() implements PositionMap {
    @Override
    public int source(int row, int column) {
      return 0;
    }
  }
}
