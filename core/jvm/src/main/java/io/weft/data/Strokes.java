package io.weft.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a pen on a plane with x to the right and y down: Bezier curves, arcs and straight
 * lines, flattened to short straight pieces. Where they begin, the pen is put down.
 */
final class Strokes {

  private static final int PIECES = 14;

  private final List<List<double[]>> strokes = new ArrayList<>();
  private double x;
  private double y;

  Strokes from(double startX, double startY) {
    strokes.add(new ArrayList<>());
    return point(startX, startY);
  }

  Strokes line(double toX, double toY) {
    return curve(
        x + (toX - x) / 3, y + (toY - y) / 3, toX - (toX - x) / 3, toY - (toY - y) / 3, toX, toY);
  }

  /** A cubic Bezier curve from where the pen is. */
  Strokes curve(double x1, double y1, double x2, double y2, double toX, double toY) {
    double x0 = x;
    double y0 = y;
    for (int i = 1; i <= PIECES; i++) {
      double t = i / (double) PIECES;
      double s = 1 - t;
      point(
          s * s * s * x0 + 3 * s * s * t * x1 + 3 * s * t * t * x2 + t * t * t * toX,
          s * s * s * y0 + 3 * s * s * t * y1 + 3 * s * t * t * y2 + t * t * t * toY);
    }
    return this;
  }

  /**
   * An arc of an ellipse, the pen put down anew. Angles are in turns: 0 is to the right, 0.25 down.
   */
  Strokes arc(double cx, double cy, double rx, double ry, double start, double sweep) {
    int pieces = 2 * PIECES;
    for (int i = 0; i <= pieces; i++) {
      double angle = 2 * Math.PI * (start + sweep * i / pieces);
      double px = cx + rx * StrictMath.cos(angle);
      double py = cy + ry * StrictMath.sin(angle);
      if (i == 0) {
        from(px, py);
      } else {
        point(px, py);
      }
    }
    return this;
  }

  /** The strokes drawn so far, each a list of points {x, y}. */
  List<List<double[]>> lines() {
    return strokes;
  }

  private Strokes point(double toX, double toY) {
    strokes.get(strokes.size() - 1).add(new double[] {toX, toY});
    x = toX;
    y = toY;
    return this;
  }
}
