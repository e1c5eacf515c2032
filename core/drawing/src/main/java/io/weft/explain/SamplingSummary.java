package io.weft.explain;

import io.weft.define.Definition;
import io.weft.internal.step.GroupProgram;
import io.weft.internal.step.StepProgram;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * What the JVM executor computes to draw an image, a step for each colour value: as a page of text,
 * with for each node what is computed in a step and kept, and as numbers.
 */
public final class SamplingSummary {

  private final StepProgram program;

  private SamplingSummary(StepProgram program) {
    this.program = program;
  }

  /** Returns the summary of drawing from a definition. */
  public static SamplingSummary of(Definition definition) {
    return new SamplingSummary(StepProgram.of(Objects.requireNonNull(definition, "definition")));
  }

  /**
   * Checks the plan: that each slot holds what is read from it, at every step.
   *
   * @throws IllegalStateException if one does not, which is a fault of Weft's
   */
  public SamplingSummary verified() {
    program.verify();
    return this;
  }

  /** Returns the steps of an image, one for each colour value. */
  public int steps() {
    return program.steps();
  }

  /** Returns how many times a node is computed for an image, all steps and nodes together. */
  public long calls() {
    return Arrays.stream(program.callsOfGroups()).asLongStream().sum();
  }

  /** Returns the floats that are kept for an image. */
  public long cacheFloats() {
    return program.cacheFloats();
  }

  /** Returns how many of these are needed at once, at most. */
  public long liveCacheFloats() {
    return program.peakLiveFloats();
  }

  /** Returns the floating-point operations of an image. */
  public long flops() {
    return program.flops();
  }

  /** Returns the bytes of weights that an image reads; images in lockstep share them. */
  public long weightBytes() {
    return program.weightBytes();
  }

  /** Returns the bytes of kept values that an image reads. */
  public long cacheBytes() {
    return program.cacheBytes();
  }

  /** Returns the text, lines ending in a line feed. */
  public String text() {
    double steps = program.steps();
    double pixels = program.definition().image().pixels();
    StringBuilder text = new StringBuilder();
    text.append("step program of ").append(program.definition().name()).append("\n\n");
    text.append(nodes(program.callsOfGroups())).append('\n');
    line(text, "steps", "%,d, one for each colour value", program.steps());
    line(text, "nodes a step", "%.1f", calls() / steps);
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
