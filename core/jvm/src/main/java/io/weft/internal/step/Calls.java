package io.weft.internal.step;

import io.weft.expression.PositionMap;
import io.weft.graph.LayerGraph;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Schedule;
import io.weft.internal.prove.Wavefronts;
import io.weft.internal.thread.Interruption;
import io.weft.order.GenerationOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which groups are computed at which positions, in which order: lazily, and in batches. At every
 * step the walk goes back from the output groups of the value about to be drawn. A group that is
 * demanded at one position is computed at every position that is ready by now and due within the
 * current row (within the current pixel under an order that does not go along rows; within the
 * steps whose values are known together, where they are). So a stack that waits for whole rows is
 * computed a row at a time, all else a pixel at a time.
 *
 * <p>What is planned {@linkplain AsidePlan aside} is computed every few pixels, at all positions at
 * which it can be and that are due by the end of the next row.
 *
 * <p>The groups of a layer that reads its own output are computed together, front after front: a
 * call of each group for each of its {@linkplain MapGroups#fronts fronts}.
 */
final class Calls {

  /**
   * One computation.
   *
   * @param step the generation step
   * @param group the group
   * @param positions where, in an array that nobody changes: there are hundreds of thousands
   * @param isAside whether it may be made at any time from the step on until somebody needs it
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  record Call(int step, int group, int[] positions, boolean isAside) {}

  private final Schedule schedule;
  private final MapGroups groups;
  private final List<GroupProgram> programs;
  private final Sources sources;
  private final int[][] due;
  private final Foreknown known;
  private final AsidePlan aside;

  /** For each group where its values are there, or come from outside. */
  private final boolean[][] done;

  private final int[][] byDue;
  private final int[] firstOpen;

  private final ReadRuns demanded = new ReadRuns();

  private final List<Call> calls = new ArrayList<>();

  /** Where a batch is gathered. */
  private final int[] found;

  private Calls(
      Schedule schedule,
      List<GroupProgram> programs,
      Sources sources,
      int[][] due,
      Foreknown known,
      AsidePlan aside) {
    this.known = known;
    this.aside = aside;
    this.schedule = schedule;
    this.groups = schedule.groups();
    this.programs = programs;
    this.sources = sources;
    this.due = due;
    this.done = new boolean[groups.count()][];
    this.byDue = new int[groups.count()][];
    this.firstOpen = new int[groups.count()];
    int most = 0;
    for (int g = 0; g < groups.count(); g++) {
      done[g] = new boolean[due[g].length];
      Arrays.fill(done[g], programs.get(g).isSource());
      byDue[g] = byDue(due[g]);
      most = Math.max(most, due[g].length);
    }
    found = new int[most];
  }

  /** The positions that somebody needs, sorted by when, then by themselves. */
  private static int[] byDue(int[] due) {
    long[] keys = new long[due.length];
    int count = 0;
    for (int q = 0; q < due.length; q++) {
      if (due[q] != Deadlines.NEVER) {
        keys[count++] = (long) due[q] << Integer.SIZE | q;
      }
    }
    Arrays.sort(keys, 0, count);
    int[] sorted = new int[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = (int) keys[i];
    }
    return sorted;
  }

  /**
   * Returns all computations in order.
   *
   * @param known which values are known
   * @param aside what is computed beside the steps
   */
  static List<Call> plan(
      Schedule schedule,
      List<GroupProgram> programs,
      Sources sources,
      int[][] due,
      Foreknown known,
      AsidePlan aside) {
    return new Calls(schedule, programs, sources, due, known, aside).all();
  }

  private List<Call> all() {
    LayerGraph graph = groups.graph();
    int channels = graph.image().channels();
    int window = known.ahead() > 1 ? known.ahead() : window(graph) * channels;
    List<List<MapGroup>> outputs =
        IntStream.range(0, channels).mapToObj(groups::outputsOf).toList();
    int values = graph.image().values();
    for (int step = known.first(); step < values; step++) {
      Interruption.check();
      // What follows from known pixels alone is computed all at once, when the first pixel is
      // drawn.
      boolean first = known.first() > 0 && step < known.first() + channels;
      int end = first ? values : (step / window + 1) * window;
      if (!first && step > 0 && step % window % (aside.pixels() * channels) == 0) {
        aside(step, step + aside.pixels() * channels, end + window);
      }
      for (MapGroup output : outputs.get(step % channels)) {
        demand(output.index(), graph.order().position(step / channels), step, end);
      }
    }
    return calls;
  }

  /** The pixels of a row where the order goes row after row, or of a turned one; else 1. */
  private static int window(LayerGraph graph) {
    GenerationOrder order = graph.order();
    int width = graph.image().width();
    if (order.isTurnedRaster()) {
      return width;
    }
    for (int rank = 0; rank < order.pixels(); rank++) {
      if (order.position(rank) / width != order.position(rank - rank % width) / width) {
        return 1;
      }
    }
    return width;
  }

  private void demand(int group, int position, int step, int end) {
    if (done[group][position]) {
      return;
    }
    if (groups.fronts(groups.get(group)).count() > 1) {
      demandInFronts(groups.get(group), step, end);
      return;
    }
    int[] batch = batch(group, step, end, q -> true);
    demandReads(group, batch, step, end);
    calls.add(new Call(step, group, batch, false));
  }

  /** The groups of a layer that may read each other. */
  private void demandInFronts(MapGroup group, int step, int end) {
    List<MapGroup> together = groups.ofNode(group.node());
    List<int[]> batches =
        together.stream().map(g -> batch(g.index(), step, end, q -> true)).toList();
    for (int g = 0; g < batches.size(); g++) {
      demandReads(together.get(g).index(), batches.get(g), step, end);
    }
    Wavefronts fronts = groups.fronts(group);
    // What the layer reads of itself lies in a front before, in this step or an earlier one.
    NavigableMap<Integer, List<Call>> byFront = new TreeMap<>();
    for (int g = 0; g < batches.size(); g++) {
      int of = together.get(g).index();
      Map<Integer, Ints> positions = new HashMap<>();
      for (int q : batches.get(g)) {
        positions.computeIfAbsent(fronts.frontOf(q), f -> new Ints()).add(q);
      }
      positions.forEach(
          (front, some) ->
              byFront
                  .computeIfAbsent(front, f -> new ArrayList<>())
                  .add(new Call(step, of, some.toArray(), false)));
    }
    byFront.values().forEach(calls::addAll);
  }

  /**
   * All that can be computed aside by now, as far as it is due within the next row. What is due
   * before {@code start} would be waited for: it is computed when it is needed.
   */
  private void aside(int step, int start, int end) {
    for (int group : aside.groups().stream().toArray()) {
      int[] batch = batch(group, step, end, q -> due[group][q] >= start && isThere(group, q));
      if (batch.length > 0) {
        calls.add(new Call(step, group, batch, true));
      }
    }
  }

  /** Whether all is there that a group reads at a position where it is ready. */
  private boolean isThere(int group, int position) {
    List<ReadSegment> reads = programs.get(group).reads();
    for (int r = 0; r < reads.size(); r++) {
      int from = sources.of(group, r)[position];
      if (from != PositionMap.NONE && !done[reads.get(r).group()][from]) {
        return false;
      }
    }
    return true;
  }

  private void demandReads(int group, int[] batch, int step, int end) {
    List<ReadSegment> reads = programs.get(group).reads();
    for (int r = 0; r < reads.size(); r++) {
      int[] source = sources.of(group, r);
      ReadSegment read = reads.get(r);
      if (read.isSet()) {
        for (int q : batch) {
          demanded.read(read, source[q], p -> demand(read.group(), p, step, end));
        }
        continue;
      }
      int from = read.group();
      boolean[] there = done[from];
      for (int q : batch) {
        // Most are there, and cost no call: while Java is cold this is where the time goes.
        if (source[q] != PositionMap.NONE && !there[source[q]]) {
          demand(from, source[q], step, end);
        }
      }
    }
  }

  private int[] batch(int group, int step, int end, IntPredicate isThere) {
    int[] candidates = byDue[group];
    while (firstOpen[group] < candidates.length && done[group][candidates[firstOpen[group]]]) {
      firstOpen[group]++;
    }
    MapGroup mapGroup = groups.get(group);
    int count = 0;
    for (int i = firstOpen[group]; i < candidates.length && due[group][candidates[i]] < end; i++) {
      int q = candidates[i];
      if (!done[group][q] && schedule.ready(mapGroup, q) <= known.before(step) && isThere.test(q)) {
        done[group][q] = true;
        found[count++] = q;
      }
    }
    return Arrays.copyOf(found, count);
  }
}
