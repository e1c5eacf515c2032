package io.weft.internal.thread;

import java.lang.ref.Cleaner;
import java.util.function.Function;

/**
 * Something of a {@link Keeper}'s that is in use: until it is given back, by closing this, it is
 * not closed. One that nobody can reach any more is given back by itself.
 *
 * @param <V> what is lent
 */
public final class Lease<V> implements AutoCloseable {

  private static final Cleaner CLEANER = Cleaner.create();

  /** What one lease and those that are made of it have in common. */
  private static final class Loan {
    final Keeper<?, ?> keeper;
    final Cleaner.Cleanable back;
    volatile boolean returned;

    Loan(Keeper<?, ?> keeper, Runnable giveBack) {
      this.keeper = keeper;
      this.back = CLEANER.register(this, giveBack);
    }
  }

  private final Loan loan;
  private final V value;

  private Lease(Loan loan, V value) {
    this.loan = loan;
    this.value = value;
  }

  /**
   * Makes a lease.
   *
   * @param giveBack runs once, when it is given back; must not reach the lease
   */
  static <V> Lease<V> of(Keeper<?, ?> keeper, V value, Runnable giveBack) {
    return new Lease<>(new Loan(keeper, giveBack), value);
  }

  /**
   * Returns what is lent.
   *
   * @throws IllegalStateException if the keeper is closed, or this is given back
   */
  public V value() {
    if (loan.returned) {
      throw new IllegalStateException("this lease is given back; take another");
    }
    checkOpen();
    return value;
  }

  /**
   * Checks that the keeper is open.
   *
   * @throws IllegalStateException if it is closed
   */
  public void checkOpen() {
    loan.keeper.checkOpen();
  }

  /**
   * Returns this lease with something that is made of what is lent in its place. If that fails, it
   * is given back.
   */
  public <W> Lease<W> map(Function<? super V, ? extends W> of) {
    boolean mapped = false;
    try {
      Lease<W> lease = new Lease<>(loan, of.apply(value()));
      mapped = true;
      return lease;
    } finally {
      if (!mapped) {
        close();
      }
    }
  }

  /** Gives back what is lent. Doing so again does nothing. */
  @Override
  public void close() {
    loan.returned = true;
    loan.back.clean();
  }
}
