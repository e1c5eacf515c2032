package io.weft.internal.tensorflow;

import io.weft.internal.step.GroupProgram;
import io.weft.internal.step.Instruction;
import io.weft.internal.step.MapRun;
import io.weft.internal.step.StepProgram;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How the rows that an instruction copies or multiplies are put together: neighbouring reads of all
 * maps of one group (the taps of a convolution) are one gather.
 */
final class StepParts {

  /**
   * One operand.
   *
   * @param segments the read segments of a gather; empty for the result of an instruction
   * @param run which maps, of each segment or of the result
   */
  record Part(List<Integer> segments, MapRun run) {}

  private StepParts() {}

  /** Returns the operands that runs come from, in their order. */
  static List<Part> of(StepProgram program, GroupProgram group, List<MapRun> runs) {
    List<Part> parts = new ArrayList<>();
    for (int r = 0; r < runs.size(); r++) {
      MapRun run = runs.get(r);
      if (!run.isRead()) {
        parts.add(new Part(List.of(), run));
        continue;
      }
      List<Integer> segments = new ArrayList<>(List.of(run.segment()));
      while (r + 1 < runs.size() && joins(program, group, run, runs.get(r + 1))) {
        segments.add(runs.get(++r).segment());
      }
      parts.add(new Part(List.copyOf(segments), run));
    }
    return parts;
  }

  private static boolean joins(StepProgram program, GroupProgram group, MapRun run, MapRun next) {
    if (!next.isRead()) {
      return false;
    }
    int source = group.reads().get(run.segment()).group();
    int width = program.groups().get(source).width();
    return group.reads().get(next.segment()).group() == source
        && run.length() == width
        && next.length() == width;
  }

  /**
   * Returns the read segments of each gather of a group, each gather once. Attention has one as
   * well, of the slots at which its runs end.
   */
  static List<List<Integer>> gathers(StepProgram program, GroupProgram group) {
    Set<List<Integer>> gathers = new LinkedHashSet<>();
    BitSet constants = group.constants();
    for (int i = 0; i < group.instructions().size(); i++) {
      if (!constants.get(i)) {
        of(program, group, group.instructions().get(i).runs()).stream()
            .map(Part::segments)
            .filter(s -> !s.isEmpty())
            .forEach(gathers::add);
        if (group.instructions().get(i) instanceof Instruction.Attend attend) {
          gathers.add(List.of(attend.segment()));
        }
      }
    }
    return List.copyOf(gathers);
  }
}
