package io.weft.samples;

import io.weft.data.ImageSet;
import io.weft.image.Picture;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * A small vector quantiser: square patches of grey images, each replaced by the number of the
 * nearest in a code book, which k-means finds. Code 0 is the blank patch. What a learned one, such
 * as VQ-VAE's, does better is not what the samples of codes are about.
 */
final class PatchCodes {

  private static final int ROUNDS = 6;

  private final int side;
  private final int patch;
  private final float[][] book;

  private PatchCodes(int side, int patch, float[][] book) {
    this.side = side;
    this.patch = patch;
    this.book = book;
  }

  /**
   * Finds a code book.
   *
   * @param images square ones
   * @param patch rows and columns of a patch, a divisor of the images' side
   * @param codes how many, fewer than there are different patches
   */
  static PatchCodes fit(List<float[]> images, int patch, int codes, long seed) {
    int side = (int) Math.sqrt(images.get(0).length);
    TreeSet<float[]> different = new TreeSet<>(Arrays::compare);
    for (float[] image : images) {
      for (int p = 0; p < side / patch * (side / patch); p++) {
        different.add(cut(image, side, patch, p));
      }
    }
    List<float[]> patches = new ArrayList<>(different);
    Collections.shuffle(patches, new Random(seed));
    float[][] book = new float[codes][patch * patch];
    for (int k = 1; k < codes; k++) {
      book[k] = patches.get(k).clone();
    }
    for (int round = 0; round < ROUNDS; round++) {
      improve(book, patches);
    }
    return new PatchCodes(side, patch, book);
  }

  /** Moves each code but the blank one to the mean of the patches that it is nearest to. */
  private static void improve(float[][] book, List<float[]> patches) {
    float[][] sums = new float[book.length][book[0].length];
    int[] counts = new int[book.length];
    for (float[] patch : patches) {
      int nearest = nearest(book, patch);
      counts[nearest]++;
      for (int i = 0; i < patch.length; i++) {
        sums[nearest][i] += patch[i];
      }
    }
    for (int k = 1; k < book.length; k++) {
      for (int i = 0; counts[k] > 0 && i < sums[k].length; i++) {
        book[k][i] = sums[k][i] / counts[k];
      }
    }
  }

  private static int nearest(float[][] book, float[] patch) {
    int nearest = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int k = 0; k < book.length; k++) {
      float distance = 0;
      for (int i = 0; i < patch.length && distance < least; i++) {
        float difference = patch[i] - book[k][i];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        nearest = k;
      }
    }
    return nearest;
  }

  private static float[] cut(float[] image, int side, int patch, int number) {
    float[] cut = new float[patch * patch];
    for (int i = 0; i < cut.length; i++) {
      cut[i] = image[place(side, patch, number, i)];
    }
    return cut;
  }

  private static int place(int side, int patch, int number, int i) {
    int across = side / patch;
    int row = number / across * patch + i / patch;
    int column = number % across * patch + i % patch;
    return row * side + column;
  }

  /** What coded images are like. */
  ImageSpec spec() {
    return new ImageSpec(side / patch, side / patch, 1, book.length);
  }

  /** The codes of images. */
  ImageSet encode(List<float[]> images) {
    int values = spec().values();
    int[] codes = new int[images.size() * values];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = nearest(book, cut(images.get(i / values), side, patch, i % values));
    }
    return ImageSet.of(spec(), codes);
  }

  /** The image that codes stand for. */
  float[] decode(int[] codes) {
    float[] image = new float[side * side];
    for (int p = 0; p < codes.length; p++) {
      for (int i = 0; i < patch * patch; i++) {
        image[place(side, patch, p, i)] = book[codes[p]][i];
      }
    }
    return image;
  }

  /** The values of grey images, 0 to 1. */
  static List<float[]> pixels(ImageSet images) {
    List<float[]> all = new ArrayList<>();
    for (int image = 0; image < images.size(); image++) {
      int[] levels = images.image(image);
      float[] pixels = new float[levels.length];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = levels[i] / (images.levels() - 1f);
      }
      all.add(pixels);
    }
    return all;
  }

  /** What one image has more than another, or with the sign 1 both together. */
  static float[] sum(float[] image, int sign, float[] other) {
    float[] sum = image.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += sign * other[i];
    }
    return sum;
  }

  /** A picture of an image. */
  static Picture picture(float[] image) {
    int side = (int) Math.sqrt(image.length);
    return Picture.of(
        side,
        side,
        1,
        (row, column, channel) ->
            Math.round(255 * Math.max(0, Math.min(1, image[row * side + column]))));
  }
}
