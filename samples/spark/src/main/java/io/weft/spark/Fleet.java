package io.weft.spark;

import org.apache.spark.api.java.JavaSparkContext;

/** The workers of a Spark cluster. */
public final class Fleet {

  private final JavaSparkContext spark;

  private Fleet(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Returns the cluster of a context. */
  public static Fleet on(JavaSparkContext spark) {
    return new Fleet(spark);
  }

  int parallelism() {
    return spark.defaultParallelism();
  }
}
