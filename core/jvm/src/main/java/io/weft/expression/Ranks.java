package io.weft.expression;

import io.weft.internal.Seam;
import io.weft.order.GenerationOrder;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Reads a {@link Span}: all positions whose ranks in the generation order lie in one run, which
 * ends at the own position or just before it.
 *
 * @param span which of them
 * @param order the order; output and input have the size of its images
 */
public record Ranks(Span span, GenerationOrder order) implements Footprint {

  /** Checks that nothing is missing. */
  public Ranks {
    Objects.requireNonNull(span, "span");
    Objects.requireNonNull(order, "order");
  }

  /** Returns the rank after the last one that {@code position} reads: so many come before it. */
  public int end(int position) {
    return order.rank(position) + (span.isStrict() ? 0 : 1);
  }

  /** Returns whether a run begins with the first position of all, whatever its end. */
  public boolean isPrefix() {
    return span.most() >= order.pixels();
  }

  /** Returns the first rank of a run with that end. */
  public int start(int end) {
    return Math.max(0, end - span.most());
  }

  @Override
  public void each(int row, int column, IntConsumer visitor) {
    int end = end(row * order.width() + column);
    for (int rank = start(end); rank < end; rank++) {
      visitor.accept(order.position(rank));
    }
  }

  @Seam
  @Override
  public Optional<GenerationOrder> follows() {
    return Optional.of(order);
  }

  @Seam
  @Override
  public Footprint moved(GenerationOrder other) {
    return new Ranks(span, other);
  }
}
