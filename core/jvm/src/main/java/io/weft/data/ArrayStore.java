package io.weft.data;

import io.weft.internal.levels.LevelArray;

/**
 * Images in one array.
 *
 * @param levels one image after the other
 * @param each levels of an image
 */
record ArrayStore(LevelArray levels, int each) implements ImageStore {

  @Override
  public int count() {
    return levels.length() / each;
  }

  @Override
  public boolean isInMemory() {
    return true;
  }

  @Override
  public int block() {
    return count();
  }

  @Override
  public boolean isDecoded() {
    return false;
  }

  @Override
  public void copy(int position, int[] target, int offset) {
    levels.copyTo(position * each, target, offset, each);
  }

  @Override
  public int level(int position, int index) {
    return levels.get(position * each + index);
  }
}
