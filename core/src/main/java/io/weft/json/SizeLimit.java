package io.weft.json;

import io.weft.expression.Parameter;
import io.weft.graph.Node;

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

  private long taps;
  private long parameters;
  private long maps;
  private long reads;

  /** Counts one node. */
  void add(Place place, Node node) {
    maps += node.shape().maps();
    if (node instanceof Node.Applied applied) {
      int read = applied.expression().taps().size();
      taps += read;
      reads += (long) read * node.shape().positions();
      parameters += applied.parameters().stream().mapToLong(Parameter::size).sum();
    }
    check(place, "maps of all layers", maps, MOST_MAPS);
    check(place, "kernel taps of all layers", taps, MOST_TAPS);
    check(place, "taps times positions of all layers", reads, MOST_READS);
    check(place, "parameters", parameters, MOST_VALUES);
  }

  private static void check(Place place, String what, long found, long most) {
    if (found > most) {
      throw new DefinitionFormatException(
          place.pointer(), "the " + what + " are limited to " + most + ", found " + found);
    }
  }
}
