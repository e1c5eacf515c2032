package io.weft.spark;

import io.weft.internal.thread.Interruption;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.Function0;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Jobs of Spark. Their results come to the calling thread as they are found, as long as there is a
 * worker; an interrupt of that thread cancels the job, and interrupts its tasks.
 *
 * @param spark the context
 * @param patience how long to wait when there is no worker
 * @param fixed how many tasks a job has, at most; 0 for what suits the cores that there are
 */
record Jobs(JavaSparkContext spark, Duration patience, int fixed) {

  private static final String INTERRUPTS = "spark.job.interruptOnCancel";
  private static final String DESCRIPTION = "spark.job.description";
  private static final String MOST_RESULTS = "spark.driver.maxResultSize";

  /** A result may be late by this, should it come together with the end of its job. */
  private static final int POLL_MILLIS = 50;

  /** Of many items there are so many tasks for each core, so that a slow one holds up few. */
  private static final int TASKS_EACH = 8;

  /** What a worker does with one item; a pure function. */
  interface Work<I, O extends Serializable> extends Serializable {
    O of(I item);
  }

  /** Takes a result. */
  interface Taking<O> {
    void take(int item, O result);
  }

  /**
   * What another worker would meet as well, or what must end the job: it is a result, so that Spark
   * does not try again.
   */
  private record Refusal(RuntimeException thrown) implements Serializable {}

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record Part(int task, byte[][] results) {}

  /** Returns how many cores there are. */
  int cores() {
    return Math.max(1, heeding(spark::defaultParallelism));
  }

  /** Returns how many tasks run at a time. */
  int slots() {
    return fixed == 0 ? cores() : fixed;
  }

  /** Returns how many bytes the results of one job may have on the driver. */
  long mostResultBytes() {
    long most = spark.sc().getConf().getSizeAsBytes(MOST_RESULTS, "1g");
    return most == 0 ? Long.MAX_VALUE : most;
  }

  /**
   * Works on items, some at a time, so that neither they nor their results fill the driver.
   *
   * @param what it is called in Spark's pages and in messages, such as "scoring 7 images"
   * @param atOnce how many items are on their way at a time, at least 1
   * @param item gives an item by its number, on this thread
   * @param each takes the results, on this thread, in any order
   * @throws CancellationException if the caller is interrupted, or somebody cancels the job
   * @throws FleetException if there is no worker for longer than patience lasts, or Spark gives up
   */
  @SuppressWarnings("unchecked") // A task gives what its work gives.
  <I extends Serializable, O extends Serializable> void run(
      String what, int items, int atOnce, IntFunction<I> item, Work<I, O> work, Taking<O> each) {
    int tasks = fixed == 0 ? TASKS_EACH * slots() : fixed;
    byte[] packed = Travelling.bytes(work);
    for (int from = 0; from < items; from += atOnce) {
      int begin = from;
      List<byte[]> some = new ArrayList<>();
      for (int i = from; i < Math.min(items, from + atOnce); i++) {
        some.add(Travelling.bytes(item.apply(i)));
      }
      int count = Math.min(tasks, some.size());
      JavaRDD<byte[]> found =
          heeding(() -> spark.parallelize(some, count))
              .mapPartitions(part -> results(part, packed));
      job(
          what,
          found,
          part -> {
            int first = begin + (int) ((long) part.task * some.size() / count);
            for (int i = 0; i < part.results.length; i++) {
              each.take(first + i, (O) value(part.results[i]));
            }
          });
    }
  }

  /** What a task does. Its work is unpacked here, where a class that is missing can be named. */
  private static java.util.Iterator<byte[]> results(
      java.util.Iterator<byte[]> items, byte[] packed) {
    List<byte[]> found = new ArrayList<>();
    try {
      Work<?, ?> work = Travelling.value(packed, Work.class);
      items.forEachRemaining(bytes -> found.add(result(bytes, work)));
    } catch (FleetException e) {
      found.add(refused(e));
    }
    return found.iterator();
  }

  @SuppressWarnings("unchecked") // A task is given items of its work.
  private static <I, O extends Serializable> byte[] result(byte[] bytes, Work<I, O> work) {
    I item = (I) value(bytes);
    try {
      return Travelling.bytes(work.of(item));
    } catch (ArithmeticException e) {
      return refused(new ArithmeticException(item + ": " + e.getMessage()));
    } catch (IllegalArgumentException e) {
      return refused(new IllegalArgumentException(item + ": " + e.getMessage()));
    }
  }

  private static byte[] refused(RuntimeException thrown) {
    return Travelling.bytes(new Refusal(thrown));
  }

  private static Serializable value(byte[] bytes) {
    Serializable value = Travelling.value(bytes, Serializable.class);
    if (value instanceof Refusal refusal) {
      throw refusal.thrown;
    }
    return value;
  }

  /**
   * Computes, and gives what partitions have as they end, on this thread, with the same exceptions.
   */
  void collect(String what, JavaRDD<byte[]> data, Consumer<byte[]> each) {
    job(what, data, part -> Arrays.stream(part.results).forEach(each));
  }

