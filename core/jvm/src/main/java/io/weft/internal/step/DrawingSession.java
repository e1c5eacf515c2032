package io.weft.internal.step;

/**
 * A session that draws by itself, several steps at a time: what an engine offers whose calls are
 * dear. A session is used in this way, or by {@link #compute} and {@link #write}, step after step
 * in either case; both may alternate.
 */
public interface DrawingSession extends StepSession {

  /** In place of a level: to be drawn. */
  int FREE = -1;

  /** In place of a level that was to be drawn: the parameters give no distribution. */
  int FAILED = -2;

  /** Returns how many steps one call of {@link #draw} can take. */
  int stepsPerDraw();

  /**
   * Draws the values of some steps.
   *
   * @param first the first step
   * @param count how many steps
   * @param uniforms numbers in [0, 1), [count, images]
   * @param levels [count, images]; in: the level to take, or {@link #FREE}; out: the levels, or
   *     {@link #FAILED}
   * @param temperature what logits are divided by, above 0
   */
  void draw(int first, int count, double[] uniforms, int[] levels, double temperature);
}
