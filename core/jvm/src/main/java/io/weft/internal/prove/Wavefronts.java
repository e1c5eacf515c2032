package io.weft.internal.prove;

import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.internal.thread.Interruption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The positions of a layer's output in the order in which they can be computed: one front after the
 * other, where a position lies in the first front that comes after all that it reads of the layer's
 * own output. Of a layer that reads nothing of itself all positions lie in one; of a recurrence
 * along rows and columns the fronts are rows, columns or anti-diagonals.
 */
public final class Wavefronts {

  /** Who reads a position is kept in one array. */
  private static final int MOST_READS = Integer.MAX_VALUE - Byte.SIZE;

  private final int[] frontOf;
  private final List<int[]> fronts;

  private Wavefronts(int[] frontOf) {
    this.frontOf = frontOf;
    int count = 1 + Arrays.stream(frontOf).max().orElseThrow();
    int[] sizes = new int[count];
    Arrays.stream(frontOf).forEach(front -> sizes[front]++);
    this.fronts = Arrays.stream(sizes).mapToObj(int[]::new).toList();
    int[] filled = new int[count];
    for (int q = 0; q < frontOf.length; q++) {
      fronts.get(frontOf[q])[filled[frontOf[q]]++] = q;
    }
  }

  /**
   * Returns the fronts of an output.
   *
   * @param grid the output's height and width
   * @param taps what the layer reads; those of its own output count
   * @throws IllegalArgumentException if a position waits for itself, directly or by way of others
   *     (the message names the taps), or there are too many reads to be put in order
   */
  public static Wavefronts of(Shape grid, List<Tap> taps) {
    List<Tap> own = taps.stream().filter(Tap::isOwn).toList();
    checkNumber(grid, own.size());
    return new Search(grid, own).run();
  }

  private static void checkNumber(Shape grid, int taps) {
    long reads = (long) taps * grid.positions();
    if (reads > MOST_READS) {
      throw new IllegalArgumentException(
          "reads its own output at "
              + taps
              + " places of each of "
              + grid.positions()
              + " positions, "
              + reads
              + " times in all, which are limited to "
              + MOST_READS
              + "; read it at fewer places");
    }
  }

  /** Returns the number of fronts. */
  public int count() {
    return fronts.size();
  }

  /** Returns the positions of a front, ascending. */
  public int[] front(int front) {
    return fronts.get(front).clone();
  }

  /** Returns the front that a position lies in. */
  public int frontOf(int position) {
    return frontOf[position];
  }

  /** Kahn's algorithm, which counts for each position what it still waits for. */
  private static final class Search {

    /** In a message: more of them would say no more. */
    private static final int NAMED = 4;

    private final Shape grid;
    private final List<Tap> taps;
    private final int[] frontOf;
    private final int[] waits;

    Search(Shape grid, List<Tap> taps) {
      this.grid = grid;
      this.taps = taps;
      this.frontOf = new int[grid.positions()];
      this.waits = new int[grid.positions()];
    }

    Wavefronts run() {
      return taps.isEmpty() ? new Wavefronts(frontOf) : sorted();
    }

    private Wavefronts sorted() {
      int n = grid.positions();
      int[] readers = new int[n + 1];
      for (int q = 0; q < n; q++) {
        Interruption.check();
        for (Tap tap : taps) {
          int source = source(tap, q);
          if (source != PositionMap.NONE) {
            waits[q]++;
            readers[source + 1]++;
          }
        }
      }
      Arrays.parallelPrefix(readers, Integer::sum);
      int[] reader = new int[readers[n]];
      int[] next = readers.clone();
      for (int q = 0; q < n; q++) {
        Interruption.check();
        for (Tap tap : taps) {
          int source = source(tap, q);
          if (source != PositionMap.NONE) {
            reader[next[source]++] = q;
          }
        }
      }
      int[] order = Arrays.copyOf(IntStream.range(0, n).filter(q -> waits[q] == 0).toArray(), n);
      int found = (int) Arrays.stream(waits).filter(w -> w == 0).count();
      for (int i = 0; i < found; i++) {
        Interruption.check();
        int q = order[i];
        for (int r = readers[q]; r < readers[q + 1]; r++) {
          int waiting = reader[r];
          frontOf[waiting] = Math.max(frontOf[waiting], frontOf[q] + 1);
          if (--waits[waiting] == 0) {
            order[found++] = waiting;
          }
        }
      }
      if (found < n) {
        throw circle();
      }
      return new Wavefronts(frontOf);
    }

    private int source(Tap tap, int q) {
      return tap.source(q / grid.width(), q % grid.width());
    }

    /** Whoever still waits waits for one that does: from there the way leads into a circle. */
    private IllegalArgumentException circle() {
      List<Integer> way = new ArrayList<>();
      List<Tap> by = new ArrayList<>();
      int q = IntStream.range(0, waits.length).filter(p -> waits[p] > 0).findFirst().orElseThrow();
      while (!way.contains(q)) {
        way.add(q);
        by.add(waitedFor(q));
        q = source(by.get(by.size() - 1), q);
      }
      Set<String> places = new LinkedHashSet<>();
      by.subList(way.indexOf(q), by.size()).forEach(tap -> places.add(tap.label()));
      List<String> named = places.stream().limit(NAMED).toList();
      return new IllegalArgumentException(
          "reads its own output in a circle: what position ("
              + q / grid.width()
              + ", "
              + q % grid.width()
              + ") reads at "
              + String.join(", then at ", named)
              + " leads back to it; read the own output at positions that come before the own one,"
              + " all of them in one order of the positions");
    }

    private Tap waitedFor(int q) {
      return taps.stream()
          .filter(tap -> source(tap, q) != PositionMap.NONE && waits[source(tap, q)] > 0)
          .findFirst()
          .orElseThrow();
    }
  }
}
