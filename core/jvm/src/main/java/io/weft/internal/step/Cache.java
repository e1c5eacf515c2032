package io.weft.internal.step;

/**
 * The cached values of a group. They lie [slots, images, maps]: what a call computes for all images
 * at one position is side by side. Where they are attended to they lie [images, slots, maps]: what
 * is summed up for one image is side by side.
 */
final class Cache {

  final float[] numbers;

  /** How far the next slot of an image is. */
  final int slotStride;

  /** How far the same slot of the next image is. */
  final int imageStride;

  private final int images;

  private Cache(int slots, int images, int width, int slotStride, int imageStride) {
    this.images = images;
    // Elementwise loops that read the last row may read on.
    this.numbers = new float[slots * images * width + Kernels.MARGIN];
    this.slotStride = slotStride;
    this.imageStride = imageStride;
  }

  /** Returns one whose values are read position by position. */
  static Cache bySlot(int slots, int images, int width) {
    return new Cache(slots, images, width, images * width, width);
  }

  /** Returns one whose values are attended to. */
  static Cache byImage(int slots, int images, int width) {
    return new Cache(slots, images, width, width, slots * width);
  }

  /** Returns where the maps of an image begin. */
  int at(int slot, int image) {
    return slot * slotStride + image * imageStride;
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
