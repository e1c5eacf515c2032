package io.weft.internal.thread;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a model has that is dear to make, each by its key: the last few that were used. It is
 * lent, and closed when it is neither kept nor lent any more, so never under who uses it. Threads
 * may share a keeper: what one of them makes, the others who want it wait for; nobody else does.
 *
 * @param <K> what tells one from the other
 * @param <V> what is kept
 */
public final class Keeper<K, V> implements AutoCloseable {

  /** A place for one value: empty until it is made, and again once it is closed. */
  private static final class Place<V> {
    final ReentrantLock making = new ReentrantLock();
    volatile @Nullable V value;
    int leases;
    boolean kept = true;
  }

  private final int most;
  private final Function<? super K, ? extends V> make;
  private final Consumer<? super V> close;
  private final Map<K, Place<V>> places = new LinkedHashMap<>(16, 0.75f, true);
  private volatile boolean closed;

  /**
   * Makes an empty keeper.
   *
   * @param most so many are kept, beside those that are lent
   * @param make makes the one of a key; runs without any lock that others wait for
   * @param close closes one
   */
  public Keeper(int most, Function<? super K, ? extends V> make, Consumer<? super V> close) {
    this.most = most;
    this.make = make;
    this.close = close;
  }

  /** Makes an empty keeper of what need not be closed. */
  public Keeper(int most, Function<? super K, ? extends V> make) {
    this(most, make, value -> {});
  }

  /**
   * Lends the one of a key, which is made now if it is not kept.
   *
   * @throws IllegalStateException if this is closed, now or when it is made
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while another
   *     one makes it
   */
  public Lease<V> lend(K key) {
    Place<V> place = take(key);
    boolean lent = false;
    try {
      V value = made(key, place);
      checkOpen();
      Lease<V> lease = Lease.of(this, value, () -> giveBack(place));
      lent = true;
      return lease;
    } finally {
      if (!lent) {
        giveBack(place);
      }
    }
  }

  /** Returns the one of a key as above, where nobody closes it. */
  public V get(K key) {
    try (Lease<V> lease = lend(key)) {
      return lease.value();
    }
  }

  /** Returns how many are kept. */
  synchronized int size() {
    return places.size();
  }

  private Place<V> take(K key) {
    List<V> unused = new ArrayList<>();
    try {
      synchronized (this) {
        checkOpen();
        Place<V> place = places.computeIfAbsent(key, k -> new Place<>());
        place.leases++;
        if (places.size() > most) {
          K oldest = places.keySet().iterator().next();
          forget(places.remove(oldest), unused);
        }
        return place;
      }
    } finally {
      unused.forEach(close);
    }
  }

  private V made(K key, Place<V> place) {
    Interruption.await(place.making);
    try {
      V value = place.value;
      if (value == null) {
        value = make.apply(key);
        place.value = value;
      }
      return value;
    } finally {
      place.making.unlock();
    }
  }

  private void giveBack(Place<V> place) {
    List<V> unused = new ArrayList<>();
    synchronized (this) {
      place.leases--;
      if (place.value == null && place.leases == 0) {
        places.values().remove(place);
      }
      emptyIfUnused(place, unused);
    }
    unused.forEach(close);
  }

  private void forget(Place<V> place, List<V> unused) {
    place.kept = false;
    emptyIfUnused(place, unused);
  }

  private void emptyIfUnused(Place<V> place, List<V> unused) {
    V value = place.value;
    if (!place.kept && place.leases == 0 && value != null) {
      place.value = null;
      unused.add(value);
    }
  }

  /**
   * Checks that this is open.
   *
   * @throws IllegalStateException if it is closed
   */
  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this model is closed; load or make another");
    }
  }

  /** Closes what is kept: what is lent, or is being made, when it is given back. */
  @Override
  public void close() {
    List<V> unused = new ArrayList<>();
    synchronized (this) {
      closed = true;
      places.values().forEach(place -> forget(place, unused));
      places.clear();
    }
    unused.forEach(close);
  }
}
