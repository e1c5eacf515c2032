package io.weft.internal.step;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What closed sessions have computed with, for the next ones: no more than was ever in use at a
 * time, and only as long as nothing else needs the memory.
 */
final class SpareWork {

  /** The one that was given back last is first: more of it lies in the processor's caches. */
  private final Deque<SoftReference<SessionWork>> spare = new ArrayDeque<>();

  private int inUse;
  private int most;

  /**
   * Returns one that nobody uses, as good as new.
   *
   * @param images of how many images
   * @param isHelped whether a second thread is to help
   * @param anew makes such a one
   */
  SessionWork take(int images, boolean isHelped, Supplier<SessionWork> anew) {
    Optional<SessionWork> found = find(images, isHelped);
    // No call reads what none has written. Should one do, then not from somebody else's image.
    found.ifPresent(work -> work.caches.clear());
    SessionWork work = found.orElseGet(anew);
    count();
    return work;
  }

  private synchronized Optional<SessionWork> find(int images, boolean isHelped) {
    for (Iterator<SoftReference<SessionWork>> each = spare.iterator(); each.hasNext(); ) {
      SessionWork work = each.next().get();
      if (work == null) {
        each.remove();
      } else if (work.caches.images == images && work.isHelped() == isHelped) {
        each.remove();
        return Optional.of(work);
      }
    }
    return Optional.empty();
  }

  private synchronized void count() {
    inUse++;
    most = Math.max(most, inUse);
  }

  /** Takes one back that nobody uses any more. */
  synchronized void keep(SessionWork work) {
    inUse--;
    spare.addFirst(new SoftReference<>(work));
    if (spare.size() > most) {
      spare.removeLast();
    }
  }
}
