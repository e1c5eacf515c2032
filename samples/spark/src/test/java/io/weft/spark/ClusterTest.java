package io.weft.spark;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** On a real cluster the bits are those of one process; all of it shares one start. */
class ClusterTest {

  @BeforeAll
  static void start() {
    OnCluster.start();
  }

  @AfterAll
  static void stop() {
    OnCluster.stop();
  }

  @Nested
  class Training extends TrainingOnCluster {}

  @Nested
  class Scoring extends ScoringOnCluster {}
}
