package io.weft.spark;

import io.weft.internal.thread.Interruption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.network.util.JavaUtils;

/**
 * Jobs of a context whose results are waited for, as long as there is a worker, and as the caller
 * is not interrupted.
 *
 * @param spark the context
 * @param patience how long to wait when there is no worker
 * @param slots how many tasks run at a time; 0 for as many as the context says
 */
record FleetJobs(JavaSparkContext spark, Duration patience, int slots) {

  private static final long LOOK_MILLIS = 100;

  @Override
  public int slots() {
    return slots == 0 ? Math.max(1, spark.defaultParallelism()) : slots;
  }

  /** Returns how much the results of one job may take on the driver. */
  long mostResultBytes() {
    long most =
        JavaUtils.byteStringAsBytes(spark.getConf().get("spark.driver.maxResultSize", "1g"));
    return most == 0 ? Long.MAX_VALUE : most;
  }

  /**
   * Computes, and returns what all partitions have.
   *
   * @param what it is called in Spark's pages and in messages
   * @throws CancellationException if the caller is interrupted; the job is cancelled
   * @throws FleetException if there is no worker for longer than patience lasts, or Spark gives up
   */
  <T> List<T> collect(String what, JavaRDD<T> data) {
    Interruption.check();
    spark.sc().setJobDescription("Weft: " + what);
    JavaFutureAction<List<T>> action;
    try {
      action = data.collectAsync();
    } catch (IllegalStateException e) {
      throw failed(what, e);
    } finally {
      spark.sc().setJobDescription(null);
    }
    boolean done = false;
    try {
      List<T> found = await(what, action);
      done = true;
      return found;
    } finally {
      if (!done) {
        action.cancel(true);
      }
    }
  }

  /**
   * Does something with the context. Spark's own calls throw an interrupt as it is, which Scala
   * lets any of them do.
   *
   * @throws CancellationException if the caller is interrupted
   */
  <T> T heeding(Callable<T> work) {
    try {
      return work.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interruption.cancelled(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new FleetException("the cluster failed: " + e.getMessage(), e);
    }
  }

  /** Takes back what was sent, also when the caller is interrupted. */
  static void destroy(Broadcast<?> sent) {
    boolean interrupted = Thread.interrupted();
    try {
      sent.destroy();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> List<T> await(String what, JavaFutureAction<List<T>> action) {
    long seen = System.nanoTime();
    while (true) {
      try {
        return action.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        Interruption.check();
        seen = hasWorkers() ? System.nanoTime() : seen;
        if (System.nanoTime() - seen > patience.toNanos()) {
          throw new FleetException(
              what
                  + " has waited "
                  + patience.toSeconds()
                  + " s for a worker, and "
                  + spark.master()
                  + " has none for it; start workers, or see whether others have taken them all",
              null);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Interruption.cancelled(e);
      } catch (ExecutionException e) {
        throw failed(what, e.getCause());
      }
    }
  }

  /** The driver is counted where executors are; without a cluster it is one. */
  private boolean hasWorkers() {
    return spark.sc().isLocal() || spark.sc().getExecutorMemoryStatus().size() > 1;
  }

  private static FleetException failed(String what, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return new FleetException(
        what + " failed on the cluster: " + message.lines().findFirst().orElse(message), cause);
  }
}
