package io.weft.internal.step;

import java.util.BitSet;

/**
 * Which calls of a program serve nobody when the values of some steps are known beforehand: those
 * whose results lead to the parameters of known values only. One pass backwards over the tables,
 * slot by slot.
 */
final class IdleCalls {

  private final StepProgram program;
  private final CallTable calls;

  /** For each group the slots whose present value somebody later reads. */
  private final BitSet[] needed;

  private final BitSet idle = new BitSet();

  private IdleCalls(StepProgram program) {
    this.program = program;
    this.calls = program.calls();
    needed = new BitSet[program.groups().size()];
    for (int g = 0; g < needed.length; g++) {
      needed[g] = new BitSet(program.slots(g));
    }
  }

  /**
   * Returns the calls that need not be run.
   *
   * @param known the steps whose values are known
   */
  static BitSet of(StepProgram program, BitSet known) {
    IdleCalls calls = new IdleCalls(program);
    for (int step = program.steps() - 1; step >= 0; step--) {
      calls.before(step, known.get(step));
    }
    return calls.idle;
  }

  private void before(int step, boolean known) {
    int channel = program.channel(step);
    needed[program.imageGroup(channel)].clear(program.drawnSlot(step));
    if (!known) {
      for (int o = 0; o < program.outputGroups(channel).size(); o++) {
        needed[program.outputGroups(channel).get(o)].set(program.outputSlot(step, o));
      }
    }
    for (int call = program.firstCall(step + 1) - 1; call >= program.firstCall(step); call--) {
      before(call);
    }
  }

  private void before(int call) {
    int group = calls.group(call);
    int n = calls.size(call);
    boolean used = false;
    for (int p = 0; p < n; p++) {
      // Slot 0 is for what nobody reads.
      int slot = calls.written(call, p);
      used |= slot != 0 && needed[group].get(slot);
      needed[group].clear(slot);
    }
    if (!used) {
      idle.set(call);
      return;
    }
    GroupProgram reader = program.groups().get(group);
    for (int r = 0; r < reader.reads().size(); r++) {
      ReadSegment segment = reader.reads().get(r);
      BitSet read = needed[segment.group()];
      for (int p = 0; p < n; p++) {
        int at = calls.gathered(call, r, p);
        if (segment.isSet()) {
          read.set(1 + segment.ranks().start(at), 1 + at);
        } else {
          read.set(at);
        }
      }
    }
  }
}
