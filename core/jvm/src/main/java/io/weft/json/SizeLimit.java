package io.weft.json;

import io.weft.expression.Parameter;
import io.weft.expression.Ranks;
import io.weft.expression.Tap;
import io.weft.graph.Node;
import io.weft.order.Orders;
import io.weft.spec.ImageSpec;
import java.util.stream.Stream;

/**
 * How much a text may ask for, so that a small file cannot exhaust memory. Ten times what the
 * largest published models of this family need.
 */
final class SizeLimit {

  static final int MOST_NODES = 4096;

  private static final long MOST_TAPS = 1 << 18;
  private static final long MOST_VALUES = 1 << 30;
  private static final long MOST_MAPS = 1 << 21;
  private static final long MOST_READS = 1L << 32;

  /** A graph is put together, and perhaps proven, for each order. */
  private static final long MOST_READS_IN_ORDERS = 1L << 36;

  private static final long MOST_POSITIONS = 1 << 28;
  private static final long MOST_ORDERED = 1 << 24;

  private final long orders;
  private long taps;
  private long positions;
  private long parameters;
  private long maps;
  private long reads;

  /** Starts to count what a model for some orders has. */
  SizeLimit(Orders orders) {
    this.orders =
        Stream.concat(Stream.of(orders.current()), orders.declared().stream()).distinct().count();
  }

  /** Counts one node. */
  void add(Place place, Node node) {
    maps += node.shape().maps();
    positions += node.shape().positions();
    if (node instanceof Node.Applied applied) {
      int read = applied.expression().taps().size();
      taps += read;
      reads +=
          applied.expression().taps().stream().mapToLong(SizeLimit::reads).sum()
              * node.shape().positions();
      parameters += applied.parameters().stream().mapToLong(Parameter::size).sum();
    }
    check(place, "positions of all layers", positions, MOST_POSITIONS);
    check(place, "maps of all layers", maps, MOST_MAPS);
    check(place, "kernel taps of all layers", taps, MOST_TAPS);
    check(place, "taps times positions of all layers", reads, MOST_READS);
    check(place, "taps times positions times orders", reads * orders, MOST_READS_IN_ORDERS);
    check(place, "parameters", parameters, MOST_VALUES);
  }

  /**
   * Checks orders before any of them is made: each takes eight bytes for a pixel.
   *
   * @param count how many there are
   */
  static void checkOrders(Place place, ImageSpec image, int count) {
    check(place, "pixels in all orders", (long) image.pixels() * count, MOST_ORDERED);
  }

  /** What is read at a position counts, but all up to it is found as quickly as one. */
  private static long reads(Tap tap) {
    return tap.positions() instanceof Ranks ranks && !ranks.isPrefix() ? ranks.span().most() : 1;
  }

  private static void check(Place place, String what, long found, long most) {
    if (found > most) {
      throw new DefinitionFormatException(
          place.pointer(), "the " + what + " are limited to " + most + ", found " + found);
    }
  }
}
