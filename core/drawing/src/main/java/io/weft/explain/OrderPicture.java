package io.weft.explain;

import io.weft.order.GenerationOrder;
import java.util.Objects;
import java.util.function.IntBinaryOperator;

/**
 * A generation order as a picture: each pixel the darker the later it is generated, and a line from
 * each to the next where they are neighbours.
 */
public final class OrderPicture {

  private static final int MARGIN = 16;

  private final GenerationOrder order;
  private final int cell;

  private OrderPicture(GenerationOrder order) {
    this.order = order;
    this.cell = Math.max(4, Math.min(28, 640 / Math.max(order.height(), order.width())));
  }

  /** Returns the picture of an order. */
  public static Figure of(GenerationOrder order) {
    return new OrderPicture(Objects.requireNonNull(order, "order")).draw();
  }

  private Figure draw() {
    Grid grid = new Grid(order.height(), order.width(), cell, colours());
    int top = MARGIN + Canvas.LINE + 6;
    Legend legend =
        new Legend()
            .add(Palette.ITSELF, "the first pixel")
            .add(shade(0.2), "early")
            .add(shade(1), "late");
    String title = order.toString();
    int width = Math.max(grid.width(), Math.max(legend.width(), Canvas.width(title))) + 2 * MARGIN;
    Canvas canvas = new Canvas(top + grid.height() + MARGIN + legend.height() + MARGIN, width);
    canvas.words(MARGIN, MARGIN, title);
    grid.draw(canvas, top, MARGIN);
    int from = 0;
    for (int rank = 1; rank < order.pixels(); rank++) {
      if (rank + 1 == order.pixels() || !goesOn(rank)) {
        link(canvas, top, from, rank);
        from = rank;
      }
    }
    legend.draw(canvas, top + grid.height() + MARGIN, MARGIN);
    return canvas.figure(title);
  }

  private IntBinaryOperator colours() {
    int[] ranks = new int[order.pixels()];
    for (int rank = 0; rank < ranks.length; rank++) {
      ranks[order.position(rank)] = rank;
    }
    return (row, column) -> {
      int rank = ranks[row * order.width() + column];
      return rank == 0 ? Palette.ITSELF : shade((double) rank / order.pixels());
    };
  }

  private static int shade(double share) {
    return Palette.shade(Palette.SEEN, 0.8 * share);
  }

  private int row(int rank) {
    return order.position(rank) / order.width();
  }

  private int column(int rank) {
    return order.position(rank) % order.width();
  }

  private int left(int rank) {
    return MARGIN + column(rank) * cell;
  }

  /** Whether the order goes the same way from a pixel as it came there. */
  private boolean goesOn(int rank) {
    return isNeighbour(rank)
        && row(rank + 1) - row(rank) == row(rank) - row(rank - 1)
        && column(rank + 1) - column(rank) == column(rank) - column(rank - 1);
  }

  /** Whether the order comes to a pixel from one beside, above or below it. */
  private boolean isNeighbour(int rank) {
    return Math.abs(row(rank) - row(rank - 1)) + Math.abs(column(rank) - column(rank - 1)) == 1;
  }

  /** Joins pixels that lie on a straight line, unless the order jumps there. */
  private void link(Canvas canvas, int top, int first, int last) {
    if (isNeighbour(last)) {
      int thickness = Math.max(1, cell / 8);
      canvas.fill(
          top + Math.min(row(first), row(last)) * cell + cell / 2,
          Math.min(left(first), left(last)) + cell / 2,
          Math.abs(row(first) - row(last)) * cell + thickness,
          Math.abs(column(first) - column(last)) * cell + thickness,
          Palette.BLIND);
    }
  }
}
