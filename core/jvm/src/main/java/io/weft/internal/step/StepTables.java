package io.weft.internal.step;

import io.weft.expression.PositionMap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.order.GenerationOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Cache slots by a linear scan over live ranges, and with them what each call gathers and writes.
 * Slot 0 of every group is zero: it stands for what lies outside. What is read in sets lies in the
 * order of generation, and is not given back.
 */
final class StepTables {

  private static final int UNASSIGNED = 0;
  private static final int FOR_EVER = Integer.MAX_VALUE;

  private final MapGroups groups;
  private final List<GroupProgram> programs;
  private final Sources sources;
  private final List<List<MapGroup>> outputs;
  private final Foreknown known;
  private final AsideCalls aside;
  private final int[][] lastRead;

  /** For each group that is read in sets the order in which it lies; null for the others. */
  private final GenerationOrder[] lying;

  private final ReadRuns kept = new ReadRuns();

  private final int[][] slots;
  private final List<PriorityQueue<Integer>> free = new ArrayList<>();
  private final CallTable.Builder data = new CallTable.Builder();
  private final List<int[]> dying = new ArrayList<>();
  private long live;
  private long peak;

  /** For each step the number of its first call, and at the end the number of calls. */
  final int[] firstCall;

  /** What each call reads and writes. */
  final CallTable calls;

  /** For each group the slots of a cache, slot 0 included; 1 where nothing is ever kept. */
  final int[] slotCount;

  /** For each step and each output group of its channel the slot that is drawn from, 0 if known. */
  final int[][] outputSlots;

  /** For each step the slot that takes the drawn value, 0 where nothing reads it. */
  final int[] drawnSlot;

  /** For each group of a condition the slot of each position, 0 where nothing reads it. */
  final int[][] givenSlots;

  StepTables(
      MapGroups groups,
      List<GroupProgram> programs,
      Sources sources,
      List<Calls.Call> calls,
      AsideCalls aside,
      Foreknown known) {
    this.groups = groups;
    this.known = known;
    this.aside = aside;
    this.programs = programs;
    this.sources = sources;
    LayerGraph graph = groups.graph();
    outputs = IntStream.range(0, graph.image().channels()).mapToObj(groups::outputsOf).toList();
    int steps = graph.image().values();
    firstCall = new int[steps + 1];
    slotCount = new int[groups.count()];
    outputSlots = new int[steps][];
    drawnSlot = new int[steps];
    givenSlots = new int[groups.count()][];
    lastRead = new int[groups.count()][];
    slots = new int[groups.count()][];
    lying = new GenerationOrder[groups.count()];
    for (MapGroup group : groups.all()) {
      int positions = groups.node(group).shape().positions();
      lastRead[group.index()] = new int[positions];
      Arrays.fill(lastRead[group.index()], -1);
      slots[group.index()] = new int[positions];
      slotCount[group.index()] = 1;
      free.add(new PriorityQueue<>());
    }
    findLastReads(calls, steps);
    assign(calls, steps);
    this.calls = data.build();
  }

  /** The most floats of one image that are alive at the same time. */
  long peakLive() {
    return peak;
  }

  private int position(int step) {
    LayerGraph graph = groups.graph();
    return graph.order().position(step / graph.image().channels());
  }

  /** The groups that a step draws from; none where the value is known. */
  private List<MapGroup> outputs(int step) {
    return step < known.first() ? List.of() : outputs.get(step % outputs.size());
  }

  /**
   * Events are numbered along: every call is one, and every drawing. What a call aside reads it may
   * read until the drawing of the step by which it is made.
   */
  private void findLastReads(List<Calls.Call> calls, int steps) {
    int[] drawings = drawings(calls, steps);
    int asides = 0;
    int next = 0;
    for (int step = 0; step < steps; step++) {
      for (; next < calls.size() && calls.get(next).step() == step; next++) {
        Calls.Call call = calls.get(next);
        readAt(call, call.isAside() ? drawings[aside.due(asides++)] : next + step);
      }
      for (MapGroup output : outputs(step)) {
        raise(lastRead[output.index()], position(step), drawings[step]);
      }
    }
  }

  /** Of each step the event of its drawing. */
  private static int[] drawings(List<Calls.Call> calls, int steps) {
    int[] drawings = new int[steps];
    int next = 0;
    for (int step = 0; step < steps; step++) {
      while (next < calls.size() && calls.get(next).step() == step) {
        next++;
      }
      drawings[step] = next + step;
    }
    return drawings;
  }

