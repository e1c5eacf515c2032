package io.weft.prove;

import io.weft.internal.Count;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a definition is not causal: a colour value whose distribution could see itself or a later
 * value, the edges of the graph that let it, and what would end it.
 *
 * @param edges the reads to blame, at least one; the first is the one that the message names, the
 *     others are of the same layer, or of others that make the same mistake
 * @param value the value whose distribution leaks
 * @param seen the nearest value that it must not see
 * @param remedies what would end the leak, each for itself, the best first; at least one
 */
public record Leak(
    List<Edge> edges, BlindSpot.Value value, BlindSpot.Value seen, List<Remedy> remedies) {

  /** Freezes the lists. */
  public Leak {
    edges = List.copyOf(edges);
    remedies = List.copyOf(remedies);
  }

  /**
   * A read that carries a leak.
   *
   * @param layer the full name of the layer that reads what it must not
   * @param source the full name of what it reads
   * @param place where it reads it, such as "(+0, +1)"
   */
  public record Edge(String layer, String source, String place) {}

  /** Returns the full name of the layer to blame. */
  public String layer() {
    return edges.get(0).layer();
  }

  /**
   * Returns the message for people.
   *
   * @param colour whether the images have colour channels worth naming
   */
  String message(boolean colour) {
    long alike = edges.stream().map(Edge::layer).distinct().count() - 1;
    return layer()
        + " reads "
        + edges.get(0).source()
        + " at "
        + edges.get(0).place()
        + (alike == 0 ? "" : ", and " + Count.of(alike, "other layer") + " likewise")
        + ": the distribution of "
        + words(value, colour)
        + " could see "
        + (seen.equals(value) ? "that very value" : "the later " + words(seen, colour))
        + ". "
        + remedies.stream().map(Remedy::advice).collect(Collectors.joining(". Or: "))
        + ".";
  }

  private static String words(BlindSpot.Value value, boolean colour) {
    return "pixel ("
        + value.row()
        + ", "
        + value.column()
        + ")"
        + (colour ? " channel " + value.channel() : "");
  }
}
