package io.weft.data;

import io.weft.internal.random.SplitMix;
import io.weft.spec.ImageSpec;
import java.util.Locale;
import java.util.Objects;

/**
 * How a picture is brought to a size. Shrinking and growing go by a triangle filter, by which every
 * pixel counts; where pixels are partly transparent, their colours count by how opaque they are.
 * Immutable.
 */
public final class Fit {

  private enum Kind {
    CENTRE,
    RANDOM,
    PADDED,
    STRETCHED
  }

  private final Kind kind;
  private final int height;
  private final int width;
  private final long seed;

  private Fit(Kind kind, int height, int width, long seed) {
    ImageSpec checked = new ImageSpec(height, width, 1, Quantiser.MAX_LEVELS);
    this.kind = kind;
    this.height = checked.height();
    this.width = checked.width();
    this.seed = seed;
  }

  /**
   * Returns the way that cuts the largest part of the wanted proportions out of the middle.
   *
   * @param height rows, 1 to 4096
   * @param width columns, 1 to 4096
   * @throws IllegalArgumentException if a side is out of range
   */
  public static Fit centre(int height, int width) {
    return new Fit(Kind.CENTRE, height, width, 0);
  }

  /**
   * Returns the way that cuts the largest part of the wanted proportions out of a random place.
   *
   * @param height rows, 1 to 4096
   * @param width columns, 1 to 4096
   * @param seed with a picture's index in its set it decides the place
   * @throws IllegalArgumentException if a side is out of range
   */
  public static Fit random(int height, int width, long seed) {
    return new Fit(Kind.RANDOM, height, width, seed);
  }

  /**
   * Returns the way that keeps the whole picture and its proportions, in the middle of the ground.
   *
   * @param height rows, 1 to 4096
   * @param width columns, 1 to 4096
   * @throws IllegalArgumentException if a side is out of range
   */
  public static Fit padded(int height, int width) {
    return new Fit(Kind.PADDED, height, width, 0);
  }

  /**
   * Returns the way that keeps the whole picture and gives up its proportions.
   *
   * @param height rows, 1 to 4096
   * @param width columns, 1 to 4096
   * @throws IllegalArgumentException if a side is out of range
   */
  public static Fit stretched(int height, int width) {
    return new Fit(Kind.STRETCHED, height, width, 0);
  }

  /**
   * Returns the way of a name.
   *
   * @param name centre, random, pad or stretch
   * @param height rows, 1 to 4096
   * @param width columns, 1 to 4096
   * @param seed decides the places of random
   * @throws IllegalArgumentException if there is no such way, or a side is out of range
   */
  public static Fit named(String name, int height, int width, long seed) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "centre" -> centre(height, width);
      case "random" -> random(height, width, seed);
      case "pad" -> padded(height, width);
      case "stretch" -> stretched(height, width);
      default ->
          throw new IllegalArgumentException(
              "there is no way \"" + name + "\"; expected centre, random, pad or stretch");
    };
  }

  /** Returns the rows that pictures get. */
  public int height() {
    return height;
  }

  /** Returns the columns that pictures get. */
  public int width() {
    return width;
  }

  /**
   * Brings a picture to the size.
   *
   * @param index of the picture in its set
   * @param ground the values of a pixel that the picture does not reach
   */
  Pixels apply(Pixels picture, Resampling resampling, int index, int[] ground) {
    double down = picture.height() / (double) height;
    double along = picture.width() / (double) width;
    double scale = Math.min(down, along);
    return switch (kind) {
      case CENTRE -> resampling.cut(picture, height, width, scale, 0.5, 0.5);
      case RANDOM -> {
        SplitMix random = SplitMix.of(seed, index);
        double place = random.nextDouble();
        yield resampling.cut(picture, height, width, scale, place, place);
      }
      case STRETCHED -> resampling.whole(picture, height, width);
      case PADDED -> {
        double most = Math.max(down, along);
        int newHeight = Math.max(1, (int) Math.round(picture.height() / most));
        int newWidth = Math.max(1, (int) Math.round(picture.width() / most));
        yield onGround(resampling.whole(picture, newHeight, newWidth), ground);
      }
    };
  }

  private Pixels onGround(Pixels picture, int[] ground) {
    int channels = picture.channels();
    int top = (height - picture.height()) / 2;
    int left = (width - picture.width()) / 2;
    byte[] values = new byte[height * width * channels];
    for (int i = 0; i < values.length; i++) {
      int row = i / channels / width - top;
      int column = i / channels % width - left;
      boolean inside =
          row >= 0 && row < picture.height() && column >= 0 && column < picture.width();
      int from = (row * picture.width() + column) * channels + i % channels;
      values[i] = (byte) (inside ? picture.value(from) : ground[i % channels]);
    }
    return new Pixels(height, width, channels, values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fit fit
        && kind == fit.kind
        && height == fit.height
        && width == fit.width
        && seed == fit.seed;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, height, width, seed);
  }

  /** For example {@code "centre to 32x32"}. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " to " + height + "x" + width;
  }
}
