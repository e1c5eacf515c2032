package io.weft.internal.memory;

import java.util.Locale;

/** Amounts of memory in words. */
public final class Bytes {

  private static final double UNIT = 1024;

  private Bytes() {}

  /** Returns an amount with two or three digits: "61 GB". */
  public static String inWords(double bytes) {
    double amount = bytes;
    String unit = "bytes";
    for (String larger : new String[] {"KB", "MB", "GB", "TB", "PB", "EB"}) {
      if (amount < UNIT) {
        break;
      }
      amount /= UNIT;
      unit = larger;
    }
    return String.format(Locale.ROOT, amount < 10 ? "%.1f %s" : "%.0f %s", amount, unit);
  }
}
