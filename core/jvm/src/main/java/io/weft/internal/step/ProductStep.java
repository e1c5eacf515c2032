package io.weft.internal.step;

import org.jspecify.annotations.Nullable;

/**
 * A product in a session on the JVM. Its pieces are read where they are if they lie evenly, and are
 * gathered side by side otherwise. At one position the pieces that lie outside the image, or are
 * masked there, are zeros, and are passed over: the sums stay as they are.
 */
final class ProductStep {

  // The inputs of so many rows, side by side, stay in the nearest caches.
  private static final int ROWS = 32;

  // Going on with sums costs as much as gathering some rows of the matrix.
  private static final int WORTH_GOING_ON = 96;

  // Fewer rows are quicker gathered than found.
  private static final int FEW = 8;

  private final Piece[] pieces;
  private final int images;

  /** The first row of the matrix that each piece is multiplied by, and the number of rows. */
  private final int[] rows;

  private final int width;
  private final Kernels kernels;
  private final Kernels.Matrix matrix;
  private final float[] inputs;
  private final float[][] scratch;
  private final Rows result;
  private final @Nullable SharedProduct shared;

  /** Which pieces may lie behind the one before, so that both are gathered at once. */
  private final boolean[] mayFollow;

  /**
   * Makes one for a session.
   *
   * @param inputs takes what is gathered: {@link #inputs} says how much
   * @param result where it goes
   * @param shared computes large products with another thread, if there is one
   */
  ProductStep(
      Piece[] pieces,
      int images,
      Kernels kernels,
      Kernels.Matrix matrix,
      float[] inputs,
      float[][] scratch,
      Rows result,
      @Nullable SharedProduct shared) {
    this.pieces = pieces;
    this.images = images;
    this.rows = new int[pieces.length + 1];
    for (int i = 0; i < pieces.length; i++) {
      rows[i + 1] = rows[i] + pieces[i].length;
    }
    this.mayFollow = new boolean[pieces.length];
    for (int i = 1; i < pieces.length; i++) {
      mayFollow[i] = pieces[i].mayFollow(pieces[i - 1]);
    }
    this.width = matrix.columns();
    this.kernels = kernels;
    this.matrix = matrix;
    this.inputs = inputs;
    this.scratch = scratch;
    this.result = result;
    this.shared = shared;
  }

  /** Returns how many numbers are gathered at a time for a matrix of so many rows. */
  static int inputs(int depth) {
    return ROWS * depth;
  }

  /** Computes the rows of a call. */
  void run(int n, int gathers) {
    if (n == 1) {
      atOnePosition(0, 1, gathers);
      return;
    }
    int first = 0;
    int end = 0;
    if (worthInPlace(n / 2, n, gathers)) {
      // The longest run of positions whose rows lie evenly: at its ends a row has neighbours
      // outside.
      for (int p = 0, q; p < n; p = q) {
        q = evenUpTo(p, n, gathers);
        if (q - p > end - first) {
          first = p;
          end = q;
        }
      }
      if ((end - first) * images < FEW) {
        end = first = 0;
      }
    }
    gathered(0, first, n, gathers);
    if (end > first) {
      inPlace(first, end - first, n, gathers);
    }
    gathered(end, n, n, gathers);
  }

  /**
   * Whether all pieces lie at a position in so few parts that sums are quicker gone on with than
   * their rows gathered.
   */
  private boolean worthInPlace(int p, int n, int gathers) {
    int parts = 0;
    for (int k = 0; k < pieces.length; k = partEnd(k, pieces.length, p, n, gathers)) {
      if (!pieces[k].isEven()) {
        return false;
      }
      parts++;
    }
    return parts == 1 || parts * WORTH_GOING_ON <= rows[pieces.length];
  }

  /** Returns the position up to which all pieces lie evenly, and alike, from another one on. */
  private int evenUpTo(int first, int n, int gathers) {
    int p = first + 1;
    while (p < n && allGoOn(p, n, gathers)) {
      p++;
    }
    return p;
  }

  private boolean allGoOn(int p, int n, int gathers) {
    for (Piece piece : pieces) {
      if (!piece.goesOn(p, n, gathers)) {
        return false;
      }
    }
    return true;
  }

