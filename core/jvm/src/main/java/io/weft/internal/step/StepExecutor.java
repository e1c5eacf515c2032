package io.weft.internal.step;

/**
 * A step program bound to the weights of one moment, on one engine. Safe for use by several
 * threads; its sessions are not.
 */
public interface StepExecutor {

  /** Returns the program. */
  StepProgram program();

  /**
   * Returns how many images one session should take at most; more are better spread over several
   * sessions, which may run on several threads.
   */
  int imagesPerSession();

  /**
   * Returns into how many sessions images are best divided.
   *
   * @param images at least 1
   * @param threads how many there are that seldom wait for each other, at least 1
   */
  default int sessions(int images, int threads) {
    return (images + imagesPerSession() - 1) / imagesPerSession();
  }

  /**
   * Opens a session for a number of images in lockstep. The values of an image do not depend on
   * that number.
   *
   * @param images at least 1
   */
  StepSession open(int images);

  /**
   * Opens a session as {@link #open} does, for a thread beside which others have nothing to do: one
   * of them may help it.
   *
   * @param images at least 1
   */
  default StepSession openHelped(int images) {
    return open(images);
  }
}
