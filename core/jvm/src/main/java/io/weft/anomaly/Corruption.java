package io.weft.anomaly;

import io.weft.data.ImageSet;
import io.weft.internal.random.SplitMix;
import io.weft.internal.thread.Interruption;
import io.weft.spec.ImageSpec;
import java.util.Arrays;

/**
 * What is done to good images to have anomalies without any: a detector that chooses its score by
 * itself takes the one that tells these best from what they were made of.
 */
enum Corruption {
  /** Nothing is left but the commonest level. */
  BLANK {
    @Override
    void apply(ImageSpec image, int[] levels, SplitMix random) {
      Arrays.fill(levels, commonest(image, levels));
    }
  },
  /** Light is dark. */
  INVERTED {
    @Override
    void apply(ImageSpec image, int[] levels, SplitMix random) {
      for (int i = 0; i < levels.length; i++) {
        levels[i] = image.levels() - 1 - levels[i];
      }
    }
  },
  /** One value in ten is replaced. */
  NOISY {
    @Override
    void apply(ImageSpec image, int[] levels, SplitMix random) {
      for (int i = 0; i < levels.length; i++) {
        if (random.chance(0.1)) {
          levels[i] = random.nextInt(image.levels());
        }
      }
    }
  },
  /** Two by two parts have changed places. */
  SHUFFLED {
    @Override
    void apply(ImageSpec image, int[] levels, SplitMix random) {
      int high = image.height() / 2;
      int wide = image.width() / 2;
      int[] order = random.permutation(4);
      if (Arrays.equals(order, new int[] {0, 1, 2, 3})) {
        order = new int[] {3, 2, 1, 0};
      }
      int[] from = levels.clone();
      for (int part = 0; part < 4; part++) {
        for (int row = 0; row < high; row++) {
          copy(
              image,
              from,
              (order[part] / 2 * high + row) * image.width() + order[part] % 2 * wide,
              levels,
              (part / 2 * high + row) * image.width() + part % 2 * wide,
              wide);
        }
      }
    }
  },
  /** Turned by a quarter where images are square, else by half. */
  TURNED {
    @Override
    void apply(ImageSpec image, int[] levels, SplitMix random) {
      int[] from = levels.clone();
      int last = image.pixels() - 1;
      for (int pixel = 0; pixel <= last; pixel++) {
        int row = pixel / image.width();
        int column = pixel % image.width();
        boolean square = image.height() == image.width();
        int source = square ? (image.width() - 1 - column) * image.width() + row : last - pixel;
        copy(image, from, source, levels, pixel, 1);
      }
    }
  },
  /** A small square is somewhere that was not there, inverted. */
  SQUARE {
    @Override
    void apply(ImageSpec image, int[] levels, SplitMix random) {
      int side = Math.max(1, Math.min(image.height(), image.width()) / 5);
      int top = random.nextInt(image.height() - side + 1);
      int left = random.nextInt(image.width() - side + 1);
      for (int i = 0; i < side * side * image.channels(); i++) {
        int row = top + i / image.channels() / side;
        int column = left + i / image.channels() % side;
        int at = (row * image.width() + column) * image.channels() + i % image.channels();
        levels[at] = image.levels() - 1 - levels[at];
      }
    }
  };

  /** Changes an image, [row, column, channel]. */
  abstract void apply(ImageSpec image, int[] levels, SplitMix random);

  /**
   * Returns images after the change; the same seed gives the same.
   *
   * @param first the number of the first image, by which each is changed differently
   */
  ImageSet of(ImageSet images, long seed, int first) {
    ImageSpec spec = images.spec();
    int[] all = new int[images.size() * spec.values()];
    for (int image = 0; image < images.size(); image++) {
      Interruption.check();
      int[] levels = images.image(image);
      apply(spec, levels, SplitMix.of(seed, first + image));
      System.arraycopy(levels, 0, all, image * spec.values(), levels.length);
    }
    return ImageSet.of(spec, all);
  }

  private static int commonest(ImageSpec image, int[] levels) {
    int[] counts = new int[image.levels()];
    for (int level : levels) {
      counts[level]++;
    }
    int most = 0;
    for (int level = 1; level < counts.length; level++) {
      most = counts[level] > counts[most] ? level : most;
    }
    return most;
  }

  /** Copies pixels from one place to another. */
  private static void copy(ImageSpec image, int[] from, int at, int[] to, int place, int pixels) {
    int channels = image.channels();
    System.arraycopy(from, at * channels, to, place * channels, pixels * channels);
  }
}
