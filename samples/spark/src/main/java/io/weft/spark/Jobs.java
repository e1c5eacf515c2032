package io.weft.spark;

import io.weft.internal.thread.Interruption;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.Function0;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Work on many items as jobs of Spark. Results come to the calling thread as they are found; an
 * interrupt of it cancels the job, and interrupts its tasks.
 */
final class Jobs {

  private static final String INTERRUPTS = "spark.job.interruptOnCancel";
  private static final String DESCRIPTION = "spark.job.description";

  /** A result may be late by this, should it come together with the end of its job. */
  private static final int POLL_MILLIS = 50;

  /** So many tasks for each core, so that a slow one holds nobody up for long. */
  private static final int TASKS_EACH = 8;

  private final JavaSparkContext spark;
  private final int tasks;

  /**
   * Makes one.
   *
   * @param tasks how many a job has, at most
   */
  Jobs(JavaSparkContext spark, int tasks) {
    this.spark = spark;
    this.tasks = tasks;
  }

  static Jobs on(JavaSparkContext spark) {
    return new Jobs(spark, TASKS_EACH * Math.max(1, spark.defaultParallelism()));
  }

  /** What a worker does with one item; a pure function. */
  interface Work<I, O> extends Serializable {
    O of(I item);
  }

  /** Takes a result. */
  interface Taking<O> {
    void take(int item, O result);
  }

  /**
   * A failure that is the item's own, which another worker would meet as well: it is a result, so
   * that Spark does not try again.
   */
  private record Refusal(boolean isArithmetic, String message) implements Serializable {
    RuntimeException thrown() {
      return isArithmetic
          ? new ArithmeticException(message)
          : new IllegalArgumentException(message);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record Part(int task, Object[] results) {}

  /**
   * Works on items, some at a time, so that neither they nor their results fill the driver.
   *
   * @param what it is called where Spark shows jobs
   * @param atOnce how many items are on their way at a time, at least 1
   * @param item gives an item by its number, on this thread
   * @param each takes the results, on this thread, in any order
   */
  <I extends Serializable, O> void run(
      String what, int items, int atOnce, IntFunction<I> item, Work<I, O> work, Taking<O> each) {
    for (int from = 0; from < items; from += atOnce) {
      int begin = from;
      List<I> some = new ArrayList<>();
      for (int i = from; i < Math.min(items, from + atOnce); i++) {
        some.add(item.apply(i));
      }
      job(what, some, work, (number, result) -> each.take(begin + number, result));
    }
  }

  private <I extends Serializable, O> void job(
      String what, List<I> items, Work<I, O> work, Taking<O> each) {
    if (Thread.currentThread().isInterrupted()) {
      throw Interruption.cancelled(null);
    }
    int count = Math.min(tasks, items.size());
    BlockingQueue<Part> found = new LinkedBlockingQueue<>();
    SimpleFutureAction<Boolean> job = submitted(what, items, count, work, found);
    boolean done = false;
    try {
      for (int left = count; left > 0; ) {
        Part part = found.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (part != null) {
          int first = (int) ((long) part.task * items.size() / count);
          taken(part.results, first, each);
          left--;
        } else if (job.isCompleted() && found.isEmpty()) {
          throw failure(what, job);
        }
      }
      done = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interruption.cancelled(e);
    } finally {
      if (!done) {
        job.cancel();
      }
    }
  }

  @SuppressWarnings("unchecked") // A task gives what its work gives, or a refusal.
  private static <O> void taken(Object[] results, int first, Taking<O> each) {
    for (int i = 0; i < results.length; i++) {
      if (results[i] instanceof Refusal refusal) {
        throw refusal.thrown();
      }
      each.take(first + i, (O) results[i]);
    }
  }

  private <I, O> SimpleFutureAction<Boolean> submitted(
      String what, List<I> items, int count, Work<I, O> work, BlockingQueue<Part> found) {
    SparkContext context = spark.sc();
    RDD<I> rdd = spark.parallelize(items, count).rdd();
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(i);
    }
    Function2<Object, Object[], BoxedUnit> arrived =
        (task, results) -> {
          found.add(new Part((Integer) task, results));
          return BoxedUnit.UNIT;
        };
    Function0<Boolean> end = () -> true;
    @Nullable String interrupts = context.getLocalProperty(INTERRUPTS);
    @Nullable String description = context.getLocalProperty(DESCRIPTION);
    try {
      context.setLocalProperty(INTERRUPTS, "true");
      context.setLocalProperty(DESCRIPTION, "Weft: " + what);
      return context.submitJob(
          rdd, task(work), CollectionConverters.asScala(all).toSeq(), arrived, end);
    } finally {
      context.setLocalProperty(INTERRUPTS, interrupts);
      context.setLocalProperty(DESCRIPTION, description);
    }
  }

  private static <I, O> Function1<Iterator<I>, Object[]> task(Work<I, O> work) {
    return (Function1<Iterator<I>, Object[]> & Serializable)
        items -> {
          List<Object> results = new ArrayList<>();
          while (items.hasNext()) {
            results.add(result(items.next(), work));
          }
          return results.toArray();
        };
  }

  private static <I, O> Object result(I item, Work<I, O> work) {
    try {
      return work.of(item);
    } catch (ArithmeticException | IllegalArgumentException e) {
      return new Refusal(e instanceof ArithmeticException, item + ": " + e.getMessage());
    }
  }

  private static RuntimeException failure(String what, SimpleFutureAction<Boolean> job) {
    Throwable failed = job.value().get().failed().get();
    if (job.isCancelled() || String.valueOf(failed.getMessage()).contains(" cancelled ")) {
      CancellationException cancelled =
          new CancellationException("somebody has cancelled this job of Spark");
      cancelled.initCause(failed);
      return cancelled;
    }
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof FleetException ours) {
        return new FleetException(ours.getMessage(), failed);
      }
    }
    String first = String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
    return new FleetException("the fleet could not " + what + ": " + first, failed);
  }
}
