package io.weft.internal.step;

import io.weft.define.Definition;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The incremental sampler of a definition, as data: which map groups are computed at which
 * generation step and position, from which cache slots, by which instructions. Every value is
 * computed at most once, and only if some output needs it. Immutable; a {@link StepExecutor} runs
 * it.
 *
 * <p>The plan is the causality proof's schedule read forwards: since the proof shows that the
 * logits of a value are ready before it is drawn, the plan exists for every definition.
 */
public final class StepProgram {

  private final Definition definition;
  private final MapGroups groups;
  private final List<GroupProgram> programs;
  private final Sources sources;
  private final int[][] due;
  private final AsideCalls aside;
  private final StepTables tables;
  private final List<ValueDistribution> values;
  private final List<List<Integer>> outputGroups;
  private final long flops;
  private final int instructionsOfKinds;

  /**
   * For each group and each of its reads how many slots are read for one image, but for what lies
   * outside or is masked.
   */
  private final long[][] slotsRead;

  private final Foreknown known;

  private StepProgram(Definition definition, Foreknown known) {
    this.definition = definition;
    this.known = known;
    this.groups = definition.proof().groups();
    this.values =
        IntStream.range(0, definition.image().channels())
            .mapToObj(c -> ValueDistribution.of(definition.distribution(), definition.image(), c))
            .toList();
    this.programs = Fusion.compile(definition.proof().schedule());
    this.sources = new Sources(groups, programs);
    this.outputGroups =
        IntStream.range(0, definition.image().channels())
            .mapToObj(c -> groups.outputsOf(c).stream().map(MapGroup::index).toList())
            .toList();
    this.due = Deadlines.of(groups, programs, sources, known.first());
    Planned planned = planned(AsidePlan.NOTHING);
    this.aside = planned.aside;
    this.tables = planned.tables;
    this.slotsRead = slotsRead();
    // Once: every series of samples asks for it, to choose its executor.
    this.instructionsOfKinds = countInstructionsOfKinds();
    long[] positions = positionsOfGroups();
    this.flops = programs.stream().mapToLong(p -> flops(p, positions[p.group()])).sum();
  }

  /** Computes the same by other calls. */
  private StepProgram(StepProgram like, AsidePlan plan) {
    this.definition = like.definition;
    this.known = like.known;
    this.groups = like.groups;
    this.values = like.values;
    this.programs = like.programs;
    this.sources = like.sources;
    this.outputGroups = like.outputGroups;
    this.due = like.due;
    Planned planned = planned(plan);
    this.aside = planned.aside;
    this.tables = planned.tables;
    this.slotsRead = like.slotsRead;
    this.instructionsOfKinds = countInstructionsOfKinds();
    this.flops = like.flops;
  }

  private record Planned(AsideCalls aside, StepTables tables) {}

  private Planned planned(AsidePlan plan) {
    List<Calls.Call> calls =
        Calls.plan(definition.proof().schedule(), programs, sources, due, known, plan);
    AsideCalls beside = AsideCalls.of(groups, programs, sources, calls);
    return new Planned(beside, new StepTables(groups, programs, sources, calls, beside, known));
  }

  /**
   * Returns the program of a definition. For colour images of 32 x 32 it takes about half a second,
   * and a quarter of that once Java is warm.
   */
  public static StepProgram of(Definition definition) {
    return new StepProgram(Objects.requireNonNull(definition, "definition"), Foreknown.NOTHING);
  }

  /**
   * Returns the program that completes images whose first pixels are known. What follows from known
   * pixels alone is computed in a few large calls when the first missing pixel is drawn, as far as
   * missing ones need it. At the steps before, there are no parameters.
   *
   * @param known how many pixels at the beginning of the generation order are known
   * @throws IllegalArgumentException if that is below 0, or no pixel is missing
   */
  public static StepProgram completing(Definition definition, int known) {
    Objects.requireNonNull(definition, "definition");
    if (known < 0 || known >= definition.image().pixels()) {
      throw new IllegalArgumentException(
          "of "
              + definition.image().pixels()
              + " pixels 0 to "
              + (definition.image().pixels() - 1)
              + " can be known, found "
              + known);
    }
    return new StepProgram(definition, new Foreknown(known * definition.image().channels(), 1));
  }

