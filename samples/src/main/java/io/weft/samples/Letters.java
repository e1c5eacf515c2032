package io.weft.samples;

import io.weft.data.ImageSet;
import io.weft.spec.ImageSpec;
import java.util.Random;

/**
 * Capital letters that look like no digit, drawn as straight strokes of about the thickness, size
 * and slant that the embedded digits have.
 */
final class Letters {

  /** The strokes of a letter: from and to, as x and y on a grid of 0 to 4, from the top left. */
  private static final int[][][] STROKES = {
    {{0, 4, 2, 0}, {2, 0, 4, 4}, {1, 2, 3, 2}}, // A
    {{0, 0, 0, 4}, {0, 0, 4, 0}, {0, 2, 3, 2}, {0, 4, 4, 4}}, // E
    {{0, 0, 0, 4}, {0, 0, 4, 0}, {0, 2, 3, 2}}, // F
    {{0, 0, 0, 4}, {4, 0, 4, 4}, {0, 2, 4, 2}}, // H
    {{0, 0, 0, 4}, {4, 0, 0, 2}, {0, 2, 4, 4}}, // K
    {{0, 4, 0, 0}, {0, 0, 2, 2}, {2, 2, 4, 0}, {4, 0, 4, 4}}, // M
    {{0, 4, 0, 0}, {0, 0, 4, 4}, {4, 4, 4, 0}}, // N
    {{0, 0, 4, 0}, {2, 0, 2, 4}}, // T
    {{0, 0, 1, 4}, {1, 4, 2, 1}, {2, 1, 3, 4}, {3, 4, 4, 0}}, // W
    {{0, 0, 4, 4}, {4, 0, 0, 4}}, // X
  };

  private Letters() {}

  /** Draws so many letters, each kind as often as any other. */
  static ImageSet draw(int count, ImageSpec image, long seed) {
    int[] levels = new int[count * image.values()];
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      draw(STROKES[i % STROKES.length], image, random, levels, i * image.values());
    }
    return ImageSet.of(image, levels);
  }

  private static void draw(int[][] letter, ImageSpec image, Random random, int[] levels, int at) {
    double size = between(random, 0.60, 0.76) * image.height();
    double wide = between(random, 0.62, 0.82) * size;
    double slant = between(random, -0.25, 0.1);
    double left = (image.width() - wide) / 2 + between(random, -0.5, 0.5);
    double top = (image.height() - size) / 2 + between(random, -0.5, 0.5);
    double radius = Math.max(1.15, between(random, 0.055, 0.125) * size) / 2;
    double ink = between(random, 0.75, 1) * (image.levels() - 1);
    for (int pixel = 0; pixel < image.pixels(); pixel++) {
      int row = pixel / image.width();
      double y = row + 0.5 - top;
      double x = pixel % image.width() + 0.5 - left - slant * (y - size / 2);
      double nearest = Double.POSITIVE_INFINITY;
      for (int[] stroke : letter) {
        nearest = Math.min(nearest, distance(x, y, stroke, wide / 4, size / 4));
      }
      double coverage = Math.min(1, Math.max(0, radius - nearest + 0.5));
      levels[at + pixel] = (int) Math.round(ink * coverage);
    }
  }

  private static double distance(double x, double y, int[] stroke, double across, double down) {
    double fromX = stroke[0] * across;
    double fromY = stroke[1] * down;
    double byX = stroke[2] * across - fromX;
    double byY = stroke[3] * down - fromY;
    double along = ((x - fromX) * byX + (y - fromY) * byY) / (byX * byX + byY * byY);
    double part = Math.min(1, Math.max(0, along));
    return Math.hypot(x - fromX - part * byX, y - fromY - part * byY);
  }

  private static double between(Random random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }
}
