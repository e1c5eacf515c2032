package io.weft.internal;

/** Things divided among parts as evenly as can be, in order. */
public final class Evenly {

  private Evenly() {}

  /**
   * Returns the first thing of a part; of the part after the last, the number of things.
   *
   * @param things how many there are
   * @param parts among how many they are divided, at least 1
   * @param part which of them, from 0 to {@code parts}
   */
  public static int first(int things, int parts, int part) {
    return (int) ((long) things * part / parts);
  }
}
