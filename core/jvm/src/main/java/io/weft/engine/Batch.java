package io.weft.engine;

import io.weft.advice.AdvisedException;
import io.weft.data.Examples;
import io.weft.data.Visit;
import io.weft.internal.Seam;
import io.weft.internal.levels.LevelArray;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A few examples, copied together: what one call of an engine takes. */
@Seam
public final class Batch {

  private final ImageSpec image;
  private final int size;
  private final LevelArray levels;
  private final Map<Condition, float[]> features = new LinkedHashMap<>();

  private Batch(ImageSpec image, int size, LevelArray levels) {
    this.image = image;
    this.size = size;
    this.levels = levels;
  }

  /**
   * Copies the examples with the given indices.
   *
   * @param given the conditions of the model, each of which the examples have a value for; asking
   *     for it is a call of the examples' own code
   */
  public static Batch of(Examples examples, List<Condition> given, int... indices) {
    return ofEpoch(0, examples, given, indices);
  }

  /** Copies the examples as above, as a pass over them sees their images; the first is 0. */
  public static Batch ofEpoch(
      long epoch, Examples examples, List<Condition> given, int... indices) {
    ImageSpec image = examples.spec();
    Batch batch =
        new Batch(image, indices.length, LevelArray.of(image, indices.length * image.values()));
    List<int[]> read =
        examples.read(IntStream.of(indices).mapToObj(index -> new Visit(epoch, index)).toList());
    for (int i = 0; i < indices.length; i++) {
      batch.levels.copyFrom(checked(read.get(i), image, indices[i]), i * image.values());
    }
    for (Condition condition : given) {
      int size = condition.shape().positions() * condition.shape().maps();
      float[] values = new float[indices.length * size];
      for (int i = 0; i < indices.length; i++) {
        float[] one = examples.conditions(indices[i]).feature(condition);
        System.arraycopy(one, 0, values, i * size, size);
      }
      batch.features.put(condition, values);
    }
    return batch;
  }

  /** Returns a copy of the images from {@code from} on and before {@code to}. */
  public Batch part(int from, int to) {
    int values = image.values();
    Batch part = new Batch(image, to - from, LevelArray.of(image, (to - from) * values));
    levels.copyTo(from * values, part.levels, 0, part.levels.length());
    features.forEach(
        (condition, all) -> {
          int size = condition.shape().positions() * condition.shape().maps();
          part.features.put(condition, Arrays.copyOfRange(all, from * size, to * size));
        });
    return part;
  }

  /** Examples may be anybody's: what their levels would do to a network, nobody would see. */
  private static int[] checked(int[] levels, ImageSpec image, int index) {
    try {
      image.checkImage(levels);
    } catch (IllegalArgumentException e) {
      throw AdvisedException.at("example " + index, e);
    }
    return levels;
  }

  /**
   * Returns these examples as bytes, for another process: their number, the levels, and the values
   * of each condition.
   */
  public byte[] bytes() {
    byte[] all = levels.bytes(0, levels.length());
    int floats = features.values().stream().mapToInt(values -> values.length).sum();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.addExact(Integer.BYTES + all.length, Float.BYTES * floats));
    bytes.putInt(size).put(all);
    features.values().forEach(values -> put(bytes, values));
    return bytes.array();
  }

  private static void put(ByteBuffer bytes, float[] values) {
    bytes.asFloatBuffer().put(values);
    bytes.position(bytes.position() + Float.BYTES * values.length);
  }

  /**
   * Returns the examples that {@link #bytes} were made of.
   *
   * @param given the conditions that they were made with
   */
  public static Batch ofBytes(ImageSpec image, List<Condition> given, byte[] from) {
    ByteBuffer bytes = ByteBuffer.wrap(from);
    int size = bytes.getInt();
    LevelArray levels = LevelArray.of(image, size * image.values());
    boolean wide = LevelArray.bytesEach(image) == Short.BYTES;
    for (int i = 0; i < levels.length(); i++) {
      levels.set(i, wide ? Short.toUnsignedInt(bytes.getShort()) : Byte.toUnsignedInt(bytes.get()));
    }
    Batch batch = new Batch(image, size, levels);
    for (Condition condition : given) {
      float[] values = new float[size * condition.shape().positions() * condition.shape().maps()];
      bytes.asFloatBuffer().get(values);
      bytes.position(bytes.position() + Float.BYTES * values.length);
      batch.features.put(condition, values);
    }
    return batch;
  }

  /** Returns what the images are like. */
  public ImageSpec image() {
    return image;
  }

  /** Returns the number of images. */
  public int size() {
    return size;
  }

  /** Returns the levels, [image, row, column, channel]. Not a copy: for reading only. */
  public LevelArray levels() {
    return levels;
  }

  /** Returns one of {@link #levels}. */
  int level(int at) {
    return levels.get(at);
  }

  /** Returns a copy of one image's value of a condition, [row, column, map]. */
  public float[] feature(int index, Condition condition) {
    int size = condition.shape().positions() * condition.shape().maps();
    return Arrays.copyOfRange(features.get(condition), index * size, (index + 1) * size);
  }

  /**
   * Returns the values of each condition, [image, row, column, map], one-hot for a class. Not
   * copies: for reading only.
   */
  public Map<Condition, float[]> features() {
    return features;
  }
}
