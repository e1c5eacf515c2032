package io.weft.internal.tensorflow;

import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.internal.prove.Wavefronts;
import io.weft.order.GenerationOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The fronts of a layer that reads its own output, laid out one after the other in slots. Under
 * several generation orders a slot has a position for each: a front is as wide as its widest, and
 * where an order has fewer positions or fronts, one that is computed already comes again.
 */
final class FrontPlan {

  private final Shape grid;
  private final List<GenerationOrder> orders;

  /** For each front and each order its positions. */
  private final int[][][] positions;

  /** For each order the front of each position, and its number there. */
  private final int[][] frontOf;

  private final int[][] numberOf;
  private final int[] start;

  /**
   * Where a tap's reads of a front are found, all of the own output that has been computed.
   *
   * @param fronts the fronts that are read, ascending; none where nothing is
   * @param index for each order and each slot of the front its number in those fronts one after the
   *     other, the number after the last for nothing
   * @param run the same as one run of one front, where it is
   */
  record Sources(List<Integer> fronts, List<int[]> index, Optional<FrontRun> run) {}

  /**
   * A run of a front, zeros before and after.
   *
   * @param isWhole whether it is all of the front
   */
  record FrontRun(int before, int from, int length, int after, boolean isWhole) {}

  private FrontPlan(Shape grid, List<GenerationOrder> orders, List<Wavefronts> fronts) {
    this.grid = grid;
    this.orders = orders;
    int count = fronts.stream().mapToInt(Wavefronts::count).max().orElseThrow();
    positions = new int[count][orders.size()][];
    start = new int[count + 1];
    frontOf = new int[orders.size()][grid.positions()];
    numberOf = new int[orders.size()][grid.positions()];
    for (int f = 0; f < count; f++) {
      int front = f;
      int size =
          fronts.stream()
              .mapToInt(w -> front < w.count() ? w.front(front).length : 1)
              .max()
              .orElseThrow();
      start[f + 1] = start[f] + size;
      for (int o = 0; o < orders.size(); o++) {
        Wavefronts own = fronts.get(o);
        int[] mine = own.front(Math.min(f, own.count() - 1));
        positions[f][o] = Arrays.copyOf(mine, size);
        Arrays.fill(positions[f][o], Math.min(size, mine.length), size, mine[0]);
        for (int i = 0; f < own.count() && i < mine.length; i++) {
          frontOf[o][mine[i]] = f;
          numberOf[o][mine[i]] = i;
        }
      }
    }
  }

  /** Returns the plan of an expression under each of {@code orders}, of the grid's size. */
  static FrontPlan of(Shape grid, Expression expression, List<GenerationOrder> orders) {
    List<Tap> taps = expression.taps();
    boolean follows = taps.stream().anyMatch(t -> t.isOwn() && t.positions().follows().isPresent());
    // What follows no order is the same under all.
    List<GenerationOrder> differing = follows ? orders : orders.subList(0, 1);
    return new FrontPlan(
        grid,
        differing,
        differing.stream()
            .map(o -> Wavefronts.of(grid, taps.stream().map(t -> t.under(o)).toList()))
            .toList());
  }

  /** Returns the number of fronts. */
  int count() {
    return positions.length;
  }

  /** Returns the number of slots of a front. */
  int size(int front) {
    return start[front + 1] - start[front];
  }

  /** Returns for how many generation orders the fronts differ. */
  int orders() {
    return orders.size();
  }

  /** Returns the number of slots. */
  int slots() {
    return start[count()];
  }

  /** Returns for each order the positions of a front; one line where all orders have the same. */
  int[][] positions(int front) {
    return positions[front];
  }

  /** Returns for each order the position of each slot. */
  int[][] positionOfSlot() {
    int[][] all = new int[orders.size()][];
    for (int o = 0; o < all.length; o++) {
      int order = o;
      all[o] = Arrays.stream(positions).flatMapToInt(p -> Arrays.stream(p[order])).toArray();
    }
    return all;
  }

  /** Returns for each order the slot of each position. */
  int[][] slotOfPosition() {
    int[][] all = new int[orders.size()][grid.positions()];
    for (int o = 0; o < all.length; o++) {
      int order = o;
      Arrays.setAll(all[o], q -> start[frontOf[order][q]] + numberOf[order][q]);
    }
    return all;
  }

  /** Returns what a tap reads for a front. */
  Sources sources(int front, Tap tap) {
    int[][] read = new int[orders.size()][size(front)];
    TreeSet<Integer> fronts = new TreeSet<>();
    for (int o = 0; o < read.length; o++) {
      Tap map = tap.under(orders.get(o));
      for (int i = 0; i < read[o].length; i++) {
        int q = positions[front][o][i];
        read[o][i] = map.source(q / grid.width(), q % grid.width());
        if (read[o][i] != PositionMap.NONE) {
          fronts.add(frontOf[o][read[o][i]]);
        }
      }
    }
    Map<Integer, Integer> starts = new HashMap<>();
    int total = 0;
    for (int f : fronts) {
      starts.put(f, total);
      total += size(f);
    }
    int nothing = total;
    int[][] index = new int[read.length][];
    for (int o = 0; o < read.length; o++) {
      int order = o;
      index[o] =
          Arrays.stream(read[o])
              .map(
                  q ->
                      q == PositionMap.NONE
                          ? nothing
                          : starts.get(frontOf[order][q]) + numberOf[order][q])
              .toArray();
    }
    boolean isOne = fronts.size() == 1 && index.length == 1;
    return new Sources(
        List.copyOf(fronts), List.of(index), isOne ? run(index[0], nothing) : Optional.empty());
  }

  private static Optional<FrontRun> run(int[] index, int nothing) {
    int[] read = IntStream.range(0, index.length).filter(i -> index[i] != nothing).toArray();
    int first = read[0];
    boolean isRun =
        IntStream.range(0, read.length)
            .allMatch(i -> read[i] == first + i && index[read[i]] == index[first] + i);
    int after = index.length - first - read.length;
    return isRun
        ? Optional.of(new FrontRun(first, index[first], read.length, after, read.length == nothing))
        : Optional.empty();
  }
}
