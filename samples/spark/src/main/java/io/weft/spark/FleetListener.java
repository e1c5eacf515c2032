package io.weft.spark;

/** Hears how far a call to a {@link Fleet} is. */
@FunctionalInterface
public interface FleetListener {

  /**
   * Some more images are done. Runs on the calling thread, between results; what it throws ends the
   * call.
   *
   * @param done how many images are
   * @param total how many there are in all
   */
  void onProgress(long done, long total);

  /** Returns one that does not listen. */
  static FleetListener none() {
    return (done, total) -> {};
  }
}
