package io.weft.optimise;

/** How much of a running mean a step keeps. */
final class Decay {

  private Decay() {}

  /** Steps compute in float32: what it rounds to 1 would keep all and learn nothing. */
  static boolean isOne(double share) {
    return share >= 0 && (float) share < 1;
  }

  /** Returns whether a number can be added to a root to keep it above 0. */
  static boolean isEpsilon(double epsilon) {
    return epsilon > 0 && Double.isFinite(epsilon);
  }
}
