package io.weft.internal.step;

import io.weft.internal.prove.MapGroups;
import java.util.BitSet;

/**
 * Which groups are computed beside the steps: as soon as what they read is there, no longer when
 * somebody needs them.
 *
 * @param groups their indices; none of them reads sets of positions, or itself
 * @param pixels how many pixels are drawn between one of their calls and the next
 */
record AsidePlan(BitSet groups, int pixels) {

  /** As many positions in a call, on average, as make it worth the while. */
  private static final int MANY = 4;

  /** Every group is computed when it is needed. */
  static final AsidePlan NOTHING = new AsidePlan(new BitSet(), 1);

  /**
   * Returns what pays in a program that computes everything when it is needed: groups that it
   * mostly computes at several positions at a time.
   *
   * @param pixels as above
   */
  static AsidePlan of(StepProgram program, MapGroups groups, int pixels) {
    int[] calls = program.callsOfGroups();
    long[] positions = program.positionsOfGroups();
    BitSet aside = new BitSet();
    for (GroupProgram group : program.groups()) {
      int g = group.group();
      boolean isMany = calls[g] > 0 && positions[g] >= (long) MANY * calls[g];
      boolean isAlone = groups.fronts(groups.get(g)).count() == 1;
      aside.set(g, isMany && isAlone && group.reads().stream().noneMatch(ReadSegment::isSet));
    }
    return new AsidePlan(aside, pixels);
  }

  /** Returns whether nothing is computed beside the steps. */
  boolean isEmpty() {
    return groups.isEmpty();
  }
}
