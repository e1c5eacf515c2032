package io.weft.spark;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * The tasks of a step, each a partition of one element: its {@link Partial} sum, as it travels. A
 * task brings its images, and says where the weights are.
 */
final class StepTasks extends RDD<byte[]> {

  private static final long serialVersionUID = 1L;

  private final byte[] key;

  /** Not for the workers: each is sent the partitions that it computes. */
  private final transient Part[] parts;

  /**
   * Takes tasks.
   *
   * @param key a {@link WorkerProgram.Key} as it travels
   * @param weights of the step, see {@link Floats}
   */
  StepTasks(SparkContext spark, byte[] key, Broadcast<byte[]> weights, List<GradientTask> tasks) {
    super(
        spark,
        CollectionConverters.asScala(List.<Dependency<?>>of()).toSeq(),
        ClassTag$.MODULE$.apply(byte[].class));
    this.key = key;
    parts = tasks.stream().map(task -> new Part(task, weights)).toArray(Part[]::new);
  }

  @Override
  public Partition[] getPartitions() {
    return parts.clone();
  }

  @Override
  public Iterator<byte[]> compute(Partition split, TaskContext context) {
    Part part = (Part) split;
    float[] weights = Floats.values(part.weights.value());
    byte[] sum = WorkerProgram.compute(key, weights, part.task).bytes();
    return CollectionConverters.asScala(List.of(sum).iterator());
  }

  /** One task. */
  private static final class Part implements Partition {

    private static final long serialVersionUID = 1L;

    private final GradientTask task;
    private final Broadcast<byte[]> weights;

    Part(GradientTask task, Broadcast<byte[]> weights) {
      this.task = task;
      this.weights = weights;
    }

    @Override
    public int index() {
      return task.index();
    }

    /**
     * Begins to fetch the weights as soon as a worker hears of its task, for it fetches next what
     * tasks of this job are made of, and each takes some round trips to the driver.
     */
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      // Whatever fails here, fails again where the weights are needed.
      CompletableFuture<byte[]> unused = CompletableFuture.supplyAsync(weights::value);
    }
  }
}
