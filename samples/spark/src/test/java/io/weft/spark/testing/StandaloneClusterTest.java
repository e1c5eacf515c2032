package io.weft.spark.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** The cluster of the tests is one of processes. */
class StandaloneClusterTest {

  @Test
  void tasksRunOnAllWorkersAndOneMayCome() {
    StandaloneCluster cluster = StandaloneCluster.shared();
    try (JavaSparkContext spark =
        new JavaSparkContext(cluster.conf("cluster").set("spark.executor.cores", "2"))) {
      await(spark, 2);
      for (StandaloneCluster.Worker worker : cluster.workers()) {
        assertEquals(1, worker.executors().size());
      }
      try (StandaloneCluster.Worker third = cluster.add("127.0.0.1", 2)) {
        await(spark, 3);
        assertEquals(1, third.executors().size());
      }
    }
  }

  private static void await(JavaSparkContext spark, int executors) {
    JavaProcess.until(
        () -> executors(spark).size() == executors,
        "tasks on " + executors + " executors",
        Duration.ofSeconds(60));
  }

  private static Set<String> executors(JavaSparkContext spark) {
    List<Integer> numbers = IntStream.range(0, 12).boxed().toList();
    return new TreeSet<>(
        spark.parallelize(numbers, 12).map(number -> SparkEnv.get().executorId()).collect());
  }
}
