package io.weft.data;

import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in a set, found by one look at each image: what to know of data before a model learns
 * from them.
 *
 * @param size the number of images
 * @param image what each is like
 * @param classes the number of images of each class, in the order of the labels; empty without
 * @param lowest the lowest level in use
 * @param highest the highest level in use
 * @param levels how many levels are in use
 * @param constant the images that show one colour everywhere
 * @param copies the images that are the same as one before, by that one
 */
public record SetSummary(
    int size,
    ImageSpec image,
    List<Integer> classes,
    int lowest,
    int highest,
    int levels,
    List<Integer> constant,
    Map<Integer, Integer> copies) {

  /** Freezes the collections. */
  public SetSummary {
    classes = List.copyOf(classes);
    constant = List.copyOf(constant);
    copies = Map.copyOf(copies);
  }

  /**
   * Looks at a set.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static SetSummary of(ImageSet images) {
    if (images.size() == 0) {
      throw new IllegalArgumentException("there are no images to look at; give at least one");
    }
    Integer[] classes = new Integer[images.classes()];
    Arrays.fill(classes, 0);
    BitSet used = new BitSet();
    List<Integer> constant = new ArrayList<>();
    Map<Integer, Integer> copies = new HashMap<>();
    Map<Integer, List<Integer>> alike = new HashMap<>();
    int channels = images.channels();
    images.look(
        (image, levels) -> {
          for (int level : levels) {
            used.set(level);
          }
          if (images.hasLabels()) {
            classes[images.label(image)]++;
          }
          if (isConstant(levels, channels)) {
            constant.add(image);
          }
          List<Integer> before =
              alike.computeIfAbsent(Arrays.hashCode(levels), hash -> new ArrayList<>(1));
          before.stream()
              .filter(other -> Arrays.equals(images.image(other), levels))
              .findFirst()
              .ifPresentOrElse(other -> copies.put(image, other), () -> before.add(image));
        });
    return new SetSummary(
        images.size(),
        images.spec(),
        List.of(classes),
        used.nextSetBit(0),
        used.length() - 1,
        used.cardinality(),
        constant,
        copies);
  }

  private static boolean isConstant(int[] levels, int channels) {
    for (int i = channels; i < levels.length; i++) {
      if (levels[i] != levels[i - channels]) {
        return false;
      }
    }
    return true;
  }
}