  /** Takes what a task has found. */
  private interface Found {
    void take(Part part);
  }

  private void job(String what, JavaRDD<byte[]> data, Found each) {
    Interruption.check();
    BlockingQueue<Part> found = new LinkedBlockingQueue<>();
    SimpleFutureAction<Boolean> job = heeding(() -> submitted(what, data, found));
    boolean done = false;
    long seen = System.nanoTime();
    try {
      for (int left = data.getNumPartitions(); left > 0; ) {
        Interruption.check();
        Part part = found.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (part != null) {
          each.take(part);
          left--;
        } else if (job.isCompleted() && found.isEmpty()) {
          throw failure(what, job.value().get().failed().get(), job.isCancelled());
        }
        seen = part != null || hasWorkers() ? System.nanoTime() : seen;
        checkPatience(what, System.nanoTime() - seen);
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

  private SimpleFutureAction<Boolean> submitted(
      String what, JavaRDD<byte[]> data, BlockingQueue<Part> found) {
    SparkContext context = spark.sc();
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < data.getNumPartitions(); i++) {
      all.add(i);
    }
    Function2<Object, byte[][], BoxedUnit> arrived =
        (task, results) -> {
          found.add(new Part((Integer) task, results));
          return BoxedUnit.UNIT;
        };
    Function0<Boolean> end = () -> true;
    @Nullable String interrupts = context.getLocalProperty(INTERRUPTS);
    @Nullable String description = context.getLocalProperty(DESCRIPTION);
    RDD<byte[]> rdd = data.rdd();
    try {
      context.setLocalProperty(INTERRUPTS, "true");
      context.setLocalProperty(DESCRIPTION, "Weft: " + what);
      return context.submitJob(
          rdd, whole(), CollectionConverters.asScala(all).toSeq(), arrived, end);
    } catch (IllegalStateException e) {
      throw failure(what, e, false);
    } finally {
      context.setLocalProperty(INTERRUPTS, interrupts);
      context.setLocalProperty(DESCRIPTION, description);
    }
  }

  private static Function1<Iterator<byte[]>, byte[][]> whole() {
    return (Function1<Iterator<byte[]>, byte[][]> & Serializable)
        values -> {
          List<byte[]> all = new ArrayList<>();
          while (values.hasNext()) {
            all.add(values.next());
          }
          return all.toArray(byte[][]::new);
        };
  }

  /** The driver is counted where executors are; without a cluster it is one. */
  private boolean hasWorkers() {
    return spark.sc().isLocal() || spark.sc().getExecutorMemoryStatus().size() > 1;
  }

  private void checkPatience(String what, long nanos) {
    if (nanos > patience.toNanos()) {
      throw new FleetException(
          what
              + " has waited "
              + patience.toSeconds()
              + " s for a worker, and "
              + spark.master()
              + " has none for it; start workers, or see whether others have taken them all");
    }
  }

  private RuntimeException failure(String what, Throwable failed, boolean isCancelled) {
    String message = String.valueOf(failed.getMessage());
    if (spark.sc().isStopped()) {
      return ended(what, failed);
    }
    if (isCancelled || message.contains(" cancelled ")) {
      CancellationException cancelled =
          new CancellationException("somebody has cancelled this job of Spark");
      cancelled.initCause(failed);
      return cancelled;
    }
    if (message.contains("SerializedLambda")
        || message.contains("ClassNotFoundException: io.weft")) {
      // So Java says that a function's class is missing.
      return new FleetException(
          what
              + " failed on the cluster: the workers have no weft-spark, or another; "
              + Travelling.HOW_JARS_COME,
          failed);
    }
    return new FleetException(
        what + " failed on the cluster: " + message.lines().findFirst().orElse(message), failed);
  }

  private FleetException ended(String what, Throwable cause) {
    return new FleetException(
        what
            + " failed: Spark has ended the application on "
            + spark.master()
            + ", as it does where it is stopped or killed, where no master answers any more, and"
            + " where spark.authenticate.secret is not the cluster's; Spark's log has the reason",
        cause);
  }

  /**
   * Does something with the context. Spark's own calls throw an interrupt as it is, which Scala
   * lets any of them do.
   *
   * @throws CancellationException if the caller is interrupted
   * @throws FleetException if the context has ended
   */
  <T> T heeding(Callable<T> work) {
    try {
      return work.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interruption.cancelled(e);
    } catch (FleetException | CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      throw spark.sc().isStopped() ? ended("the work", e) : e;
    } catch (Exception e) {
      throw new FleetException("the cluster failed: " + e.getMessage(), e);
    }
  }

  /**
   * Takes back what was sent, also when the caller is interrupted; a context that has ended has.
   */
  void destroy(Broadcast<?> sent) {
    boolean interrupted = Thread.interrupted();
    try {
      if (!spark.sc().isStopped()) {
        sent.destroy();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
