package io.weft.internal.step;

import io.weft.expression.PositionMap;
import io.weft.expression.Ranks;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Schedule;
import java.util.Arrays;
import java.util.List;

/**
 * The calls of a program that another thread may make beside the steps, one after the other: from
 * which step on each may be made, and by which it has to be. In a step that lets some begin they
 * are the first of its calls, so that one thread can make all calls in the order in which they are.
 */
final class AsideCalls {

  private static final int NONE = -1;

  /** Their numbers among all calls. */
  private final int[] numbers;

  /** Of each step how many of them may be made once it has begun. */
  private final int[] released;

  /** Of each step how many of them its other calls, or who reads its parameters, need. */
  private final int[] needed;

  private AsideCalls(int[] numbers, int[] released, int[] needed) {
    this.numbers = numbers;
    this.released = released;
    this.needed = needed;
  }

  /** Finds those of a plan. */
  static AsideCalls of(
      MapGroups groups, List<GroupProgram> programs, Sources sources, List<Calls.Call> calls) {
    Ints numbers = new Ints();
    int steps = groups.graph().image().values();
    int[] released = new int[steps];
    for (int call = 0; call < calls.size(); call++) {
      if (calls.get(call).isAside()) {
        numbers.add(call);
        released[calls.get(call).step()] = numbers.size();
      }
    }
    // Of most programs: nobody waits for anything.
    if (numbers.size() == 0) {
      return new AsideCalls(numbers.toArray(), released, new int[steps]);
    }
    Needs needs = new Needs(groups, programs, sources, steps);
    for (Calls.Call call : calls) {
      needs.see(call);
    }
    needs.seeOutputs();
    Arrays.parallelPrefix(released, Math::max);
    Arrays.parallelPrefix(needs.needed, Math::max);
    return new AsideCalls(numbers.toArray(), released, needs.needed);
  }

  /** Which of the calls each step needs. */
  private static final class Needs {
    private final MapGroups groups;
    private final List<GroupProgram> programs;
    private final Sources sources;
    private final int[] needed;

    /** Of each group and position the call that computes it, or {@link #NONE}. */
    private final int[][] writers;

    private int seen;

    Needs(MapGroups groups, List<GroupProgram> programs, Sources sources, int steps) {
      this.groups = groups;
      this.programs = programs;
      this.sources = sources;
      this.needed = new int[steps];
      this.writers = new int[groups.count()][];
    }

    void see(Calls.Call call) {
      if (call.isAside()) {
        int[] mine = writers(call.group());
        for (int q : call.positions()) {
          mine[q] = seen;
        }
        seen++;
        return;
      }
      GroupProgram reader = programs.get(call.group());
      for (int r = 0; r < reader.reads().size(); r++) {
        ReadSegment read = reader.reads().get(r);
        if (writers[read.group()] != null) {
          int[] source = sources.of(reader.group(), r);
          for (int q : call.positions()) {
            need(call.step(), read, source[q]);
          }
        }
      }
    }

    private int[] writers(int group) {
      if (writers[group] == null) {
        writers[group] = new int[groups.node(groups.get(group)).shape().positions()];
        Arrays.fill(writers[group], NONE);
      }
      return writers[group];
    }

    private void need(int step, ReadSegment read, int source) {
      if (read.isSet()) {
        Ranks ranks = read.ranks();
        for (int rank = ranks.start(source); rank < source; rank++) {
          need(step, read.group(), ranks.order().position(rank));
        }
      } else if (source != PositionMap.NONE) {
        need(step, read.group(), source);
      }
    }

    private void need(int step, int group, int position) {
      needed[step] = Math.max(needed[step], 1 + writers[group][position]);
    }

    void seeOutputs() {
      int channels = groups.graph().image().channels();
      for (int channel = 0; channel < channels; channel++) {
        for (MapGroup output : groups.outputsOf(channel)) {
          int[] mine = writers[output.index()];
          for (int p = 0; mine != null && p < mine.length; p++) {
            need(Schedule.step(groups.graph(), p, channel), output.index(), p);
          }
        }
      }
    }
  }

  /** Returns how many there are. */
  int count() {
    return numbers.length;
  }

  /** Returns the number of the i-th of them among all calls. */
  int number(int i) {
    return numbers[i];
  }

  /** Returns how many of them may be made once a step has begun. */
  int released(int step) {
    return step < 0 ? 0 : released[step];
  }

  /** Returns how many of them have to be made before the other calls of a step. */
  int needed(int step) {
    return needed[step];
  }

  /** Returns how many of them may be made once a step has begun, and not before. */
  int begun(int step) {
    return released(step) - released(step - 1);
  }

  /** Returns the first step by which the i-th of them has been made: the last one if none waits. */
  int due(int i) {
    int low = 0;
    int high = needed.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (needed[middle] > i) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
