package io.weft.spark;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.internal.files.Sha256;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.io.Serializable;
import java.util.SplittableRandom;
import org.apache.spark.SparkEnv;

/**
 * What numbers the driver scores images with, that were made up. A worker whose numbers differ is
 * refused before its first result counts.
 *
 * @param digest of the scores; empty where Java computes, whose numbers are the same everywhere
 */
record Numbers(String digest) implements Serializable {

  private static final int IMAGES = 2;
  private static final long SEED = 20_160_119;

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
    SplittableRandom random = new SplittableRandom(SEED);
    ImageSpec image = model.image();
    int[] levels = random.ints((long) IMAGES * image.values(), 0, image.levels()).toArray();
    ConditionValues values = ConditionValues.none();
    for (Condition condition : model.conditions()) {
      values = with(values, condition, random);
    }
    ConditionValues all = values;
    Sha256 digest = new Sha256();
    digest.add(model.score(Examples.conditioned(ImageSet.of(image, levels), i -> all)).values());
    return digest.hex();
  }

  private static ConditionValues with(
      ConditionValues values, Condition condition, SplittableRandom random) {
    return condition.match(
        new Condition.Cases<>() {
          @Override
          public ConditionValues oneOf(Condition.OneOf one) {
            return values.withLabel(one.name(), random.nextInt(one.count()));
          }

          @Override
          public ConditionValues vector(Condition.Vector vector) {
            return values.withVector(vector.name(), floats(vector.size()));
          }

          @Override
          public ConditionValues spatial(Condition.Spatial map) {
            return values.withMap(map.name(), floats(map.height() * map.width() * map.maps()));
          }

          private float[] floats(int count) {
            float[] floats = new float[count];
            for (int i = 0; i < count; i++) {
              floats[i] = (float) random.nextDouble(-1, 1);
            }
            return floats;
          }
        });
  }
}
