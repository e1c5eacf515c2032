package io.weft.internal.step;

import io.weft.expression.PositionMap;
import io.weft.expression.Ranks;
import io.weft.spec.Condition;
import java.util.Arrays;
import java.util.List;

/** A run of a program's tables in which each slot holds the position whose value it would hold. */
final class SymbolicRun {

  private final StepProgram program;
  private final Sources sources;
  private final CallTable calls;
  private final int[][] holder;

  SymbolicRun(StepProgram program, Sources sources) {
    this.program = program;
    this.sources = sources;
    this.calls = program.calls();
    this.holder = new int[program.groups().size()][];
    for (int g = 0; g < holder.length; g++) {
      holder[g] = new int[program.slots(g)];
      Arrays.fill(holder[g], PositionMap.NONE);
    }
  }

  /** Verifies calls that are made aside as soon as they may be, or as late. */
  void verify(boolean isLate) {
    for (Condition condition : program.definition().conditions()) {
      int group = program.givenGroup(condition);
      int[] slots = program.givenSlots(group);
      for (int q = 0; q < slots.length; q++) {
        write(group, slots[q], q);
      }
    }
    int drawn = 0;
    int made = 0;
    for (int step = 0; step < program.steps(); step++) {
      for (int end = program.valuesBefore(step); drawn < end; drawn++) {
        int group = program.imageGroup(program.channel(drawn));
        write(group, program.drawnSlot(drawn), program.position(drawn));
      }
      AsideCalls aside = program.aside();
      for (int end = isLate ? aside.needed(step) : aside.released(step); made < end; made++) {
        verifyCall(aside.number(made));
      }
      for (int call = program.firstOwnCall(step); call < program.firstCall(step + 1); call++) {
        verifyCall(call);
      }
      int channel = program.channel(step);
      List<Integer> outputs = program.outputGroups(channel);
      for (int o = 0; o < outputs.size() && step >= program.knownSteps(); o++) {
        expect(outputs.get(o), program.outputSlot(step, o), program.position(step));
      }
    }
  }

  private void verifyCall(int call) {
    GroupProgram group = program.groups().get(calls.group(call));
    int n = calls.size(call);
    for (int r = 0; r < group.reads().size(); r++) {
      int[] source = sources.of(group.group(), r);
      if (group.reads().get(r).isSet()) {
        verifyRuns(group.reads().get(r), source, call, r);
        continue;
      }
      for (int i = 0; i < n; i++) {
        int slot = calls.gathered(call, r, i);
        expect(group.reads().get(r).group(), slot, source[calls.position(call, i)]);
      }
    }
    for (int i = 0; i < n; i++) {
      write(group.group(), calls.written(call, i), calls.position(call, i));
    }
  }

  private void verifyRuns(ReadSegment read, int[] ends, int call, int r) {
    Ranks ranks = read.ranks();
    for (int i = 0; i < calls.size(call); i++) {
      int end = calls.gathered(call, r, i);
      int expected = ends[calls.position(call, i)];
      if (end != expected) {
        throw new IllegalStateException(
            "a run ends at rank " + end + " where " + expected + " is its end");
      }
      for (int rank = ranks.start(end); rank < end; rank++) {
        expect(read.group(), 1 + rank, ranks.order().position(rank));
      }
    }
  }

  /** Slot 0 is for what nobody reads, and stays zero. */
  private void write(int group, int slot, int position) {
    if (slot != 0) {
      holder[group][slot] = position;
    }
  }

  private void expect(int group, int slot, int position) {
    if (holder[group][slot] != position) {
      throw new IllegalStateException(
          "slot "
              + slot
              + " of "
              + program.groups().get(group).node()
              + " holds position "
              + holder[group][slot]
              + " where "
              + position
              + " is read");
    }
  }
}
