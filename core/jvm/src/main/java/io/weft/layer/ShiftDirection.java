package io.weft.layer;

/** Where the kernel of a shifted convolution lies about the output's own position. */
public enum ShiftDirection {
  /** Its own row and those above, as far to the left as to the right: an odd width. */
  DOWN {
    @Override
    public int left(int kernelWidth) {
      return (kernelWidth - 1) / 2;
    }
  },
  /** Its own row and those above, its own column and those to the left. */
  DOWN_RIGHT {
    @Override
    public int left(int kernelWidth) {
      return kernelWidth - 1;
    }
  };

  /** Returns how many columns of the kernel lie to the left of the own position. */
  public abstract int left(int kernelWidth);

  /** Checks a kernel's sizes. */
  void check(int maps, int kernelHeight, int kernelWidth, int stride) {
    if (maps < 1) {
      throw new IllegalArgumentException(
          "a convolution needs at least one output map, found " + maps);
    }
    if (kernelHeight < 1 || kernelWidth < 1 || kernelHeight > 255 || kernelWidth > 255) {
      throw new IllegalArgumentException(
          "a kernel is 1 to 255 high and wide, found " + kernelHeight + " x " + kernelWidth);
    }
    if (this == DOWN && kernelWidth % 2 == 0) {
      throw new IllegalArgumentException(
          "a down-shifted kernel has an odd width, so that it has a middle; found " + kernelWidth);
    }
    if (stride < 1 || stride > 16) {
      throw new IllegalArgumentException("a stride is from 1 to 16, found " + stride);
    }
  }

  /** Returns the word for it. */
  String label() {
    return this == DOWN ? "down-shifted" : "down-right-shifted";
  }
}
