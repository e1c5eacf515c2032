package io.weft.spark;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** On a real cluster the bits are those of one process; all of it shares one start. */
class ClusterTest {

  @BeforeAll
  static void start(@TempDir Path jars) {
    OnCluster.start(jars);
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