  private void gathered(int first, int end, int n, int gathers) {
    if (end - first == 1) {
      atOnePosition(first, n, gathers);
    } else if (end > first) {
      gather(0, pieces.length, first * images, (end - first) * images, n, gathers);
    }
  }

  private void atOnePosition(int p, int n, int gathers) {
    int i = inside(0, p, n, gathers);
    if (i > 0) {
      for (int b = 0; b < images; b++) {
        System.arraycopy(matrix.bias(), 0, result.numbers, result.at(p * images + b), width);
      }
    }
    for (int end; i < pieces.length; i = inside(end, p, n, gathers)) {
      end = i + 1;
      while (end < pieces.length && !pieces[end].isOutside(p, n, gathers)) {
        end++;
      }
      multiply(i, end, p, n, gathers);
    }
  }

  private int inside(int first, int p, int n, int gathers) {
    int piece = first;
    while (piece < pieces.length && pieces[piece].isOutside(p, n, gathers)) {
      piece++;
    }
    return piece;
  }

  /** Multiplies pieces {@code i} to {@code end} - 1 at a position. */
  private void multiply(int i, int end, int p, int n, int gathers) {
    // In parts it would not pay: rows that a call reads first come from far, one after another.
    if (pieces[i].isEven() && partEnd(i, end, p, n, gathers) == end) {
      multiply(i, end, p, 1, n, gathers);
    } else {
      gather(i, end, p * images, images, n, gathers);
    }
  }

  /** Returns the end of the pieces from {@code i} on that lie side by side at a position. */
  private int partEnd(int i, int end, int p, int n, int gathers) {
    int k = i + 1;
    while (k < end && pieces[k].isEven() && pieces[k].follows(pieces[k - 1], p, n, gathers)) {
      k++;
    }
    return k;
  }

  private void inPlace(int p, int count, int n, int gathers) {
    for (int i = 0, end; i < pieces.length; i = end) {
      end = partEnd(i, pieces.length, p, n, gathers);
      multiply(i, end, p, count, n, gathers);
    }
  }

  /** Multiplies pieces that lie side by side. */
  private void multiply(int i, int end, int p, int count, int n, int gathers) {
    Piece piece = pieces[i];
    int from = piece.start(p, n, gathers);
    multiply(i, end, piece.numbers(), from, piece.stride(), p * images, count * images);
  }

  private void gather(int i, int end, int firstRow, int count, int n, int gathers) {
    int depth = rows[end] - rows[i];
    for (int done = 0; done < count; done += ROWS) {
      int some = Math.min(ROWS, count - done);
      int first = firstRow + done;
      for (int k = i, part; k < end; k = part) {
        part = k + 1;
        while (part < end && mayFollow[part] && follows(part, first, some, n, gathers)) {
          part++;
        }
        int more = rows[part] - rows[k + 1];
        pieces[k].copy(first, some, more, n, gathers, inputs, rows[k] - rows[i], depth);
      }
      multiply(i, end, inputs, 0, depth, first, some);
    }
  }

  /** Whether a piece lies behind the one before in each of some rows. */
  private boolean follows(int piece, int first, int count, int n, int gathers) {
    for (int p = first / images; p * images < first + count; p++) {
      if (!pieces[piece].follows(pieces[piece - 1], p, n, gathers)) {
        return false;
      }
    }
    return true;
  }

  /** The sums of the first piece start from the bias. */
  private void multiply(int i, int end, float[] x, int from, int stride, int first, int count) {
    int depth = rows[end] - rows[i];
    float[] y = result.numbers;
    int to = result.at(first);
    boolean begins = i == 0;
    float[] start = begins ? matrix.bias() : y;
    int startAt = begins ? 0 : to;
    int startStride = begins ? 0 : width;
    if (shared == null
        || !shared.multiplyAndAdd(
            rows[i], depth, x, from, stride, count, start, startAt, startStride, y, to, scratch)) {
      kernels.multiplyAndAdd(
          matrix,
          rows[i],
          depth,
          x,
          from,
          stride,
          count,
          start,
          startAt,
          startStride,
          y,
          to,
          scratch);
    }
  }
}
