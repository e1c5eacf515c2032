package io.weft.explain;

import io.weft.order.GenerationOrder;
import java.util.Objects;

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
    int gridHeight = order.height() * cell + 1;
    int gridWidth = order.width() * cell + 1;
    int top = MARGIN + Canvas.LINE + 6;
    Legend legend =
        new Legend()
            .add(Palette.ITSELF, "the first pixel")
            .add(shade(0.2), "early")
            .add(shade(1), "late");
    String title = order.toString();
    int width = Math.max(gridWidth, Math.max(legend.width(), Canvas.width(title))) + 2 * MARGIN;
    Canvas canvas = new Canvas(top + gridHeight + MARGIN + legend.height() + MARGIN, width);
    canvas.words(MARGIN, MARGIN, title);
    canvas.fill(top, MARGIN, gridHeight, gridWidth, Palette.LINE);
    for (int rank = 0; rank < order.pixels(); rank++) {
      int colour = rank == 0 ? Palette.ITSELF : shade((double) rank / order.pixels());
      canvas.fill(top + 1 + row(rank) * cell, left(rank) + 1, cell - 1, cell - 1, colour);
    }
    for (int rank = 1; rank < order.pixels(); rank++) {
      link(canvas, top, rank);
    }
    legend.draw(canvas, top + gridHeight + MARGIN, MARGIN);
    return canvas.figure(title);
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

  /** Joins a pixel with the one before, unless the order jumps there. */
  private void link(Canvas canvas, int top, int rank) {
    int rows = Math.abs(row(rank) - row(rank - 1));
    int columns = Math.abs(column(rank) - column(rank - 1));
    if (rows + columns == 1) {
      int thickness = Math.max(1, cell / 8);
      canvas.fill(
          top + Math.min(row(rank), row(rank - 1)) * cell + cell / 2,
          Math.min(left(rank), left(rank - 1)) + cell / 2,
          rows * cell + thickness,
          columns * cell + thickness,
          Palette.BLIND);
    }
  }
}
