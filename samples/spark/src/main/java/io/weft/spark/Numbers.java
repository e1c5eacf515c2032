package io.weft.spark;

import io.weft.Model;
import io.weft.internal.files.Sha256;
import io.weft.train.NumericFingerprint;
import java.io.Serializable;
import org.apache.spark.SparkEnv;

/**
 * What numbers the driver scores images with, that were made up. A worker whose numbers differ is
 * refused before its first result counts.
 *
 * @param digest of the scores; empty where Java computes, whose numbers are the same everywhere
 */
record Numbers(String digest) implements Serializable {

  /** Returns the numbers of this process. */
  static Numbers of(Model model) {
    return new Numbers(model.device().isJvm() ? "" : digest(model));
  }

  /**
   * Checks those of this worker.
   *
   * @throws FleetException if they differ; the message names the worker
   */
  void check(Model model) {
    SparkEnv here = SparkEnv.get();
    if (digest.isEmpty() || here.executorId().equals("driver")) {
      return;
    }
    String found = digest(model);
    if (!found.equals(digest)) {
      throw new FleetException(
          "the worker on "
              + here.blockManager().blockManagerId().host()
              + " (executor "
              + here.executorId()
              + ") computes other numbers than the driver ("
              + found.substring(0, 16)
              + ", not "
              + digest.substring(0, 16)
              + "): its processor or TensorFlow's settings differ. Take it out of the cluster, or"
              + " open the model on Device.jvm(), whose numbers are the same everywhere",
          null);
    }
  }

  private static String digest(Model model) {
    Sha256 digest = new Sha256();
    digest.add(model.score(NumericFingerprint.examples(model.definition())).values());
    return digest.hex();
  }
}
