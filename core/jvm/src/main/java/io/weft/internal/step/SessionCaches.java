package io.weft.internal.step;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The cached values of all groups of a program, for some images. */
final class SessionCaches {

  final StepProgram program;
  final List<BoundGroup> groups;
  final int images;

  /** Of each group. */
  final Cache[] caches;

  /** Of each group whose maps are keys where these lie a second time, of others nothing. */
  final @Nullable KeyColumns[] columns;

  SessionCaches(StepProgram program, List<BoundGroup> groups, int images) {
    this.program = program;
    this.groups = groups;
    this.images = images;
    this.caches = caches();
    this.columns = columns();
  }

  private Cache[] caches() {
    BitSet attended = attended(Instruction.Attend::values);
    Cache[] all = new Cache[groups.size()];
    for (List<Integer> together : together(attended)) {
      int first = together.get(0);
      int slots = program.slots(first);
      if (attended.get(first)) {
        all[first] = Cache.byImage(slots, images, groups.get(first).program.width());
        continue;
      }
      List<Integer> widths = together.stream().map(g -> groups.get(g).program.width()).toList();
      List<Cache> caches = Cache.bySlot(slots, images, widths);
      for (int i = 0; i < caches.size(); i++) {
        all[together.get(i)] = caches.get(i);
      }
    }
    return all;
  }

  /** The groups of each node that take as many slots; each one that is attended to by itself. */
  private Collection<List<Integer>> together(BitSet attended) {
    return IntStream.range(0, groups.size())
        .boxed()
        .collect(
            groupingBy(
                g ->
                    attended.get(g)
                        ? List.of(g)
                        : List.of(groups.get(g).program.node(), program.slots(g)),
                LinkedHashMap::new,
                toList()))
        .values();
  }

  private @Nullable KeyColumns[] columns() {
    KeyColumns[] all = new KeyColumns[groups.size()];
    attended(Instruction.Attend::keys).stream()
        .forEach(
            g -> all[g] = new KeyColumns(program.slots(g), images, groups.get(g).program.width()));
    return all;
  }

  /** The groups of which attention reads keys, or values. */
  private BitSet attended(Function<Instruction.Attend, List<MapRun>> what) {
    BitSet attended = new BitSet();
    for (BoundGroup reader : groups) {
      for (Instruction instruction : reader.program.instructions()) {
        if (instruction instanceof Instruction.Attend attend) {
          what.apply(attend)
              .forEach(run -> attended.set(reader.program.reads().get(run.segment()).group()));
        }
      }
    }
    return attended;
  }

  /** Makes all values zeros, as they were at first. */
  void clear() {
    Arrays.stream(caches)
        .map(cache -> cache.numbers)
        .distinct()
        .forEach(numbers -> Arrays.fill(numbers, 0));
    for (KeyColumns keys : columns) {
      if (keys != null) {
        Arrays.fill(keys.numbers, 0);
      }
    }
  }

  /** Returns the values of a group. */
  Cache of(int group) {
    return caches[group];
  }

  /**
   * Takes the maps of a group from outside.
   *
   * @param from where in {@code values} they begin
   */
  void put(int group, int slot, int image, float[] values, int from) {
    Cache cache = caches[group];
    int at = cache.at(slot, image);
    System.arraycopy(values, from, cache.numbers, at, groups.get(group).program.width());
    putKey(group, slot, image, at);
  }

  /** Takes the only map of a group from outside. */
  void put(int group, int slot, int image, float value) {
    Cache cache = caches[group];
    int at = cache.at(slot, image);
    cache.numbers[at] = value;
    putKey(group, slot, image, at);
  }

  private void putKey(int group, int slot, int image, int at) {
    KeyColumns keys = columns[group];
    if (keys != null) {
      keys.set(slot, image, caches[group].numbers, at);
    }
  }
}
