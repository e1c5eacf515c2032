package io.weft.internal.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Attention in a session on the JVM: row by row and head by head, over the slots in order, so that
 * a result depends neither on the batch nor on how many positions are computed together.
 */
final class AttendStep {

  /** Where neighbouring numbers of a head lie. */
  private record Piece(int group, int from, int length) {}

  private final Instruction.Attend attend;
  private final ReadSegment segment;
  private final List<List<Piece>> keys;
  private final List<List<Piece>> values;
  private final CallTable calls;
  private final int images;
  private final Cache[] caches;
  private final KeyColumns[] columns;
  private final Kernels kernels;
  private final float[] scores;

  /**
   * Makes one for a session.
   *
   * @param caches of each group
   * @param columns of each group whose maps are keys
   */
  AttendStep(
      Instruction.Attend attend,
      CallTable calls,
      GroupProgram group,
      int images,
      Cache[] caches,
      KeyColumns[] columns,
      Kernels kernels) {
    this.attend = attend;
    this.calls = calls;
    this.segment = group.reads().get(attend.segment());
    int[] depths = new int[attend.widths().size()];
    Arrays.fill(depths, attend.keyWidth());
    this.keys = pieces(group, attend.keys(), depths);
    this.values =
        pieces(group, attend.values(), attend.widths().stream().mapToInt(w -> w).toArray());
    this.images = images;
    this.caches = caches;
    this.columns = columns;
    this.kernels = kernels;
    this.scores = new float[segment.ranks().order().pixels() + 2 * Kernels.MARGIN];
  }

  /** Cuts runs where a head ends. */
  private static List<List<Piece>> pieces(GroupProgram group, List<MapRun> runs, int[] widths) {
    List<List<Piece>> pieces = new ArrayList<>();
    int run = 0;
    int used = 0;
    for (int width : widths) {
      List<Piece> mine = new ArrayList<>();
      for (int missing = width; missing > 0; ) {
        MapRun at = runs.get(run);
        int length = Math.min(missing, at.length() - used);
        mine.add(new Piece(group.reads().get(at.segment()).group(), at.from() + used, length));
        missing -= length;
        used += length;
        if (used == at.length()) {
          run++;
          used = 0;
        }
      }
      pieces.add(List.copyOf(mine));
    }
    return pieces;
  }

  /**
   * Computes the rows of a call.
   *
   * @param n how many positions it has
   * @param ends where their runs' ends are among the calls
   */
  void run(int n, int ends, Rows query, float[] result) {
    int depth = attend.keyWidth();
    for (int p = 0; p < n; p++) {
      int end = calls.at(ends + p);
      int start = segment.ranks().start(end);
      for (int b = 0; b < images; b++) {
        int row = p * images + b;
        int to = row * attend.width();
        for (int head = 0; head < keys.size(); head++) {
          int from = query.at(row) + head * depth;
          head(head, b, start, end - start, query.numbers, from, result, to);
          to += attend.widths().get(head);
        }
      }
    }
  }

  private void head(
      int head, int image, int start, int n, float[] query, int from, float[] result, int to) {
    if (n == 0) {
      Arrays.fill(result, to, to + attend.widths().get(head), 0);
      return;
    }
    Arrays.fill(scores, 0, n, 0);
    int at = from;
    for (Piece piece : keys.get(head)) {
      KeyColumns keysOfGroup = columns[piece.group()];
      kernels.addProducts(
          query,
          at,
          piece.length(),
          keysOfGroup.numbers,
          keysOfGroup.start(image, piece.from()) + start,
          keysOfGroup.stride,
          scores,
          n);
      at += piece.length();
    }
    float sum = kernels.weights(scores, attend.scale(), n);
    int into = to;
    for (Piece piece : values.get(head)) {
      Cache cache = caches[piece.group()];
      int first = cache.at(1 + start, image) + piece.from();
      kernels.weighted(
          scores, n, cache.numbers, first, cache.slotStride, piece.length(), result, into);
      into += piece.length();
    }
    for (int i = to; i < into; i++) {
      result[i] /= sum;
    }
  }
}
