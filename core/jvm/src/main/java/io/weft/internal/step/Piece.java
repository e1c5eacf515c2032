package io.weft.internal.step;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Maps of one value that a session copies or multiplies. A call for n positions has n x images rows
 * of them, row p x images + b for position p of image b.
 */
final class Piece {

  // Shorter runs are not worth a call.
  private static final int SHORT = 8;

  private final CallTable calls;
  private final int images;
  private final Rows rows;

  /** Of what is read from a cache how far the next slot is. */
  private final int slotStride;

  /** The first map. */
  private final int from;

  final int length;

  /** The read segment, below 0 if it is the result of an instruction. */
  private final int segment;

  /** Where each map is, from the first one on; nothing where they follow one another. */
  private final int @Nullable [] columns;

  private Piece(
      CallTable calls, int images, Rows rows, int slotStride, int segment, List<MapRun> runs) {
    this.calls = calls;
    this.images = images;
    this.rows = rows;
    this.slotStride = slotStride;
    this.segment = segment;
    this.from = runs.get(0).from();
    this.length = runs.stream().mapToInt(MapRun::length).sum();
    this.columns =
        runs.size() == 1
            ? null
            : runs.stream()
                .flatMapToInt(r -> IntStream.range(r.from() - from, r.from() - from + r.length()))
                .toArray();
  }

  /** Returns maps of what a segment reads from a cache. */
  static Piece read(CallTable calls, int images, Cache cache, List<MapRun> runs) {
    Rows rows = new Rows(cache.numbers, cache.start, cache.imageStride);
    return new Piece(calls, images, rows, cache.slotStride, runs.get(0).segment(), runs);
  }

  /** Returns maps of the result of an instruction. */
  static Piece result(CallTable calls, int images, Rows rows, List<MapRun> runs) {
    return new Piece(calls, images, rows, 0, -1, runs);
  }

  /** Splits runs: one part for each long run; short ones of a value that follow make one part. */
  static List<List<MapRun>> split(List<MapRun> runs) {
    List<List<MapRun>> parts = new ArrayList<>();
    for (int i = 0, end; i < runs.size(); i = end) {
      end = i + 1;
      while (end < runs.size() && goTogether(runs.get(i), runs.get(end))) {
        end++;
      }
      parts.add(runs.subList(i, end));
    }
    return parts;
  }

  private static boolean goTogether(MapRun one, MapRun other) {
    return one.value() == other.value() && Math.max(one.length(), other.length()) < SHORT;
  }

  float[] numbers() {
    return rows.numbers;
  }

  /** Returns how far the next image is. */
  int stride() {
    return rows.stride;
  }

  /** Returns where its first map is at the p-th position of a call, of the first image. */
  int start(int p, int n, int gathers) {
    int row = segment < 0 ? rows.at(p * images) : rows.from + slot(p, n, gathers) * slotStride;
    return row + from;
  }

  private int slot(int p, int n, int gathers) {
    return calls.at(CallTable.gathers(gathers, n, segment) + p);
  }

  /** Returns whether a position reads zeros. */
  boolean isOutside(int p, int n, int gathers) {
    return segment >= 0 && slot(p, n, gathers) == 0;
  }

  /** Returns whether its rows at one position lie evenly, so that they can be read in place. */
  boolean isEven() {
    return columns == null;
  }

  /**
   * Returns whether its rows at position {@code p} lie as evenly behind those of the one before.
   */
  boolean goesOn(int p, int n, int gathers) {
    return segment < 0
        || (slotStride == images * rows.stride
            && slot(p, n, gathers) == slot(p - 1, n, gathers) + 1);
  }

  /** Returns whether its rows in a call lie evenly. */
  boolean isEven(int n, int gathers) {
    for (int p = 1; p < n; p++) {
      if (!goesOn(p, n, gathers)) {
        return false;
      }
    }
    return isEven();
  }

  /** Returns whether at a position each of its rows begins where that of another piece ends. */
  boolean follows(Piece before, int p, int n, int gathers) {
    return rows.numbers == before.rows.numbers
        && rows.stride == before.rows.stride
        && start(p, n, gathers) == before.start(p, n, gathers) + before.length;
  }

  /**
   * Returns whether it follows another piece at some positions, which only caches are asked for.
   */
  boolean mayFollow(Piece before) {
    int apart = rows.from + from - (before.rows.from + before.from + before.length);
    return segment >= 0
        && before.segment >= 0
        && isEven()
        && before.isEven()
        && rows.numbers == before.rows.numbers
        && rows.stride == before.rows.stride
        && apart % slotStride == 0;
  }

  /**
   * Copies its maps, and so many more as follow it, of rows {@code first} to {@code first + count -
   * 1} of a call.
   */
  void copy(int first, int count, int more, int n, int gathers, float[] to, int at, int width) {
    int p = first / images;
    int b = first % images;
    for (int r = 0; r < count; p++, b = 0) {
      int start = start(p, n, gathers);
      for (; b < images && r < count; b++, r++) {
        copyRow(start + b * rows.stride, length + more, to, at + r * width);
      }
    }
  }

  private void copyRow(int row, int count, float[] to, int at) {
    float[] source = rows.numbers;
    if (columns != null) {
      for (int i = 0; i < columns.length; i++) {
        to[at + i] = source[row + columns[i]];
      }
    } else if (count < SHORT) {
      for (int i = 0; i < count; i++) {
        to[at + i] = source[row + i];
      }
    } else {
      System.arraycopy(source, row, to, at, count);
    }
  }
}
