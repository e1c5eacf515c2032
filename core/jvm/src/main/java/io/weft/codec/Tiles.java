package io.weft.codec;

import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;

/**
 * An image as pieces of the size that a model is for, row by row; at the right and below they reach
 * beyond it. Where image and model have the same size there is one, the image itself.
 *
 * @param image the whole image
 * @param tile what the model is for; of the same channels and levels
 */
record Tiles(ImageSpec image, ImageSpec tile) {

  /** In place of a place: beyond the image, where every value is known to be 0. */
  static final int BEYOND = -1;

  private static int ceil(int size, int of) {
    return (size + of - 1) / of;
  }

  private int across() {
    return ceil(image.width(), tile.width());
  }

  /** Returns the number of tiles. */
  int count() {
    return across() * ceil(image.height(), tile.height());
  }

  /** Returns for each value of a tile its place in the image, or {@link #BEYOND}. */
  int[] places(int number) {
    int top = number / across() * tile.height();
    int left = number % across() * tile.width();
    int[] places = new int[tile.values()];
    for (int value = 0; value < places.length; value++) {
      int pixel = value / tile.channels();
      int row = top + pixel / tile.width();
      int column = left + pixel % tile.width();
      places[value] =
          row < image.height() && column < image.width()
              ? (row * image.width() + column) * image.channels() + value % tile.channels()
              : BEYOND;
    }
    return places;
  }

  /** Returns the order in which the image's pixels come: tile by tile, each in the tile's order. */
  GenerationOrder order(GenerationOrder ofTile) {
    if (image.equals(tile)) {
      return ofTile;
    }
    int[] positions = new int[image.pixels()];
    int next = 0;
    for (int number = 0; number < count(); number++) {
      int[] places = places(number);
      for (int position : ofTile.positions()) {
        int place = places[position * tile.channels()];
        if (place != BEYOND) {
          positions[next++] = place / image.channels();
        }
      }
    }
    return GenerationOrder.of(image.height(), image.width(), positions);
  }
}
