package io.weft.internal.step;

/**
 * The cached keys of a group once more, map by map: the numbers of one map in the order of
 * generation lie side by side, so that scores of many positions are computed at a time.
 */
final class KeyColumns {

  // Of a power of two all maps would fall into few lines of the nearest cache.
  private static final int APART = 16;

  private final int width;
  final int stride;
  final float[] numbers;

  /**
   * Makes those of some images, all zeros.
   *
   * @param slots of the group, the zero slot included
   * @param width the maps of the group
   */
  KeyColumns(int slots, int images, int width) {
    this.width = width;
    this.stride = (slots + APART - 1) / APART * APART + APART;
    this.numbers = new float[images * width * stride + Kernels.MARGIN];
  }

  /** Returns where the numbers of a map begin: rank r lies r further. */
  int start(int image, int map) {
    return (image * width + map) * stride;
  }

  /** Takes the value of one slot of one image, its maps from {@code from} on. */
  void set(int slot, int image, float[] value, int from) {
    if (slot == 0) {
      return;
    }
    for (int map = 0; map < width; map++) {
      numbers[start(image, map) + slot - 1] = value[from + map];
    }
  }
}
