package io.weft.data;

import io.weft.internal.random.SplitMix;
import io.weft.spec.ImageSpec;
import java.util.Locale;

/** Changes that leave an image what it is, drawn anew at every visit. */
public abstract sealed class Augmentation implements Variation {

  private Augmentation() {}

  /**
   * Returns the one that mirrors every other image, left to right. Not for writing.
   *
   * @param seed any number; which ones follows from it, the epoch and the image
   */
  public static Augmentation mirrored(long seed) {
    return new Mirrored(seed);
  }

  /**
   * Returns the one that moves each image by up to {@code most} pixels, up or down and to the left
   * or right, each distance as often as any other.
   *
   * @param most at least 1, and less than images are high and wide
   * @param ground the level of what comes in at the edges
   * @param seed any number; how far follows from it, the epoch and the image
   * @throws IllegalArgumentException if {@code most} is below 1
   */
  public static Augmentation shifted(int most, int ground, long seed) {
    if (most < 1) {
      throw new IllegalArgumentException("images are shifted by at least 1 pixel, found " + most);
    }
    return new Shifted(most, ground, seed);
  }

  /**
   * Returns the one that cuts a piece out of each image, at any place that it fits in, each as
   * often as any other. Models are of the pieces: what is scored and validated on is cut too,
   * usually by {@link Fit#centre}. Not for examples with conditions of each pixel, which stay as
   * they are.
   *
   * @param height of the piece, at most that of the images
   * @param width of the piece, at most that of the images
   * @param seed any number; where follows from it, the epoch and the image
   * @throws IllegalArgumentException if a side is below 1
   */
  public static Augmentation cropped(int height, int width, long seed) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "pieces of images have at least 1x1 pixels, found " + height + "x" + width);
    }
    return new Cropped(height, width, seed);
  }

  @Override
  public ImageSpec spec(ImageSpec images) {
    return images;
  }

  private static final class Mirrored extends Augmentation {
    private final long seed;

    Mirrored(long seed) {
      this.seed = seed;
    }

    @Override
    public int[] apply(ImageSpec images, int[] levels, Visit visit) {
      if (visit.random(seed).chance(0.5)) {
        return levels;
      }
      int channels = images.channels();
      int row = images.width() * channels;
      int[] mirrored = new int[levels.length];
      for (int i = 0; i < levels.length; i++) {
        int column = i % row / channels;
        int from = i + (images.width() - 1 - 2 * column) * channels;
        mirrored[i] = levels[from];
      }
      return mirrored;
    }

    @Override
    public String toString() {
      return "mirrored at random, seed " + seed;
    }
  }

  private static final class Shifted extends Augmentation {
    private final int most;
    private final int ground;
    private final long seed;

    Shifted(int most, int ground, long seed) {
      this.most = most;
      this.ground = ground;
      this.seed = seed;
    }

    @Override
    public ImageSpec spec(ImageSpec images) {
      if (most >= Math.min(images.height(), images.width())) {
        throw new IllegalArgumentException(
            "shifting by up to " + most + " pixels leaves nothing of images of " + images);
      }
      if (ground < 0 || ground >= images.levels()) {
        throw new IllegalArgumentException(
            "the ground has level " + ground + "; expected 0 to " + (images.levels() - 1));
      }
      return images;
    }

    @Override
    public int[] apply(ImageSpec images, int[] levels, Visit visit) {
      SplitMix random = visit.random(seed);
      int down = random.nextInt(2 * most + 1) - most;
      int right = random.nextInt(2 * most + 1) - most;
      int channels = images.channels();
      int[] shifted = new int[levels.length];
      for (int i = 0; i < levels.length; i++) {
        int row = i / channels / images.width() - down;
        int column = i / channels % images.width() - right;
        boolean inside =
            row >= 0 && row < images.height() && column >= 0 && column < images.width();
        shifted[i] =
            inside ? levels[(row * images.width() + column) * channels + i % channels] : ground;
      }
      return shifted;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "shifted by up to %d pixels on level %d, seed %d", most, ground, seed);
    }
  }

  private static final class Cropped extends Augmentation {
    private final int height;
    private final int width;
    private final long seed;

    Cropped(int height, int width, long seed) {
      this.height = height;
      this.width = width;
      this.seed = seed;
    }

    @Override
    public ImageSpec spec(ImageSpec images) {
      if (height > images.height() || width > images.width()) {
        throw new IllegalArgumentException(
            "images of " + images + " have no pieces of " + height + "x" + width);
      }
      return new ImageSpec(height, width, images.channels(), images.levels());
    }

    @Override
    public int[] apply(ImageSpec images, int[] levels, Visit visit) {
      SplitMix random = visit.random(seed);
      int top = random.nextInt(images.height() - height + 1);
      int left = random.nextInt(images.width() - width + 1);
      int row = width * images.channels();
      int[] piece = new int[height * row];
      for (int i = 0; i < height; i++) {
        int from = ((top + i) * images.width() + left) * images.channels();
        System.arraycopy(levels, from, piece, i * row, row);
      }
      return piece;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "pieces of %dx%d at random places, seed %d", height, width, seed);
    }
  }
}
