package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class FleetTest {
  @Test
  void starts() {
    SparkConf conf =
        new SparkConf().setMaster("local[2]").setAppName("t").set("spark.ui.enabled", "false");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertEquals(2, Fleet.on(spark).parallelism());
      assertEquals(6, spark.parallelize(java.util.List.of(1, 2, 3)).reduce(Integer::sum));
    }
  }
}
