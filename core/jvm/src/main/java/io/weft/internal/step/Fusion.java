package io.weft.internal.step;

import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Schedule;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which groups are computed as part of another one, without a call and a cache of their own. A
 * group is fused into its only reader if it is read at the reader's own position only, and
 *
 * <ul>
 *   <li>would be computed in as many calls as the reader or more, so that no fewer positions are
 *       computed together; or
 *   <li>multiplies no matrix, so that nothing is lost if fewer positions are computed together.
 * </ul>
 *
 * A group that only moves values (a shift, a concatenation) is fused into each such reader. The
 * groups of a layer that reads its own output are fused into nobody: they need their caches.
 */
final class Fusion {

  private final Schedule schedule;
  private final MapGroups groups;
  private final List<GroupProgram> programs;
  private final Sources sources;

  /** For each group those that are computed in it. */
  private final BitSet[] fused;

  /** The groups that multiply matrices, themselves or by what is fused into them. */
  private final BitSet multiplying = new BitSet();

  /** The groups that do more than to move values, themselves or by what is fused into them. */
  private final BitSet computing = new BitSet();

  private Fusion(Schedule schedule, List<GroupProgram> programs) {
    this.schedule = schedule;
    this.groups = schedule.groups();
    this.programs = programs;
    this.sources = new Sources(groups, programs);
    this.fused =
        IntStream.range(0, groups.count()).mapToObj(g -> new BitSet()).toArray(BitSet[]::new);
  }

  /** Returns the programs of all groups; a fused group has one too, which nobody calls. */
  static List<GroupProgram> compile(Schedule schedule) {
    Fusion none = new Fusion(schedule, List.of());
    List<GroupProgram> apart = none.compileAll();
    Fusion fusion = new Fusion(schedule, apart);
    fusion.decide();
    return fusion.compileAll();
  }

  private List<GroupProgram> compileAll() {
    return groups.all().stream().map(g -> GroupCompiler.compile(groups, g, this)).toList();
  }

  /** Returns whether {@code source} is computed as part of its reader. */
  boolean fused(int reader, int source) {
    return fused[reader].get(source);
  }

  private void decide() {
    BitSet outputs = outputs();
    int[] readers = readers(outputs);
    int[] calls = calls();
    // A group comes after what it reads: what is fused into its sources is known.
    for (GroupProgram reader : programs) {
      int g = reader.group();
      reader.instructions().forEach(i -> note(g, i));
      for (int s : reader.reads().stream().mapToInt(ReadSegment::group).distinct().toArray()) {
        boolean fits =
            !programs.get(s).isSource()
                && !outputs.get(s)
                && !isRecurrent(s)
                && atOwnPosition(reader, s);
        if (fits
            && (!computing.get(s)
                || (readers[s] == 1 && (!multiplying.get(s) || calls[s] >= calls[g])))) {
          fused[g].set(s);
          multiplying.set(g, multiplying.get(g) || multiplying.get(s));
          computing.set(g, computing.get(g) || computing.get(s));
        }
      }
    }
  }

  private boolean isRecurrent(int group) {
    int node = groups.get(group).node();
    return programs.get(group).reads().stream()
        .anyMatch(read -> groups.get(read.group()).node() == node);
  }

  private void note(int group, Instruction instruction) {
    if (instruction instanceof Instruction.Product) {
      multiplying.set(group);
    }
    if (!(instruction instanceof Instruction.Copy)) {
      computing.set(group);
    }
  }

  private BitSet outputs() {
    BitSet outputs = new BitSet();
    LayerGraph graph = groups.graph();
    for (int c = 0; c < graph.image().channels(); c++) {
      groups.outputsOf(c).forEach(g -> outputs.set(g.index()));
    }
    return outputs;
  }

  /** For each group by how many others it is read, not counting those that lead nowhere. */
  private int[] readers(BitSet outputs) {
    int[] readers = new int[groups.count()];
    for (int g = groups.count() - 1; g >= 0; g--) {
      if (outputs.get(g) || readers[g] > 0) {
        programs.get(g).reads().stream()
            .mapToInt(ReadSegment::group)
            .distinct()
            .forEach(s -> readers[s]++);
      }
    }
    return readers;
  }

  /** On another grid of as many positions the numbers would be the same, but not the places. */
  private boolean atOwnPosition(GroupProgram reader, int source) {
    Shape grid = groups.node(groups.get(source)).shape();
    if (!groups.node(groups.get(reader.group())).shape().sameGrid(grid)) {
      return false;
    }
    for (int r = 0; r < reader.reads().size(); r++) {
      int[] table = sources.of(reader.group(), r);
      if (reader.reads().get(r).group() == source
          && (reader.reads().get(r).isSet()
              || !IntStream.range(0, table.length).allMatch(q -> table[q] == q))) {
        return false;
      }
    }
    return true;
  }

  /** For each group in how many calls it is computed if nothing is fused. */
  private int[] calls() {
    int[] calls = new int[groups.count()];
    int[][] due = Deadlines.of(groups, programs, sources, 0);
    for (Calls.Call call :
        Calls.plan(schedule, programs, sources, due, Foreknown.NOTHING, AsidePlan.NOTHING)) {
      calls[call.group()]++;
    }
    return calls;
  }
}
