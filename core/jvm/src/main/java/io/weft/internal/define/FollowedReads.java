package io.weft.internal.define;

import io.weft.expression.Footprint;
import io.weft.expression.PositionMap;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.thread.Interruption;
import io.weft.spec.DefinitionException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a program of several generation orders reads, under each of them, what is proven there.
 * Such a program is compiled from the graph of one order. Under another it moves the reads that
 * follow the order, and these alone: whatever else a layer makes of the order stays as it was.
 */
public final class FollowedReads {

  /** In a message: more of them would say no more. */
  private static final int NAMED = 4;

  private final LayerGraph compiled;
  private final LayerGraph proven;

  private FollowedReads(LayerGraph compiled, LayerGraph proven) {
    this.compiled = compiled;
    this.proven = proven;
  }

  /**
   * Checks that a graph serves another order than its own.
   *
   * @param compiled what a program of both orders is compiled from
   * @param proven the same layers, applied again under the other order
   * @throws DefinitionException if a layer reads elsewhere there than the program would
   */
  public static void check(LayerGraph compiled, LayerGraph proven) {
    new FollowedReads(compiled, proven).check();
  }

  private void check() {
    boolean[] live = compiled.live();
    for (int n = 0; n < live.length; n++) {
      if (live[n]
          && compiled.nodes().get(n) instanceof Node.Applied here
          && proven.nodes().get(n) instanceof Node.Applied there) {
        check(n, here, there);
      }
    }
  }

  private void check(int layer, Node.Applied here, Node.Applied there) {
    List<Tap> reads = here.expression().taps();
    List<Tap> own = there.expression().taps();
    if (!here.shape().equals(there.shape()) || reads.size() != own.size()) {
      throw refusal(
          layer,
          "it gives " + there.shape() + " from " + own.size() + " places",
          here.shape() + " from " + reads.size());
    }
    for (int t = 0; t < own.size(); t++) {
      check(layer, moved(reads.get(t), own.get(t)), own.get(t));
    }
  }

  /** What follows an order does so on the grid of the read, which need not be the images'. */
  private Tap moved(Tap read, Tap own) {
    return read.under(own.positions().follows().orElse(proven.order()));
  }

  private void check(int layer, Tap moved, Tap own) {
    Interruption.check();
    if (moved.input() != own.input()) {
      throw refusal(layer, "it reads " + place(layer, own), place(layer, moved));
    }
    if (moved.positions().equals(own.positions())) {
      return;
    }
    int positions = proven.nodes().get(layer).shape().positions();
    int width = proven.nodes().get(layer).shape().width();
    for (int q = 0; q < positions; q++) {
      Interruption.check();
      if (!alike(moved.positions(), own.positions(), q / width, q % width)) {
        List<Integer> there = read(own.positions(), q / width, q % width);
        List<Integer> here = read(moved.positions(), q / width, q % width);
        String at = " for (" + q / width + ", " + q % width + ")";
        throw refusal(
            layer,
            "it reads " + place(layer, own) + at + " from " + words(layer, own, there),
            "from " + words(layer, own, here));
      }
    }
  }

  /** Layers that tell every position apart have very many of these, each for one position. */
  private static boolean alike(Footprint one, Footprint other, int row, int column) {
    if (one instanceof PositionMap here && other instanceof PositionMap there) {
      return here.source(row, column) == there.source(row, column);
    }
    return read(one, row, column).equals(read(other, row, column));
  }

  private static List<Integer> read(Footprint footprint, int row, int column) {
    List<Integer> read = new ArrayList<>();
    footprint.each(row, column, read::add);
    return read;
  }

  private Node source(int layer, Tap tap) {
    return proven.nodes().get(proven.source(layer, tap));
  }

  private String place(int layer, Tap tap) {
    return source(layer, tap).name() + " at " + tap.label();
  }

  private String words(int layer, Tap tap, List<Integer> positions) {
    if (positions.isEmpty()) {
      return "nowhere";
    }
    int width = source(layer, tap).shape().width();
    List<String> named =
        positions.stream().limit(NAMED).map(q -> "(" + q / width + ", " + q % width + ")").toList();
    return String.join(", ", named) + (positions.size() > NAMED ? " and more" : "");
  }

  private DefinitionException refusal(int layer, String there, String here) {
    return new DefinitionException(
        "model \""
            + proven.name()
            + "\", layer "
            + proven.nodes().get(layer).name()
            + ": under the order "
            + proven.order()
            + " "
            + there
            + ", but in a program of several orders, which is compiled once, under "
            + compiled.order()
            + ", it would be "
            + here
            + ". Only what a layer reads as earlier, as before, or by attention is moved with the"
            + " order: have it read so, or make a model for each order");
  }
}