  private void readAt(Calls.Call call, int event) {
    for (int r = 0; r < programs.get(call.group()).reads().size(); r++) {
      int[] source = sources.of(call.group(), r);
      ReadSegment read = programs.get(call.group()).reads().get(r);
      if (read.isSet()) {
        for (int q : call.positions()) {
          keep(read, source[q]);
        }
        continue;
      }
      for (int q : call.positions()) {
        if (source[q] != PositionMap.NONE) {
          raise(lastRead[read.group()], source[q], event);
        }
      }
    }
  }

  private static void raise(int[] last, int position, int event) {
    last[position] = Math.max(last[position], event);
  }

  private void keep(ReadSegment read, int end) {
    lying[read.group()] = read.ranks().order();
    kept.read(read, end, q -> lastRead[read.group()][q] = FOR_EVER);
  }

  private void assign(List<Calls.Call> calls, int steps) {
    for (MapGroup group : groups.all()) {
      if (groups.node(group) instanceof Node.Given) {
        int[] given = slots[group.index()];
        for (int q = 0; q < given.length; q++) {
          take(group.index(), q);
        }
        givenSlots[group.index()] = given.clone();
      }
    }
    int event = 0;
    int next = 0;
    int drawn = 0;
    List<Calls.Call> asides = calls.stream().filter(Calls.Call::isAside).toList();
    int made = 0;
    for (int step = 0; step < steps; step++) {
      for (int end = Math.min(steps, known.before(step)); drawn < end; drawn++) {
        int channel = drawn % this.outputs.size();
        drawnSlot[drawn] = take(groups.ofMap(0, channel).index(), position(drawn));
      }
      firstCall[step] = next;
      for (; next < calls.size() && calls.get(next).step() == step; next++, event++) {
        emit(calls.get(next), event);
      }
      List<MapGroup> outputs = outputs(step);
      // Slot 0 where the value is known.
      outputSlots[step] = new int[this.outputs.get(step % this.outputs.size()).size()];
      for (int o = 0; o < outputs.size(); o++) {
        outputSlots[step][o] = read(outputs.get(o).index(), position(step), event);
      }
      for (; made < asides.size() && aside.due(made) == step; made++) {
        forget(asides.get(made), event);
      }
      release();
      event++;
    }
    firstCall[steps] = next;
  }

  private void emit(Calls.Call call, int event) {
    data.call(call.group(), call.positions().length);
    for (int q : call.positions()) {
      data.add(q);
    }
    for (int q : call.positions()) {
      data.add(take(call.group(), q));
    }
    GroupProgram program = programs.get(call.group());
    for (int r = 0; r < program.reads().size(); r++) {
      int[] source = sources.of(call.group(), r);
      if (program.reads().get(r).isSet()) {
        for (int q : call.positions()) {
          data.add(source[q]);
        }
        continue;
      }
      int group = program.reads().get(r).group();
      for (int q : call.positions()) {
        int from = source[q];
        data.add(from == PositionMap.NONE ? 0 : read(group, from, event));
      }
    }
    release();
  }

  /** Gives back what a call aside has read, once it is made. */
  private void forget(Calls.Call call, int event) {
    List<ReadSegment> reads = programs.get(call.group()).reads();
    for (int r = 0; r < reads.size(); r++) {
      int[] source = sources.of(call.group(), r);
      for (int q : call.positions()) {
        if (source[q] != PositionMap.NONE && !reads.get(r).isSet()) {
          read(reads.get(r).group(), source[q], event);
        }
      }
    }
  }

  private int take(int group, int position) {
    if (lastRead[group][position] < 0) {
      return 0;
    }
    int slot = slot(group, position);
    slots[group][position] = slot;
    live += programs.get(group).width();
    peak = Math.max(peak, live);
    return slot;
  }

  private int slot(int group, int position) {
    GenerationOrder order = lying[group];
    if (order != null) {
      slotCount[group] = 1 + order.pixels();
      return 1 + order.rank(position);
    }
    Integer reused = free.get(group).poll();
    return reused == null ? slotCount[group]++ : reused;
  }

  private int read(int group, int position, int event) {
    int slot = slots[group][position];
    if (slot == UNASSIGNED) {
      throw new IllegalStateException("group " + group + " is read at " + position + " unwritten");
    }
    if (lastRead[group][position] == event) {
      dying.add(new int[] {group, position});
    }
    return slot;
  }

  /** Gives back the slots of what was read for the last time; each once. */
  private void release() {
    for (int[] dead : dying) {
      int slot = slots[dead[0]][dead[1]];
      if (slot != UNASSIGNED && lying[dead[0]] == null) {
        slots[dead[0]][dead[1]] = UNASSIGNED;
        free.get(dead[0]).add(slot);
        live -= programs.get(dead[0]).width();
      }
    }
    dying.clear();
  }
}
