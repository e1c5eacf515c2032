package io.weft.sample;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publishes a pulled series: demand is what pulls. */
final class PullPublisher<T> implements Flow.Publisher<T> {

  private final Supplier<Pull<T>> start;
  private final Executor executor;

  PullPublisher(Supplier<Pull<T>> start, Executor executor) {
    this.start = start;
    this.executor = executor;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    Drain drain = new Drain(subscriber);
    subscriber.onSubscribe(drain);
    drain.submit();
  }

  private final class Drain implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final AtomicLong demand = new AtomicLong();
    // One from the start, so that no signal can overtake the return of onSubscribe.
    private final AtomicInteger signals = new AtomicInteger(1);
    private volatile boolean cancelled;
    private volatile @Nullable Throwable refused;

    // Touched by the draining task only.
    private @Nullable Pull<T> pull;
    private boolean ended;

    Drain(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (n < 1) {
        refused =
            new IllegalArgumentException(
                "a subscriber requests at least one element (Reactive Streams 3.9), found " + n);
      } else {
        demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
      }
      wake();
    }

    @Override
    public void cancel() {
      cancelled = true;
      wake();
    }

    private void wake() {
      if (signals.getAndIncrement() == 0) {
        submit();
      }
    }

    void submit() {
      AtomicBoolean begun = new AtomicBoolean();
      try {
        executor.execute(
            () -> {
              if (begun.compareAndSet(false, true)) {
                drain();
              }
            });
      } catch (RuntimeException | Error e) {
        if (!begun.compareAndSet(false, true)) {
          // It ran here, and a subscriber threw that has heard its last.
          throw e;
        }
        // The executor takes no more tasks, or has no thread for one (an error, after which some
        // pools run it all the same): say so here, being the only one to signal.
        refused = e;
        drain();
      }
    }

    private void drain() {
      int handled = signals.get();
      do {
        emit();
        handled = signals.addAndGet(-handled);
      } while (handled != 0);
    }

    private void emit() {
      while (!stopped()) {
        T element;
        try {
          if (pull == null) {
            pull = start.get();
          }
          if (pull.hasNext() && demand.get() == 0) {
            return;
          }
          if (pull.hasNext() && !pull.advance()) {
            // Looks for cancellation between pixels, also of an image.
            continue;
          }
          element = pull.hasNext() ? pull.next() : null;
        } catch (RuntimeException | Error e) {
          // Errors too (a condition's, or no memory): else the subscriber would wait for ever.
          refused = e;
          continue;
        }
        if (element == null) {
          end();
          subscriber.onComplete();
        } else if (!cancelled) {
          demand.updateAndGet(d -> d == Long.MAX_VALUE ? d : d - 1);
          deliver(element);
        }
      }
    }

    /** A subscriber that throws has broken its contract (2.13): it hears no more. */
    private void deliver(T element) {
      try {
        subscriber.onNext(element);
      } catch (RuntimeException | Error e) {
        end();
        throw e;
      }
    }

    /** Ends the series where it was cancelled or misused, and says whether it has ended. */
    private boolean stopped() {
      Throwable error = refused;
      if (!ended && cancelled) {
        end();
      } else if (!ended && error != null) {
        end();
        subscriber.onError(error);
      }
      return ended;
    }

    private void end() {
      ended = true;
      if (pull != null) {
        pull.close();
        pull = null;
      }
    }
  }
}
