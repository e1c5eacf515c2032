package io.weft.internal.step;

import static java.util.Comparator.comparingLong;

import io.weft.internal.thread.Together;
import io.weft.weight.Weights;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a step program on the JVM. The order in which numbers are added depends on the program
 * alone, so an image's logits are the same to the bit at every batch size.
 */
public final class JvmStepExecutor implements StepExecutor {

  /**
   * The images of a session, which one thread draws: enough for a row of weights to be used several
   * times while it is in the nearest cache.
   */
  public static final int IMAGES_PER_SESSION = 8;

  /**
   * Of known values, the pixels of an image that are computed together: many, within the caches.
   */
  public static final int KNOWN_AT_ONCE = 16;

  /** With more images than these a step is long, and what a second thread needs is much memory. */
  private static final int MOST_HELPED = 3;

  private static final int MOST_FLOATS = 1 << 30;

  private final JvmStepEngine engine;
  private final StepProgram program;
  private final List<BoundGroup> groups;
  private final int[] largest;
  private final JvmLoops loops;
  private final SpareWork spare = new SpareWork();

  /** The group whose arrays are the largest. */
  private final GroupProgram widest;

  private final long widestFloats;

  JvmStepExecutor(JvmStepEngine engine, Weights weights) {
    this.engine = engine;
    this.program = engine.program();
    this.loops = engine.loops();
    // What is never computed may have no weights either.
    this.largest = program.largestCalls();
    this.groups = program.groups().stream().map(g -> bound(g, weights)).toList();
    this.widest = program.groups().stream().max(comparingLong(this::floatsOf)).orElseThrow();
    this.widestFloats = floatsOf(widest);
  }

  private BoundGroup bound(GroupProgram group, Weights weights) {
    return largest[group.group()] == 0
        ? BoundGroup.idle(group)
        : BoundGroup.bind(group, weights, loops.kernels());
  }

  /**
   * Binds weights to a program, to be run in the fastest loops there are.
   *
   * @throws IllegalArgumentException if the weights are of another definition
   */
  public static JvmStepExecutor bind(StepProgram program, Weights weights) {
    return bind(program, weights, JvmLoops.best());
  }

  /**
   * Binds weights to a program, to be run in loops of one kind.
   *
   * @throws IllegalArgumentException if the weights are of another definition
   * @throws IllegalStateException if the loops are not available
   */
  public static JvmStepExecutor bind(StepProgram program, Weights weights, JvmLoops loops) {
    return new JvmStepEngine(program, loops).bind(weights);
  }

  /** Returns the kind of loops that it runs in. */
  public JvmLoops loops() {
    return loops;
  }

  @Override
  public StepProgram program() {
    return program;
  }

  @Override
  public int imagesPerSession() {
    return IMAGES_PER_SESSION;
  }

  /**
   * A session is for one thread: few images are divided among all threads that there are. But each
   * session reads all weights, so that two images are quicker together.
   */
  @Override
  public int sessions(int images, int threads) {
    int least = StepExecutor.super.sessions(images, threads);
    return Math.max(least, Math.min(images / 2, threads));
  }

  @Override
  public StepSession open(int images) {
    return open(images, false, () -> work(images, loops.kernels()));
  }

  /**
   * A thread helps with what would be waited for a row long, say, and with large products. More
   * images than a few are drawn alone, as are all where no thread may help or nothing is large.
   */
  @Override
  public StepSession openHelped(int images) {
    if (images > MOST_HELPED || Together.helpers() == 0 || engine.two().isForOne()) {
      return open(images);
    }
    return open(images, true, () -> helped(images, engine.two()));
  }

  private StepSession open(int images, boolean isHelped, Supplier<SessionWork> anew) {
    checkSize(images);
    return new JvmStepSession(spare.take(images, isHelped, anew), spare::keep);
  }

  /** Opens a session in which a second thread helps. */
  StepSession openHelped(int images, TwoThreads two) {
    checkSize(images);
    return new JvmStepSession(helped(images, two), work -> {});
  }

  /** Opens a session that computes by loops like those that the weights were bound for. */
  StepSession open(int images, Kernels kernels) {
    checkSize(images);
    return new JvmStepSession(work(images, kernels), work -> {});
  }

  /** Returns new work for one thread. */
  SessionWork work(int images, Kernels kernels) {
    return SessionWork.alone(caches(program, images), kernels);
  }

  private SessionWork helped(int images, TwoThreads two) {
    return SessionWork.helped(caches(two.program(), images), two);
  }

  private SessionCaches caches(StepProgram of, int images) {
    return new SessionCaches(of, groups, images);
  }

  private void checkSize(int images) {
    if (images < 1) {
      throw new IllegalArgumentException("a session has at least one image, found " + images);
    }
    if (images * widestFloats > MOST_FLOATS) {
      throw new IllegalArgumentException(
          images
              + " images in lockstep need "
              + images * widestFloats
              + " numbers in one array for "
              + widest.node()
              + ", beyond the limit of "
              + MOST_FLOATS
              + "; generate fewer at a time");
    }
  }

  /** Returns the numbers of one image in the largest array that a group needs or has part in. */
  private long floatsOf(GroupProgram group) {
    int width = group.instructions().stream().mapToInt(Instruction::width).max().orElse(0);
    long slots = program.slots(group.group());
    long cache =
        program.groups().stream()
            .filter(g -> g.node().equals(group.node()) && program.slots(g.group()) == slots)
            .mapToLong(g -> slots * g.width())
            .sum();
    long work = (long) largest[group.group()] * width;
    return Math.max(cache, work);
  }
}
