package io.weft.data;

import io.weft.internal.random.SplitMix;
import io.weft.internal.thread.Together;
import io.weft.spec.ImageSpec;
import java.util.Locale;

/**
 * The embedded data set: handwritten-looking digits, drawn as strokes by a pure function of (seed,
 * image index), the same on every machine, so that nothing need be downloaded. Slant, size, place,
 * thickness, pressure, wobble and the way of writing a digit vary. Ten classes, evenly: each run of
 * ten images, counted from the first, holds every digit once.
 *
 * <pre>{@code
 * ImageSet digits = EmbeddedDigits.count(10_000).size(14).levels(4).seed(7).grey();
 * }</pre>
 *
 * <p>Image i does not depend on the count: the first 100 of 10,000 are those of 100.
 */
public final class EmbeddedDigits {

  /** Classes: the digits 0 to 9, named so. */
  public static final int CLASSES = 10;

  /** The fewest rows and columns at which the digits can be read. */
  public static final int MIN_SIZE = 8;

  /** The most rows and columns. */
  public static final int MAX_SIZE = 512;

  private static final int DEFAULT_SIZE = 28;
  private static final int MAX_VALUE = Quantiser.MAX_LEVELS - 1;

  private final int count;
  private final int size;
  private final int levels;
  private final long seed;

  private EmbeddedDigits(int count, int size, int levels, long seed) {
    this.count = count;
    this.size = size;
    this.levels = levels;
    this.seed = seed;
  }

  /**
   * Begins a set of 28x28 images with 256 levels and seed 0.
   *
   * @param count how many images, 1 or more
   * @return the recipe, to be changed or drawn
   * @throws IllegalArgumentException if the count is below 1
   */
  public static EmbeddedDigits count(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "count is %d; expected 1 or more", count));
    }
    return new EmbeddedDigits(count, DEFAULT_SIZE, Quantiser.MAX_LEVELS, 0);
  }

  /**
   * Returns this recipe with another size.
   *
   * @param newSize rows and columns, 8 to 512
   * @return the changed recipe
   * @throws IllegalArgumentException if the size is out of range
   */
  public EmbeddedDigits size(int newSize) {
    if (newSize < MIN_SIZE || newSize > MAX_SIZE) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "size is %d; expected %d to %d", newSize, MIN_SIZE, MAX_SIZE));
    }
    return new EmbeddedDigits(count, newSize, levels, seed);
  }

  /**
   * Returns this recipe with another number of levels, to which the drawing is rounded.
   *
   * @param newLevels 2 to 65536
   * @return the changed recipe
   * @throws IllegalArgumentException if the number is out of range
   */
  public EmbeddedDigits levels(int newLevels) {
    return new EmbeddedDigits(count, size, new Quantiser(newLevels).levels(), seed);
  }

  /**
   * Returns this recipe with another seed.
   *
   * @param newSeed any number
   * @return the changed recipe
   */
  public EmbeddedDigits seed(long newSeed) {
    return new EmbeddedDigits(count, size, levels, newSeed);
  }

  /**
   * Draws bright digits on black.
   *
   * @return a labelled set with 1 channel
   */
  public ImageSet grey() {
    return draw(
        1,
        (random, coverage, pixels, offset) -> {
          double ink = random.between(0.75 * MAX_VALUE, MAX_VALUE);
          for (int i = 0; i < coverage.length; i++) {
            pixels[offset + i] = (byte) Math.round(ink * coverage[i]);
          }
        });
  }

  /**
   * Draws coloured digits on a coloured ground that changes from the top to the bottom; the ink is
   * far brighter or far darker than the ground.
   *
   * @return a labelled set with 3 channels: red, green, blue
   */
  public ImageSet colour() {
    return draw(
        3,
        (random, coverage, pixels, offset) -> {
          double dark = random.between(0.0, 0.25);
          double bright = random.between(0.75, 1.0);
          double[] low = colour(random, dark);
          double[] high = colour(random, bright);
          double[] ground = random.chance(0.5) ? low : high;
          double[] ink = ground == low ? high : low;
          double fade = random.between(-0.12, 0.12);
          for (int i = 0; i < coverage.length; i++) {
            int row = i / size;
            double shade = fade * (row / (size - 1.0) - 0.5);
            for (int c = 0; c < 3; c++) {
              double value = ground[c] + shade + (ink[c] - ground[c] - shade) * coverage[i];
              double clipped = Math.min(1, Math.max(0, value));
              pixels[offset + 3 * i + c] = (byte) Math.round(MAX_VALUE * clipped);
            }
          }
        });
  }

  /** Puts one digit, given as coverage, into the pixels of its image. */
  private interface Paint {
    void apply(SplitMix random, double[] coverage, byte[] pixels, int offset);
  }

  private ImageSet draw(int channels, Paint paint) {
    ImageSpec spec = new ImageSpec(size, size, channels, Quantiser.MAX_LEVELS);
    long total = (long) count * spec.values();
    if (total > DataFile.MAX_ARRAY) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d images of %s have %d values; expected fewer than 2^31. Ask for fewer images",
              count,
              spec,
              total));
    }
    byte[] pixels = new byte[(int) total];
    int[] labels = labels();
    // Each image is a function of its index alone, and has its own place.
    Together.forEach(
        count,
        image -> {
          SplitMix random = SplitMix.of(seed, image);
          Strokes strokes = DigitShapes.draw(labels[image], random);
          double[] coverage = Hand.of(random).coverage(strokes.lines(), size);
          paint.apply(random, coverage, pixels, image * spec.values());
        });
    return ImageSet.owning(spec, pixels).labelled(labels, CLASSES).quantised(levels);
  }

  private int[] labels() {
    int[] labels = new int[count];
    int[] order = {};
    for (int i = 0; i < count; i++) {
      if (i % CLASSES == 0) {
        order = SplitMix.of(~seed, i).permutation(CLASSES);
      }
      labels[i] = order[i % CLASSES];
    }
    return labels;
  }

  /** A random colour around a brightness, within 0 to 1. */
  private static double[] colour(SplitMix random, double brightness) {
    double[] colour = new double[3];
    for (int c = 0; c < 3; c++) {
      colour[c] = Math.min(1, Math.max(0, brightness + random.between(-0.25, 0.25)));
    }
    return colour;
  }
}
