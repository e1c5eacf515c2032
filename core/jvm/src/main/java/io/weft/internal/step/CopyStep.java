package io.weft.internal.step;

/** Runs side by side, in a session on the JVM. A single one is left where it lies if it can be. */
final class CopyStep {

  private final Piece[] pieces;
  private final int images;
  private final Rows result;
  private final float[] numbers;
  private final int width;
  private final boolean mayLie;

  /**
   * Makes one for a session.
   *
   * @param result where they go
   * @param anywhere whether those who read the result take rows that lie anywhere
   */
  CopyStep(Piece[] pieces, int images, Rows result, boolean anywhere) {
    this.pieces = pieces;
    this.images = images;
    this.result = result;
    this.numbers = result.numbers;
    this.width = result.stride;
    this.mayLie = anywhere && pieces.length == 1 && pieces[0].isEven();
  }

  /** Computes the rows of a call. */
  void run(int n, int gathers) {
    if (mayLie && pieces[0].isEven(n, gathers)) {
      result.lie(pieces[0].numbers(), pieces[0].start(0, n, gathers), pieces[0].stride());
      return;
    }
    result.lie(numbers, 0, width);
    int at = 0;
    for (Piece piece : pieces) {
      piece.copy(0, n * images, 0, n, gathers, numbers, at, width);
      at += piece.length;
    }
  }
}
