package io.weft.internal.tensorflow;

import io.weft.internal.step.CallTable;
import io.weft.internal.step.GroupProgram;
import io.weft.internal.step.StepProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A step program's tables as a loop in a graph reads them. Steps that make the same calls for the
 * same numbers of positions have one {@link Kind}, and differ by a row of the table only.
 */
final class StepLayout {

  /**
   * One call in a step.
   *
   * @param group the group that is computed
   * @param positions at how many positions
   * @param written where in the row the slots to write begin
   * @param gathered where in the row the indices of each gather begin
   */
  record Call(int group, int positions, int written, List<Integer> gathered) {}

  /**
   * What steps of a kind have in common.
   *
   * @param channel the colour channel that is drawn
   * @param calls the calls in order
   * @param outputs where in the row the slots of the output groups begin; the slot that takes the
   *     drawn value comes after them
   * @param length of the row
   */
  record Kind(int channel, List<Call> calls, int outputs, int length) {}

  private final StepProgram program;
  private final int batch;
  private final CallTable source;
  private final List<List<List<Integer>>> gathers;
  private final Map<List<Integer>, Integer> kindOf = new LinkedHashMap<>();
  private final List<Kind> kinds = new ArrayList<>();
  private final int[] kindOfStep;
  private final int[] start;
  private final int[] table;

  /**
   * Lays out a program.
   *
   * @param batch how many images run in lockstep
   */
  StepLayout(StepProgram program, int batch) {
    this.program = program;
    this.batch = batch;
    source = program.calls();
    gathers = program.groups().stream().map(g -> StepParts.gathers(program, g)).toList();
    // One step beyond the last, of no kind, ends every loop.
    kindOfStep = new int[program.steps() + 1];
    kindOfStep[program.steps()] = -1;
    start = new int[program.steps()];
    int[][] rows = new int[program.steps()][];
    int at = 0;
    for (int step = 0; step < rows.length; step++) {
      kindOfStep[step] = kindOf(step);
      rows[step] = row(step);
      start[step] = at;
      at = Math.addExact(at, rows[step].length);
    }
    table = Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
  }

  /** Returns the kinds of steps. */
  List<Kind> kinds() {
    return List.copyOf(kinds);
  }

  /** Returns the kind of each step, and -1 at the end. */
  int[] kindOfStep() {
    return kindOfStep;
  }

  /** Returns where in the table each step's row begins. */
  int[] start() {
    return start;
  }

  /** Returns all rows. */
  int[] table() {
    return table;
  }

  /** Returns the read segments of each gather of a group. */
  List<List<Integer>> gathers(int group) {
    return gathers.get(group);
  }

  /** Returns the slots of a group's cache: the program's, and one for what nobody reads. */
  int slots(int group) {
    return program.slots(group) + 1;
  }

  private int kindOf(int step) {
    return kindOf.computeIfAbsent(
        program.kind(step),
        k -> {
          kinds.add(kind(step));
          return kinds.size() - 1;
        });
  }

  private Kind kind(int step) {
    List<Call> calls = new ArrayList<>();
    int at = 0;
    for (int call = program.firstCall(step); call < program.firstCall(step + 1); call++) {
      int group = source.group(call);
      int n = source.size(call);
      int written = at;
      at += n;
      List<Integer> gathered = new ArrayList<>();
      for (List<Integer> segments : gathers.get(group)) {
        gathered.add(at);
        at += n * segments.size();
      }
      calls.add(new Call(group, n, written, List.copyOf(gathered)));
    }
    int channel = program.channel(step);
    int outputs = at;
    return new Kind(
        channel, List.copyOf(calls), outputs, outputs + program.outputGroups(channel).size() + 1);
  }

  private int[] row(int step) {
    IntStream.Builder row = IntStream.builder();
    for (int call = program.firstCall(step); call < program.firstCall(step + 1); call++) {
      GroupProgram group = program.groups().get(source.group(call));
      int n = source.size(call);
      for (int p = 0; p < n; p++) {
        row.add(writable(group.group(), source.written(call, p)));
      }
      for (List<Integer> segments : gathers.get(group.group())) {
        // A gather of several taps goes to single rows: slot x batch + image.
        int scale = segments.size() > 1 ? batch : 1;
        for (int p = 0; p < n; p++) {
          for (int segment : segments) {
            row.add(scale * source.gathered(call, segment, p));
          }
        }
      }
    }
    int channel = program.channel(step);
    for (int o = 0; o < program.outputGroups(channel).size(); o++) {
      row.add(program.outputSlot(step, o));
    }
    row.add(writable(program.imageGroup(channel), program.drawnSlot(step)));
    return row.build().toArray();
  }

  /** Slot 0 stays zero: what would go there goes behind the last slot. */
  private int writable(int group, int slot) {
    return slot == 0 ? program.slots(group) : slot;
  }
}
