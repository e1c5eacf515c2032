package io.weft.spark;

import io.weft.score.Scores;
import io.weft.spec.ImageSpec;
import java.io.Serializable;

/** The scores of an {@link ImageBlock}, as they travel. Immutable. */
public final class BlockScores implements Serializable {

  private static final long serialVersionUID = 1;

  private final long first;
  private final ImageSpec spec;
  private final float[] values;

  BlockScores(long first, ImageSpec spec, float[] values) {
    this.first = first;
    this.spec = spec;
    this.values = values;
  }

  /** Returns the number of the first image among all. */
  public long first() {
    return first;
  }

  /** Returns the scores of the block's images, numbered from 0. */
  public Scores scores() {
    return Scores.of(spec, values);
  }

  float[] values() {
    return values;
  }
}
