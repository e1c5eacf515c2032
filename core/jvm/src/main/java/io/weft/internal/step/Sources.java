package io.weft.internal.step;

import io.weft.expression.Footprint;
import io.weft.expression.PositionMap;
import io.weft.expression.Ranks;
import io.weft.expression.Shape;
import io.weft.internal.prove.MapGroups;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * For each group and each of its reads, the source position of every position; of a set of
 * positions the rank after its last.
 */
final class Sources {

  private record Key(Footprint positions, int height, int width) {}

  private final int[][][] sources;

  Sources(MapGroups groups, List<GroupProgram> programs) {
    Map<Key, int[]> tables = new HashMap<>();
    sources = new int[programs.size()][][];
    for (GroupProgram program : programs) {
      Shape shape = groups.node(groups.get(program.group())).shape();
      sources[program.group()] =
          program.reads().stream()
              .map(r -> new Key(r.tap().positions(), shape.height(), shape.width()))
              .map(key -> tables.computeIfAbsent(key, Sources::table))
              .toArray(int[][]::new);
    }
  }

  private static int[] table(Key key) {
    int[] table = new int[key.height() * key.width()];
    for (int q = 0; q < table.length; q++) {
      table[q] = source(key, q);
    }
    return table;
  }

  private static int source(Key key, int q) {
    if (key.positions() instanceof Ranks ranks) {
      return ranks.end(q);
    }
    return ((PositionMap) key.positions()).source(q / key.width(), q % key.width());
  }

  /**
   * Returns the source positions, {@link PositionMap#NONE} where nothing is read; of a read of sets
   * the ranks after their last.
   */
  int[] of(int group, int read) {
    return sources[group][read];
  }
}
