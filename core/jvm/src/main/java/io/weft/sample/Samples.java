package io.weft.sample;

import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A cold series of generated pixels, rows or images. Nothing is computed until elements are asked
 * for; each way of asking starts from the beginning, with the weights of that moment, and gives the
 * same elements while the weights are the same.
 *
 * <p>Images are generated in groups of the sampler's batch, in lockstep: a pixel of each image of
 * the group, then the next pixel of each; group after group. What is pulled never runs ahead of the
 * consumer by more than the pixel (row, image) in hand of each image of the group.
 *
 * @param <T> {@link Pixel}, {@link PixelRow} or {@link SampledImage}
 */
public final class Samples<T> {

  private final Supplier<Pull<T>> start;

  Samples(Supplier<Pull<T>> start) {
    this.start = start;
  }

  /**
   * Returns the series that {@code start} starts, each time anew: of what is made of others.
   *
   * @param start gives a series that nobody else uses
   */
  public static <T> Samples<T> of(Supplier<Pull<T>> start) {
    return new Samples<>(Objects.requireNonNull(start, "start"));
  }

  /**
   * Returns the series of the pixels of images that come about in lockstep, group after group;
   * without those that are known.
   *
   * @param start gives the groups, each time anew; each is closed when its last pixel is taken
   */
  public static Samples<Pixel> pixels(
      ImageSpec image, Supplier<? extends Iterator<? extends Lockstep>> start) {
    return of(Grain.pixels(image), start);
  }

  /** Returns the series of rows as above, each as soon as its last pixel is there. */
  public static Samples<PixelRow> rows(
      ImageSpec image, Supplier<? extends Iterator<? extends Lockstep>> start) {
    return of(Grain.rows(image), start);
  }

  /** Returns the series of images as above. */
  public static Samples<SampledImage> images(
      ImageSpec image, Supplier<? extends Iterator<? extends Lockstep>> start) {
    return of(Grain.images(image), start);
  }

  static <T> Samples<T> of(Grain<T> grain, Supplier<? extends Iterator<? extends Lockstep>> start) {
    Objects.requireNonNull(start, "start");
    return new Samples<>(() -> new LockstepPull<>(start.get(), grain));
  }

  /** Starts a series and returns it as an iterator; close it if it is not used to its end. */
  public Pull<T> iterator() {
    return start.get();
  }

  /**
   * Starts a series and returns it as a sequential stream, which computes in the thread of the
   * terminal operation. Close it (try-with-resources) if the operation may stop early.
   */
  public Stream<T> stream() {
    Pull<T> pull = iterator();
    int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pull, traits), false)
        .onClose(pull::close);
  }

  /** Computes all elements in the calling thread. */
  public List<T> toList() {
    List<T> all = new ArrayList<>();
    try (Pull<T> pull = iterator()) {
      pull.forEachRemaining(all::add);
    }
    return List.copyOf(all);
  }

  /**
   * Returns a publisher that computes on daemon threads of its own, as {@link #publisher(Executor)}
   * says; a subscription has such a thread only while it has demand.
   */
  public Flow.Publisher<T> publisher() {
    return publisher(
        task -> {
          Thread thread = new Thread(task, "weft-sampling");
          thread.setDaemon(true);
          thread.start();
        });
  }

  /**
   * Returns a publisher of the series, by the rules of Reactive Streams.
   *
   * <p><b>Threads.</b> {@code onSubscribe} comes in the subscribing thread. Everything else,
   * computing included, happens in tasks given to {@code executor}, one at a time for each
   * subscription. <b>Demand.</b> No element is computed without demand for it, save that the images
   * of a lockstep group share each step. <b>Cancelling</b> is idempotent, takes effect before the
   * next element, and releases all that the subscription holds. <b>Errors</b> come by {@code
   * onError}; a request below 1 is one, and so is a model that is closed. Every subscription is a
   * series of its own.
   */
  public Flow.Publisher<T> publisher(Executor executor) {
    return new PullPublisher<>(start, Objects.requireNonNull(executor, "executor"));
  }
}
