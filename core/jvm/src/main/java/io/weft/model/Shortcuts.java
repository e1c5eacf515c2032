package io.weft.model;

import io.weft.spec.DefinitionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;

/**
 * What the way down keeps for the way up, last in, first out: the shortcut connections of a
 * U-shaped network (PixelCNN++, figure 2). {@link #finish} makes sure that none is left over.
 *
 * @param <T> what is kept at each step
 */
final class Shortcuts<T> {

  private final Deque<T> kept = new ArrayDeque<>();

  /** Keeps {@code step}, and returns it. */
  public T keep(T step) {
    kept.push(step);
    return step;
  }

  /**
   * Returns what will be taken next, without taking it.
   *
   * @throws NoSuchElementException if nothing is left
   */
  public T next() {
    return kept.element();
  }

  /**
   * Takes what was kept last.
   *
   * @throws NoSuchElementException if nothing is left
   */
  public T take() {
    return kept.pop();
  }

  /**
   * Ends the way up.
   *
   * @throws DefinitionException if something that was kept was never taken
   */
  public void finish() {
    if (!kept.isEmpty()) {
      throw new DefinitionException(
          "the way up leaves "
              + kept.size()
              + " of the kept features over, the last one being "
              + kept.element()
              + "; take as many as are kept");
    }
  }
}
