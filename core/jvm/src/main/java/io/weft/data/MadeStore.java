package io.weft.data;

import org.jspecify.annotations.Nullable;

/** Images that are made whenever they are asked for. */
abstract class MadeStore implements ImageStore {

  /** Levels are asked for one by one where images are drawn: the last image is at hand. */
  private volatile @Nullable Made last;

  private static final class Made {
    final int position;
    final int[] levels;

    Made(int position, int[] levels) {
      this.position = position;
      this.levels = levels;
    }
  }

  /** Returns an image, [row, column, channel]. */
  abstract int[] make(int position);

  @Override
  public final boolean isInMemory() {
    return false;
  }

  @Override
  public final void copy(int position, int[] target, int offset) {
    int[] made = make(position);
    System.arraycopy(made, 0, target, offset, made.length);
  }

  @Override
  public final int level(int position, int index) {
    Made known = last;
    if (known == null || known.position != position) {
      known = new Made(position, make(position));
      last = known;
    }
    return known.levels[index];
  }
}
