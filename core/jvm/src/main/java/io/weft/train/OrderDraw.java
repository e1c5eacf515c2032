package io.weft.train;

import java.util.SplittableRandom;

/**
 * Which of a model's generation orders each step is trained under: drawn evenly, from (seed, step)
 * alone, so that training can go on from any step.
 */
final class OrderDraw {

  private final int orders;
  private final long seed;

  OrderDraw(int orders, long seed) {
    this.orders = orders;
    this.seed = seed;
  }

  /** Returns the number of the order of step {@code step}, from 0. */
  int at(long step) {
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ step * 0xD1B54A32D192ED03L)
        .nextInt(orders);
  }
}
