package io.weft.internal.thread;

import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread of the common pool that is asked to help with pieces of work of some microseconds, which
 * follow one another closely: it waits for the next one without sleeping. If it never comes, for it
 * has other work, or leaves, nobody waits for it.
 *
 * <p>All but what it does is for the thread that has asked for it.
 */
public final class SecondThread {

  private enum State {
    COMING,
    WAITING,
    WORKING,
    LEFT
  }

  /** How long it waits for the next piece, in nanoseconds. */
  private static final long WAIT = 1_000_000;

  /** How often it looks for the next piece before it looks at the time. */
  private static final int LOOKS = 64;

  /** How often its work is looked at before who waits for it lets others have the processor. */
  private static final int PATIENCE = 2_000;

  /** For how long, in nanoseconds. */
  private static final long PAUSE = 10_000;

  private final AtomicReference<State> state = new AtomicReference<>(State.COMING);
  private @Nullable Runnable piece;
  private @Nullable Throwable failure;

  private SecondThread() {}

  /** Asks for one. It must be {@linkplain #dismiss dismissed}. */
  public static SecondThread asked() {
    SecondThread second = new SecondThread();
    if (Together.helpers() > 0) {
      ForkJoinPool.commonPool().execute(second::come);
    } else {
      second.state.set(State.LEFT);
    }
    return second;
  }

  private void come() {
    if (!state.compareAndSet(State.COMING, State.WAITING)) {
      return;
    }
    boolean goesOn = true;
    while (goesOn) {
      goesOn = waits() == State.WORKING && works();
    }
  }

  /** Waits for the next piece or the end, but not for long; returns what has come. */
  private State waits() {
    long start = System.nanoTime();
    State now = state.get();
    for (int looks = 1; now == State.WAITING; looks++) {
      if (looks % LOOKS == 0
          && (System.nanoTime() - start > WAIT || isWantedElsewhere())
          && state.compareAndSet(State.WAITING, State.LEFT)) {
        return State.LEFT;
      }
      Thread.onSpinWait();
      now = state.get();
    }
    return now;
  }

  private static boolean isWantedElsewhere() {
    return ForkJoinPool.commonPool().hasQueuedSubmissions();
  }

  /** Does its piece; returns whether it waits for another. */
  private boolean works() {
    try {
      Objects.requireNonNull(piece, "piece").run();
      state.set(State.WAITING);
      return true;
    } catch (RuntimeException | Error e) {
      failure = e;
      state.set(State.LEFT);
      return false;
    }
  }

  /** Returns whether it will do nothing more. */
  public boolean hasLeft() {
    return state.get() == State.LEFT;
  }

  /**
   * Gives it a piece, if it is there.
   *
   * @return whether it begins with that; if so, {@link #await} comes before the next one
   */
  public boolean begins(Runnable piece) {
    if (state.get() != State.WAITING) {
      return false;
    }
    this.piece = piece;
    return state.compareAndSet(State.WAITING, State.WORKING);
  }

  /** Waits until it has done its piece. Throws what that has thrown. */
  public void await() {
    awaitUnless(() -> false);
  }

  /**
   * Waits until it has done its piece, if it has one, or enough of it. Throws what that has thrown.
   */
  public void awaitUnless(BooleanSupplier isEnough) {
    awaitEnd(isEnough);
    if (state.get() != State.LEFT) {
      return;
    }
    Throwable thrown = failure;
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void awaitEnd(BooleanSupplier isEnough) {
    for (int looks = 0; state.get() == State.WORKING && !isEnough.getAsBoolean(); looks++) {
      if (looks < PATIENCE) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  /** Lets it go. When this returns it does no work. */
  public void dismiss() {
    awaitEnd(() -> false);
    state.set(State.LEFT);
  }
}
