package io.weft.memory;

import java.util.OptionalInt;

/**
 * Work needs more memory than there is: Weft refuses it before it begins, or TensorFlow ends it in
 * the middle. The message says what has no room, how much it needs, what the machine has, and what
 * lowers the need. A model stays usable, for less at a time.
 */
public final class MemoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final int fitting;

  private MemoryException(String problem, String remedy, int fitting) {
    super(problem + "; " + remedy + (fitting > 0 ? "; " + fitting + " at a time would fit" : ""));
    this.problem = problem;
    this.fitting = fitting;
  }

  /** Returns the refusal of work that needs more than there is. */
  static MemoryException refused(MemoryNeed need, int images, Room room) {
    return new MemoryException(
        need.inWords(images) + ", and " + room.inWords(),
        need.work().remedy(),
        need.fitting(room.available(), images));
  }

  /**
   * Returns what to throw when TensorFlow had no memory left.
   *
   * @param what it had none for, such as "a tensor of 3 GB"
   */
  public static MemoryException exhausted(String what) {
    return new MemoryException(
        "TensorFlow has no memory left for "
            + what
            + Room.ofMachine().map(room -> "; " + room.inWords()).orElse(""),
        "take fewer images at a time (batch of the training options or the sampler), fewer maps or"
            + " layers, or smaller images",
        0);
  }

  /** Returns what has no room, without what lowers the need: the message's first part. */
  public String problem() {
    return problem;
  }

  /** Returns how many images at a time would fit, if that is known and any would. */
  public OptionalInt fittingImages() {
    return fitting > 0 ? OptionalInt.of(fitting) : OptionalInt.empty();
  }
}