  /**
   * Returns the program that finds the parameters of all values of images that are known: the same
   * numbers to the bit as {@link #of}, in fewer and larger calls, since what follows from known
   * values need not wait for others.
   *
   * @param pixels how many pixels, one after another in the generation order, are given and
   *     computed together, at least 1: see {@link #valuesBefore}
   */
  public static StepProgram knowing(Definition definition, int pixels) {
    Objects.requireNonNull(definition, "definition");
    if (pixels < 1) {
      throw new IllegalArgumentException("at least 1 pixel is given at a time, found " + pixels);
    }
    return new StepProgram(
        definition, new Foreknown(0, Math.max(2, pixels * definition.image().channels())));
  }

  /**
   * Returns a program for two threads, which computes the same numbers to the bit: what waits for
   * whole rows, and so is computed at many positions at a time, is computed {@linkplain #aside
   * aside}, while values of the row before are drawn. Or this one, where there is nothing of the
   * kind, as in images whose values are known.
   *
   * @param pixels how many are drawn between one computation of a group aside and the next: as many
   *     as a second thread would be late
   */
  StepProgram forTwoThreads(int pixels) {
    AsidePlan plan = AsidePlan.of(this, groups, pixels);
    return plan.isEmpty() || known.ahead() > 1 ? this : new StepProgram(this, plan);
  }

  /** Returns which calls may be made beside the steps. */
  AsideCalls aside() {
    return aside;
  }

  /** Returns the definition that this was derived from. */
  public Definition definition() {
    return definition;
  }

  /** Returns the programs of all map groups, by index; a group comes after what it reads. */
  public List<GroupProgram> groups() {
    return programs;
  }

  /** Returns the number of steps: one for each colour value of an image. */
  public int steps() {
    return image().values();
  }

  /** Returns the number of steps at the beginning whose values are known; mostly 0. */
  public int knownSteps() {
    return known.first();
  }

  /**
   * Returns how many values have to be written before the calls of {@code step} are run: those of
   * the steps before it, and of a program for {@linkplain #knowing known values} some more.
   */
  public int valuesBefore(int step) {
    return Math.min(steps(), known.before(step));
  }

  /** Returns the row-major position of the pixel that {@code step} draws a value of. */
  public int position(int step) {
    return definition.graph().order().position(step / image().channels());
  }

  /** Returns the colour channel that {@code step} draws. */
  public int channel(int step) {
    return step % image().channels();
  }

  /** Returns the most parameters that the distribution of one colour value has. */
  public int parameters() {
    return parameters(image().channels() - 1);
  }

  /** Returns how many parameters the distribution of a colour value of a channel has. */
  public int parameters(int channel) {
    return values.get(channel).parameters();
  }

  /**
   * Returns where the parameters of a channel's distribution are found, in their order; {@link
   * MapRun#value} is the index of a group among {@link #outputGroups}.
   */
  public List<MapRun> outputs(int channel) {
    ValueDistribution value = values.get(channel);
    int output = definition.graph().output();
    IntStream described = value.maps().stream().mapToInt(map -> map);
    // The drawn values of the pixel come after the maps of the output.
    int[] maps = IntStream.concat(described, IntStream.range(0, value.earlier())).toArray();
    int[] values = new int[maps.length];
    for (int i = 0; i < maps.length; i++) {
      MapGroup group = groups.ofMap(i < value.maps().size() ? output : 0, maps[i]);
      values[i] = outputGroups(channel).indexOf(group.index());
      maps[i] = Collections.binarySearch(group.maps(), maps[i]);
    }
    return MapRun.of(values, maps);
  }

