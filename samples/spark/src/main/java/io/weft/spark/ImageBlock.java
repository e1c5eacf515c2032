package io.weft.spark;

import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.internal.levels.LevelArray;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Some images that follow each other, as they travel: levels as bytes, and conditions. Immutable.
 */
public final class ImageBlock implements Serializable {

  private static final long serialVersionUID = 1;

  private final long first;
  private final ImageSpec spec;
  private final byte[] levels;
  private final List<ConditionValues> conditions;

  private ImageBlock(long first, ImageSpec spec, byte[] levels, List<ConditionValues> conditions) {
    this.first = first;
    this.spec = spec;
    this.levels = levels;
    this.conditions = conditions;
  }

  /**
   * Returns examples as one block.
   *
   * @param first the number of the first image among all, by which results are told apart
   */
  public static ImageBlock of(long first, Examples examples) {
    return of(first, examples, 0, examples.size());
  }

  /** Returns some of many examples, whose numbers they keep. */
  static ImageBlock of(Examples examples, int from, int to) {
    return of(from, examples, from, to);
  }

  private static ImageBlock of(long first, Examples examples, int from, int to) {
    ImageSpec spec = examples.spec();
    LevelArray levels = LevelArray.of(spec, Math.multiplyExact(to - from, spec.values()));
    List<ConditionValues> conditions = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      levels.copyFrom(examples.image(i), (i - from) * spec.values());
      conditions.add(examples.conditions(i));
    }
    return new ImageBlock(first, spec, levels.bytes(0, levels.length()), conditions);
  }

  /** Returns the number of the first image among all. */
  public long first() {
    return first;
  }

  /** Returns the number of images. */
  public int size() {
    return conditions.size();
  }

  /** Returns the images, numbered from 0, with what each is conditioned on. */
  public Examples examples() {
    return Examples.conditioned(images(), conditions::get);
  }

  ImageSet images() {
    if (LevelArray.bytesEach(spec) == 1) {
      return ImageSet.owning(spec, LevelArray.owning(levels));
    }
    short[] shorts = new short[levels.length / Short.BYTES];
    ByteBuffer.wrap(levels).asShortBuffer().get(shorts);
    return ImageSet.owning(spec, LevelArray.owning(shorts));
  }

  /** Returns the numbers of its images, and their form. */
  @Override
  public String toString() {
    return "images " + first + " to " + (first + size() - 1) + " of " + spec;
  }
}
