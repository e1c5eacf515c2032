package io.weft.testing;

import io.weft.data.ImageSet;
import io.weft.spec.ImageSpec;

/** All images that there are of a form, for sums over them: few levels and pixels. */
public final class EveryImage {

  private EveryImage() {}

  /** Returns each image once. */
  public static ImageSet of(ImageSpec image) {
    int count = (int) Math.pow(image.levels(), image.values());
    int[] levels = new int[count * image.values()];
    for (int i = 0; i < count; i++) {
      int rest = i;
      for (int v = 0; v < image.values(); v++) {
        levels[i * image.values() + v] = rest % image.levels();
        rest /= image.levels();
      }
    }
    return ImageSet.of(image, levels);
  }
}
