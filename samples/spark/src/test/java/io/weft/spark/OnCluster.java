package io.weft.spark;

import io.weft.spark.testing.JavaProcess;
import io.weft.spark.testing.StandaloneCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.spark.api.java.JavaSparkContext;

/** What the tests of {@link ClusterTest} share: two workers of two cores, and a driver here. */
abstract class OnCluster {

  static StandaloneCluster cluster;
  static JavaSparkContext spark;

  /**
   * A folder for jars that the workers are sent: an executor that begins later asks for them too.
   */
  static Path jars;

  static void start(Path folder) {
    jars = folder;
    cluster = StandaloneCluster.shared();
    spark =
        new JavaSparkContext(
            cluster
                .conf("fleet")
                .set("spark.executor.cores", "2")
                // A task that takes much longer than others is begun a second time elsewhere.
                .set("spark.speculation", "true")
                .set("spark.speculation.minTaskRuntime", "500ms")
                .set("spark.speculation.multiplier", "3")
                .set("spark.speculation.quantile", "0.5"));
    await(2);
  }

  static void stop() {
    spark.close();
  }

  static void await(int executors) {
    JavaProcess.until(
        () -> spark.sc().getExecutorMemoryStatus().size() == executors + 1,
        executors + " executors",
        Duration.ofSeconds(60));
  }
}
