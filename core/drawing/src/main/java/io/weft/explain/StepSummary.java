package io.weft.explain;

import io.weft.internal.step.GroupProgram;
import io.weft.internal.step.StepProgram;
import java.util.Locale;
import java.util.Objects;

/**
 * A step program as a page of text: for each node what is computed in a step and kept, and what one
 * pixel costs in all.
 */
public final class StepSummary {

  private final StepProgram program;

  private StepSummary(StepProgram program) {
    this.program = program;
  }

  /** Returns the summary of a program. */
  public static StepSummary of(StepProgram program) {
    return new StepSummary(Objects.requireNonNull(program, "program"));
  }

  /** Returns the text, lines ending in a line feed. */
  public String text() {
    double steps = program.steps();
    double pixels = program.definition().image().pixels();
    int[] calls = program.callsOfGroups();
    long callsOfAll = 0;
    for (int group : calls) {
      callsOfAll += group;
    }
    StringBuilder text = new StringBuilder();
    text.append("step program of ").append(program.definition().name()).append("\n\n");
    text.append(nodes(calls)).append('\n');
    line(text, "steps", "%,d, one for each colour value", program.steps());
    line(text, "nodes a step", "%.1f", callsOfAll / steps);
    line(
        text,
        "cache an image",
        "%,d floats, of which %,d live at most",
        program.cacheFloats(),
        program.peakLiveFloats());
    line(text, "FLOPs a pixel", "%,.0f", program.flops() / pixels);
    line(
        text,
        "bytes a pixel",
        "%,.0f of weights (once for all images in lockstep), %,.0f of caches",
        program.weightBytes() / pixels,
        program.cacheBytes() / pixels);
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String format, Object... values) {
    text.append(String.format(Locale.ROOT, "%-16s", name));
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** The groups that are computed or given; a node with several has a row for each. */
  private String nodes(int[] calls) {
    long[] positions = program.positionsOfGroups();
    long[] flops = program.flopsOfGroups();
    Table table =
        new Table("node", ">maps", ">calls", ">positions", ">slots", ">FLOPs", ">weights", "with");
    for (GroupProgram group : program.groups()) {
      int g = group.group();
      if (calls[g] == 0 && !group.isSource()) {
        continue;
      }
      table.row(
          group.node(),
          "" + group.width(),
          calls[g] == 0 ? "" : "" + calls[g],
          calls[g] == 0 ? "" : String.format(Locale.ROOT, "%.1f", (double) positions[g] / calls[g]),
          "" + program.slots(g),
          flops[g] == 0 ? "" : whole(flops[g] / positions[g]),
          group.weights() == 0 ? "" : whole(group.weights()),
          String.join(", ", group.fused()));
    }
    return table.text();
  }

  private static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  @Override
  public String toString() {
    return text();
  }
}
