package io.weft.data;

import io.weft.internal.random.SplitMix;
import java.util.Arrays;
import java.util.List;

/**
 * How one digit is put on paper: slant, turn, size, place, a wobble of the whole plane (so that
 * strokes that meet still meet), thickness and pressure. Gives the coverage of each pixel by the
 * distance to the nearest stroke, which draws smooth edges and round ends at any size.
 */
final class Hand {

  private static final double HEIGHT = 0.74;
  private static final double THINNEST_PIXELS = 1.15;

  private final double xx;
  private final double xy;
  private final double yx;
  private final double yy;
  private final double dx;
  private final double dy;
  private final double[] wobble;
  private final double startRadius;
  private final double endRadius;
  private final double softness;

  private Hand(SplitMix random) {
    double height = HEIGHT * random.between(0.86, 1.1);
    double width = height * random.between(0.78, 1.16);
    double slant = random.between(-0.34, 0.14);
    double turn = random.between(-0.13, 0.13);
    double cos = StrictMath.cos(turn);
    double sin = StrictMath.sin(turn);
    // Rows of: turn * shear(slant) * scale. A negative slant leans the top to the right.
    xx = cos * width;
    xy = (cos * slant - sin) * height;
    yx = sin * width;
    yy = (sin * slant + cos) * height;
    dx = 0.5 + random.between(-0.05, 0.05);
    dy = 0.5 + random.between(-0.05, 0.05);
    wobble = random.doubles(6);
    double thickness = random.between(0.055, 0.125) * random.between(0.85, 1.0);
    double pressure = random.between(-0.2, 0.2);
    startRadius = thickness / 2 * (1 - pressure);
    endRadius = thickness / 2 * (1 + pressure);
    softness = random.between(0.9, 1.5);
  }

  static Hand of(SplitMix random) {
    return new Hand(random);
  }

  /**
   * Draws strokes on a square of size x size pixels.
   *
   * @return the coverage of each pixel, row by row, 0 (paper) to 1 (ink)
   */
  double[] coverage(List<List<double[]>> strokes, int size) {
    double[] outside = new double[size * size]; // Distance to the edge of the ink, in pixels.
    Arrays.fill(outside, Double.MAX_VALUE);
    for (List<double[]> stroke : strokes) {
      double[] from = place(stroke.get(0), size);
      for (int i = 1; i < stroke.size(); i++) {
        double[] to = place(stroke.get(i), size);
        double along = i / (stroke.size() - 1.0);
        double radius = size * (startRadius + (endRadius - startRadius) * along);
        segment(outside, size, from, to, Math.max(radius, THINNEST_PIXELS / 2));
        from = to;
      }
    }
    for (int i = 0; i < outside.length; i++) {
      outside[i] = Math.min(1, Math.max(0, 0.5 - outside[i] / softness));
    }
    return outside;
  }

  private double[] place(double[] point, int size) {
    double x = point[0] + 0.035 * wave(2.2 * point[1], wobble[0]) * (2 * wobble[1] - 1);
    double y = point[1] + 0.035 * wave(2.2 * point[0], wobble[2]) * (2 * wobble[3] - 1);
    x += 0.02 * wave(0.9 * point[1] + wobble[5], wobble[4]);
    return new double[] {size * (dx + xx * x + xy * y), size * (dy + yx * x + yy * y)};
  }

  private static double wave(double turns, double phase) {
    return StrictMath.sin(2 * Math.PI * (turns / 2 + phase));
  }

  private void segment(double[] outside, int size, double[] a, double[] b, double radius) {
    double reach = radius + softness;
    int top = clip(Math.min(a[1], b[1]) - reach, size);
    int bottom = clip(Math.max(a[1], b[1]) + reach, size);
    int left = clip(Math.min(a[0], b[0]) - reach, size);
    int right = clip(Math.max(a[0], b[0]) + reach, size);
    double vx = b[0] - a[0];
    double vy = b[1] - a[1];
    double length = vx * vx + vy * vy;
    for (int row = top; row <= bottom; row++) {
      for (int column = left; column <= right; column++) {
        double px = column + 0.5 - a[0];
        double py = row + 0.5 - a[1];
        double t = length == 0 ? 0 : Math.min(1, Math.max(0, (px * vx + py * vy) / length));
        double ex = px - t * vx;
        double ey = py - t * vy;
        double distance = Math.sqrt(ex * ex + ey * ey) - radius;
        int at = row * size + column;
        outside[at] = Math.min(outside[at], distance);
      }
    }
  }

  private static int clip(double coordinate, int size) {
    return (int) Math.min(size - 1.0, Math.max(0, Math.floor(coordinate)));
  }
}
