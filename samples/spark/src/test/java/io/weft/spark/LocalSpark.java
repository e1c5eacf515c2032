package io.weft.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark in this process, with two threads. */
final class LocalSpark {

  private LocalSpark() {}

  static JavaSparkContext start(String application) {
    return new JavaSparkContext(
        new SparkConf(false)
            .setMaster("local[2]")
            .setAppName(application)
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1"));
  }
}
