package io.weft.internal;

/** A number of things in words. */
public final class Count {

  private Count() {}

  /** Returns "1 row", "2 rows". */
  public static String of(long count, String thing) {
    return of(count, thing, thing + "s");
  }

  /** Returns "1 class", "2 classes". */
  public static String of(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
