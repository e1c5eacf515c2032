package io.weft.prove;

/** A number of things in words. */
final class Count {

  private Count() {}

  /** Returns "1 row", "2 rows". */
  static String of(int count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
