package io.weft.internal.step;

import java.util.ArrayList;
import java.util.List;

/**
 * The cached values of a group. They lie [slots, images, maps]: what a call computes for all images
 * at one position is side by side. Groups of one node that have as many slots, as the colours of
 * its maps mostly do, lie in one such array, so that whoever reads several of them finds the maps
 * of an image side by side. Where they are attended to they lie [images, slots, maps]: what is
 * summed up for one image is side by side.
 */
final class Cache {

  final float[] numbers;

  /** Where the first slot of the first image begins. */
  final int start;

  /** How far the next slot of an image is. */
  final int slotStride;

  /** How far the same slot of the next image is. */
  final int imageStride;

  private final int images;

  private Cache(float[] numbers, int start, int images, int slotStride, int imageStride) {
    this.numbers = numbers;
    this.start = start;
    this.images = images;
    this.slotStride = slotStride;
    this.imageStride = imageStride;
  }

  // Elementwise loops that read the last row may read on.
  private static float[] numbers(int slots, int images, int width) {
    return new float[slots * images * width + Kernels.MARGIN];
  }

  /**
   * Returns those of the groups of a node, whose values are read position by position.
   *
   * @param widths the maps of each
   */
  static List<Cache> bySlot(int slots, int images, List<Integer> widths) {
    int width = widths.stream().mapToInt(w -> w).sum();
    float[] numbers = numbers(slots, images, width);
    List<Cache> caches = new ArrayList<>();
    int start = 0;
    for (int mine : widths) {
      caches.add(new Cache(numbers, start, images, images * width, width));
      start += mine;
    }
    return caches;
  }

  /** Returns one whose values are attended to. */
  static Cache byImage(int slots, int images, int width) {
    return new Cache(numbers(slots, images, width), 0, images, width, slots * width);
  }

  /** Returns where the maps of an image begin. */
  int at(int slot, int image) {
    return start + slot * slotStride + image * imageStride;
  }

  /** Takes the maps of all images, which lie side by side from {@code from} on. */
  void put(int slot, float[] values, int from, int width) {
    if (imageStride == width) {
      System.arraycopy(values, from, numbers, at(slot, 0), images * width);
    } else {
      for (int image = 0; image < images; image++) {
        System.arraycopy(values, from + image * width, numbers, at(slot, image), width);
      }
    }
  }
}
