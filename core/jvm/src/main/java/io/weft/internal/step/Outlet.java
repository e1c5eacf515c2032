package io.weft.internal.step;

import org.jspecify.annotations.Nullable;

/** What takes the result of a group's calls: its cache, and the columns of its keys. */
final class Outlet {

  private final CallTable calls;
  private final int images;
  private final Cache cache;
  private final @Nullable KeyColumns columns;
  private final Rows result;
  private final float[] work;
  private final boolean writesDirectly;

  /**
   * Makes one for a session.
   *
   * @param result of the group's last instruction
   * @param isExact whether that writes nothing but its result, so that it may write into the cache
   */
  Outlet(
      CallTable calls,
      int images,
      Cache cache,
      @Nullable KeyColumns columns,
      Rows result,
      boolean isExact) {
    this.calls = calls;
    this.images = images;
    this.cache = cache;
    this.columns = columns;
    this.result = result;
    this.work = result.numbers;
    this.writesDirectly = isExact && cache.imageStride == result.stride;
  }

  /**
   * Before a call: lets the result be written into the cache, if it lies there as in a call.
   *
   * @param written where the slots that it writes are among the calls
   */
  void begin(int written, int n) {
    if (writesDirectly) {
      if (isRun(written, n)) {
        result.lie(cache.numbers, cache.at(calls.at(written), 0), result.stride);
      } else {
        result.lie(work, 0, result.stride);
      }
    }
  }

  /** After a call: takes its result. */
  void end(int written, int n) {
    if (result.numbers == work) {
      for (int p = 0; p < n; p++) {
        cache.put(calls.at(written + p), work, p * images * result.stride, result.stride);
      }
    }
    if (columns != null) {
      for (int row = 0; row < n * images; row++) {
        int slot = calls.at(written + row / images);
        columns.set(slot, row % images, result.numbers, result.at(row));
      }
    }
  }

  /** Whether slots follow one another. Slot 0 stays as it is. */
  private boolean isRun(int written, int n) {
    int first = calls.at(written);
    if (first == 0) {
      return false;
    }
    for (int p = 1; p < n; p++) {
      if (calls.at(written + p) != first + p) {
        return false;
      }
    }
    return true;
  }
}