  /** Returns the indices of the groups that a channel's distribution reads at its pixel. */
  public List<Integer> outputGroups(int channel) {
    return outputGroups.get(channel);
  }

  /** Returns the slot of the output-th of {@link #outputGroups} that {@code step} draws from. */
  public int outputSlot(int step, int output) {
    return tables.outputSlots[step][output];
  }

  /** Returns the index of the group that holds a colour channel of the image. */
  public int imageGroup(int channel) {
    return groups.ofMap(0, channel).index();
  }

  /** Returns the slot that takes the value that {@code step} draws, 0 where nothing reads it. */
  public int drawnSlot(int step) {
    return tables.drawnSlot[step];
  }

  /** Returns the index of the group that holds a condition. */
  public int givenGroup(Condition condition) {
    LayerGraph graph = definition.graph();
    for (int n = 0; n < graph.nodes().size(); n++) {
      if (graph.nodes().get(n) instanceof Node.Given given && given.condition().equals(condition)) {
        return groups.ofNode(n).get(0).index();
      }
    }
    throw new IllegalArgumentException(
        "the model has no condition " + condition + "; it has " + graph.conditions());
  }

  /** Returns the slot of each position of a condition's group, 0 where nothing reads it. */
  public int[] givenSlots(int group) {
    return tables.givenSlots[group].clone();
  }

  /** Returns how many slots a group's cache has, the zero slot 0 included. */
  public int slots(int group) {
    return tables.slotCount[group];
  }

  /** Returns the number of the first call of {@code step}; {@code steps()} gives their number. */
  public int firstCall(int step) {
    return tables.firstCall[step];
  }

  /** Returns the number of the first call of {@code step} that is not made aside. */
  int firstOwnCall(int step) {
    return firstCall(step) + aside.begun(step);
  }

  /**
   * Returns what a step has in common with all that make the same calls: its colour channel, then
   * for each call the group and at how many positions.
   */
  public List<Integer> kind(int step) {
    List<Integer> kind = new ArrayList<>(List.of(channel(step)));
    for (int call = firstCall(step); call < firstCall(step + 1); call++) {
      kind.add(calls().group(call));
      kind.add(calls().size(call));
    }
    return kind;
  }

  /** Returns whether some layer reads its own output, so that steps are chains of small calls. */
  public boolean isRecurrent() {
    return !definition.graph().recurrences().isEmpty();
  }

  /** Returns the number of calls of the step that has most. */
  public int mostCallsOfAStep() {
    return IntStream.range(0, steps()).map(s -> firstCall(s + 1) - firstCall(s)).max().orElse(0);
  }

  /** Returns the instructions in the calls of a step of each kind, added up. */
  public int instructionsOfKinds() {
    return instructionsOfKinds;
  }

  private int countInstructionsOfKinds() {
    Set<List<Integer>> kinds = new HashSet<>();
    int count = 0;
    for (int step = 0; step < steps(); step++) {
      if (kinds.add(kind(step))) {
        for (int call = firstCall(step); call < firstCall(step + 1); call++) {
          count += programs.get(calls().group(call)).instructions().size();
        }
      }
    }
    return count;
  }

  /** Returns what each call computes, reads and writes. */
  public CallTable calls() {
    return tables.calls;
  }

  /** Returns the largest number of positions that one call of a group computes; 0 for none. */
  public int[] largestCalls() {
    int[] largest = new int[programs.size()];
    CallTable calls = calls();
    for (int call = 0; call < calls.count(); call++) {
      int group = calls.group(call);
      largest[group] = Math.max(largest[group], calls.size(call));
    }
    return largest;
  }

  /**
   * Returns the numbers of the calls that serve nobody when some values are known beforehand, and
   * nobody asks for their parameters.
   *
   * @param known the steps whose values are known
   */
  public BitSet idleCalls(BitSet known) {
    return IdleCalls.of(this, known);
  }

