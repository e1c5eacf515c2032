package io.weft.spark;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.json.LayerCatalog;
import io.weft.train.Training;
import io.weft.train.TrainingOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.apache.spark.api.java.JavaSparkContext;

/** The workers of a Spark cluster. */
public final class Fleet {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final JavaSparkContext spark;
  private final Duration patience;

  private Fleet(JavaSparkContext spark, Duration patience) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.patience = patience;
  }

  /** Returns the cluster of a context. */
  public static Fleet on(JavaSparkContext spark) {
    return new Fleet(spark, PATIENCE);
  }

  /**
   * Returns the same cluster, but with another patience: how long work waits while there is no
   * worker at all, 2 minutes otherwise, before it fails.
   */
  public Fleet waiting(Duration most) {
    if (most.isNegative()) {
      throw new IllegalArgumentException("workers are waited for at least 0 s, found " + most);
    }
    return new Fleet(spark, most);
  }

  /**
   * Prepares a new training run whose gradients the workers compute, see {@link Model#training}:
   * the events are the same, and so are the bits, to the last, whatever the number of workers,
   * tasks and cores, and whichever are lost meanwhile. The driver alone sees the examples, updates
   * the weights and validates.
   *
   * <p>Each worker computes a {@linkplain io.weft.train.NumericFingerprint fingerprint} first: one
   * whose numbers differ from the driver's ends the run, which names it and what differs.
   *
   * @param options with {@link TrainingOptions.Builder#microBatch micro-batches}, which are what is
   *     dealt out
   * @throws IllegalArgumentException as {@link Model#training} does
   * @throws IllegalStateException as {@link Model#training} does, or if there are no micro-batches
   * @throws FleetException from its events, if the workers fail, or compute other numbers than the
   *     driver
   */
  public Training training(Model model, Examples examples, TrainingOptions options) {
    return model.training(examples, spread(options));
  }

  /**
   * Prepares to go on with the last training run of a model, wherever its steps so far were taken,
   * see {@link Model#resuming} and {@link #training}.
   */
  public Training resuming(Model model, Examples examples, TrainingOptions options) {
    return model.resuming(examples, spread(options));
  }

  /** Returns the same options, but with gradients of the workers. */
  TrainingOptions spread(TrainingOptions options) {
    return spread(options, 0);
  }

  /**
   * Returns the same options as above.
   *
   * @param computed hears of each step how many nanoseconds its slowest task has computed
   */
  TrainingOptions spread(TrainingOptions options, LongConsumer computed) {
    return spread(options, 0, computed);
  }

  /** Returns the same options for so many tasks at a time. */
  TrainingOptions spread(TrainingOptions options, int slots) {
    return spread(options, slots, nanos -> {});
  }

  private TrainingOptions spread(TrainingOptions options, int slots, LongConsumer computed) {
    FleetJobs jobs = new FleetJobs(spark, patience, slots);
    return options.withGradients(
        work -> new SparkGradients(jobs, LayerCatalog::standard, work, computed));
  }

  int parallelism() {
    return spark.defaultParallelism();
  }
}
