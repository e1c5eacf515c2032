package io.weft.data;

import io.weft.internal.thread.Interruption;
import io.weft.internal.thread.Together;
import java.util.function.IntFunction;

/** Things of numbers that are made by several threads at once, and taken one by one in order. */
final class InTurn {

  /** So many are made before the first of them is taken. */
  private static final int PORTION = 32;

  private InTurn() {}

  /** What takes things. */
  @FunctionalInterface
  interface Taker<T, E extends Exception> {
    void take(int number, T thing) throws E;
  }

  /**
   * Makes the things 0 to {@code count} - 1 and has each taken. What making one throws is thrown
   * when all before it are taken, as if they had been made one by one.
   */
  static <T, E extends Exception> void each(int count, IntFunction<T> make, Taker<T, E> taker)
      throws E {
    for (int from = 0; from < count; from += PORTION) {
      Interruption.check();
      int begin = from;
      Object[] made = new Object[Math.min(PORTION, count - from)];
      RuntimeException[] failures = new RuntimeException[made.length];
      Together.forEach(
          made.length,
          i -> {
            try {
              made[i] = make.apply(begin + i);
            } catch (RuntimeException e) {
              failures[i] = e;
            }
          });
      for (int i = 0; i < made.length; i++) {
        if (failures[i] != null) {
          throw failures[i];
        }
        @SuppressWarnings("unchecked")
        T thing = (T) made[i];
        taker.take(begin + i, thing);
      }
    }
  }
}