  /** Returns the floats that the caches of one image hold, all slots of all groups. */
  public long cacheFloats() {
    return programs.stream().mapToLong(p -> (long) slots(p.group()) * p.width()).sum();
  }

  /** Returns the most cached floats of one image that are alive at the same time. */
  public long peakLiveFloats() {
    return tables.peakLive();
  }

  /** Returns how often each group is called for one image, by index. */
  public int[] callsOfGroups() {
    int[] times = new int[programs.size()];
    for (int call = 0; call < calls().count(); call++) {
      times[calls().group(call)]++;
    }
    return times;
  }

  /** Returns at how many positions each group is computed for one image, by index. */
  public long[] positionsOfGroups() {
    long[] positions = new long[programs.size()];
    for (int call = 0; call < calls().count(); call++) {
      positions[calls().group(call)] += calls().size(call);
    }
    return positions;
  }

  private long[][] slotsRead() {
    long[][] read = new long[programs.size()][];
    for (GroupProgram group : programs) {
      read[group.group()] = new long[group.reads().size()];
    }
    CallTable calls = calls();
    for (int call = 0; call < calls.count(); call++) {
      int group = calls.group(call);
      for (int r = 0; r < read[group].length; r++) {
        read[group][r] += slotsRead(call, programs.get(group).reads().get(r), r);
      }
    }
    return read;
  }

  /** Of sets as many as belong to each, else one for each position that has it. */
  private long slotsRead(int call, ReadSegment segment, int read) {
    long count = 0;
    for (int p = 0; p < calls().size(call); p++) {
      int slot = calls().gathered(call, read, p);
      count += segment.isSet() ? slot - segment.ranks().start(slot) : Integer.signum(slot);
    }
    return count;
  }

  private long flops(GroupProgram group, long positions) {
    long[] read = slotsRead[group.group()];
    return group.computed().mapToLong(i -> i.flops(positions, read)).sum();
  }

  /** Returns the floating point operations of each group for one whole image, by index. */
  public long[] flopsOfGroups() {
    long[] positions = positionsOfGroups();
    return programs.stream().mapToLong(p -> flops(p, positions[p.group()])).toArray();
  }

  /** Returns the floating point operations for one whole image. */
  public long flops() {
    return flops;
  }

  /**
   * Returns the bytes of weights that are read for one whole image, or for some in lockstep: each
   * call reads the matrices of its group once.
   */
  public long weightBytes() {
    int[] calls = callsOfGroups();
    return Float.BYTES * programs.stream().mapToLong(p -> p.weights() * calls[p.group()]).sum();
  }

  /** Returns the bytes of caches that are read and written for one whole image. */
  public long cacheBytes() {
    long[] positions = positionsOfGroups();
    long floats = 0;
    for (GroupProgram group : programs) {
      floats += group.width() * positions[group.group()];
      for (int r = 0; r < group.reads().size(); r++) {
        int width = programs.get(group.reads().get(r).group()).width();
        floats += width * slotsRead[group.group()][r];
      }
    }
    return Float.BYTES * floats;
  }

  /**
   * Runs the tables symbolically and checks that every slot that is read holds the value that the
   * layer graph says, so that none is read before it is written or reused while it is needed.
   *
   * @throws IllegalStateException if the program is wrong, which no definition can bring about
   */
  public void verify() {
    new SymbolicRun(this, sources).verify(false);
    new SymbolicRun(this, sources).verify(true);
  }

  private ImageSpec image() {
    return definition.image();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "step program of %s: %d steps, %.1f calls a step, %d cached floats an image (%d alive at"
            + " most), %d flops a pixel",
        definition.name(),
        steps(),
        (double) calls().count() / steps(),
        cacheFloats(),
        peakLiveFloats(),
        flops() / image().pixels());
  }
}
