package io.weft.explain;

/** Colours that people with any kind of sight tell apart (after Okabe and Ito 2008). */
final class Palette {

  static final int ITSELF = 0xD55E00;
  static final int SEEN = 0x0072B2;
  static final int BLIND = 0xF0C000;
  static final int BEYOND = 0xC4C9CE;
  static final int LATER = 0xF4F4F4;
  static final int LINE = 0x8A8F94;

  private Palette() {}

  /** Returns {@code colour} mixed with white; share 1 is the colour itself, 0 nearly white. */
  static int shade(int colour, double share) {
    double weight = 0.2 + 0.8 * share;
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int part = colour >> shift & 0xFF;
      mixed |= (int) Math.round(weight * part + (1 - weight) * 255) << shift;
    }
    return mixed;
  }
}
