package io.weft.internal.step;

import io.weft.expression.PositionMap;
import io.weft.expression.Ranks;
import io.weft.graph.LayerGraph;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Schedule;
import io.weft.internal.prove.Wavefronts;
import io.weft.internal.thread.Interruption;
import io.weft.order.GenerationOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
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
   * @param positions where
   * @param isAside whether it may be made at any time from the step on until somebody needs it
   */
  record Call(int step, int group, List<Integer> positions, boolean isAside) {}

  private final Schedule schedule;
  private final MapGroups groups;
  private final List<GroupProgram> programs;
  private final Sources sources;
  private final int[][] due;
  private final Foreknown known;
  private final AsidePlan aside;
  private final boolean[][] done;
  private final int[][] byDue;
  private final int[] firstOpen;

  /** Of each set that is read up to which rank all of it has been demanded. */
  private final Map<ReadSegment, Integer> demanded = new HashMap<>();

  private final List<Call> calls = new ArrayList<>();

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
    for (int g = 0; g < groups.count(); g++) {
      int[] mine = due[g];
      done[g] = new boolean[mine.length];
      byDue[g] =
          IntStream.range(0, mine.length)
              .filter(q -> mine[q] != Deadlines.NEVER)
              .boxed()
              .sorted(Comparator.comparingInt((Integer q) -> mine[q]).thenComparing(q -> q))
              .mapToInt(q -> q)
              .toArray();
    }
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
    if (done[group][position] || programs.get(group).isSource()) {
      return;
    }
    List<MapGroup> together = together(groups.get(group));
    List<int[]> batches =
        together.stream().map(g -> batch(g.index(), step, end, q -> true)).toList();
    for (int g = 0; g < batches.size(); g++) {
      demandReads(together.get(g).index(), batches.get(g), step, end);
    }
    Wavefronts fronts = groups.fronts(groups.get(group));
    // What the layer reads of itself lies in a front before, in this step or an earlier one.
    NavigableMap<Integer, List<Call>> byFront = new TreeMap<>();
    for (int g = 0; g < batches.size(); g++) {
      int of = together.get(g).index();
      Arrays.stream(batches.get(g))
          .boxed()
          .collect(Collectors.groupingBy(fronts::frontOf))
          .forEach(
              (front, positions) ->
                  byFront
                      .computeIfAbsent(front, f -> new ArrayList<>())
                      .add(new Call(step, of, positions, false)));
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
        calls.add(new Call(step, group, Arrays.stream(batch).boxed().toList(), true));
      }
    }
  }

  /** Whether all is there that a group reads at a position where it is ready. */
  private boolean isThere(int group, int position) {
    List<ReadSegment> reads = programs.get(group).reads();
    for (int r = 0; r < reads.size(); r++) {
      int from = sources.of(group, r)[position];
      int source = reads.get(r).group();
      if (from != PositionMap.NONE && !programs.get(source).isSource() && !done[source][from]) {
        return false;
      }
    }
    return true;
  }

  /** The groups that may read each other. */
  private List<MapGroup> together(MapGroup group) {
    return groups.fronts(group).count() == 1 ? List.of(group) : groups.ofNode(group.node());
  }

  private void demandReads(int group, int[] batch, int step, int end) {
    for (int r = 0; r < programs.get(group).reads().size(); r++) {
      int[] source = sources.of(group, r);
      ReadSegment read = programs.get(group).reads().get(r);
      if (read.isSet()) {
        for (int q : batch) {
          demandRun(read, source[q], step, end);
        }
        continue;
      }
      int from = read.group();
      for (int q : batch) {
        if (source[q] != PositionMap.NONE) {
          demand(from, source[q], step, end);
        }
      }
    }
  }

  /** Only what is new: those before have read the rest of a run from the beginning. */
  private void demandRun(ReadSegment read, int last, int step, int end) {
    Ranks ranks = read.ranks();
    int first = ranks.isPrefix() ? demanded.getOrDefault(read, 0) : ranks.start(last);
    for (int rank = first; rank < last; rank++) {
      demand(read.group(), ranks.order().position(rank), step, end);
    }
    if (ranks.isPrefix()) {
      demanded.merge(read, last, Math::max);
    }
  }

  private int[] batch(int group, int step, int end, IntPredicate isThere) {
    int[] candidates = byDue[group];
    while (firstOpen[group] < candidates.length && done[group][candidates[firstOpen[group]]]) {
      firstOpen[group]++;
    }
    MapGroup mapGroup = groups.get(group);
    Ints batch = new Ints();
    for (int i = firstOpen[group]; i < candidates.length && due[group][candidates[i]] < end; i++) {
      int q = candidates[i];
      if (!done[group][q] && schedule.ready(mapGroup, q) <= known.before(step) && isThere.test(q)) {
        done[group][q] = true;
        batch.add(q);
      }
    }
    return batch.toArray();
  }
}
