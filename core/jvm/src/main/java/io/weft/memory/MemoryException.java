package io.weft.memory;

import io.weft.advice.Advice;
import io.weft.advice.Advised;
import io.weft.advice.AdvisedException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Work needs more memory than there is: Weft refuses it before it begins, or TensorFlow ends it in
 * the middle. The message says what has no room, how much it needs, what the machine has, and what
 * lowers the need. A model stays usable, for less at a time.
 */
public final class MemoryException extends RuntimeException implements Advised {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final Advice advice;
  private final int fitting;

  private MemoryException(String problem, Advice advice, int fitting) {
    super(AdvisedException.message(problem, advice));
    this.problem = problem;
    this.advice = advice;
    this.fitting = fitting;
  }

  /** Returns the refusal of work that needs more than there is. */
  static MemoryException refused(MemoryNeed need, int images, Room room) {
    int fitting = need.fitting(room.available(), images);
    return new MemoryException(
        need.inWords(images)
            + ", and "
            + room.inWords()
            + (fitting > 0 ? "; " + fitting + " at a time would fit" : ""),
        need.work().advice(),
        fitting);
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
        Advice.NEED_LESS_MEMORY,
        0);
  }

  /** Returns what has no room, how much it needs, and what there is. */
  @Override
  public String problem() {
    return problem;
  }

  @Override
  public Optional<Advice> advice() {
    return Optional.of(advice);
  }

  /** Returns how many images at a time would fit, if that is known and any would. */
  public OptionalInt fittingImages() {
    return fitting > 0 ? OptionalInt.of(fitting) : OptionalInt.empty();
  }
}
