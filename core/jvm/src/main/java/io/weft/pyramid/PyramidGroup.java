package io.weft.pyramid;

import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Some pyramids that are drawn in lockstep: their small images, and then their large ones. */
final class PyramidGroup {

  /** How much of a small image is known before it is drawn. */
  private enum Given {
    NOTHING,
    SOME,
    ALL
  }

  private final MultiScale definition;
  private final long first;
  private final List<Optional<KnownPixels>> known;
  private final int[][] small;

  /**
   * Makes a group.
   *
   * @param first the index of its first image
   * @param known what is known of each image
   */
  PyramidGroup(MultiScale definition, long first, List<Optional<KnownPixels>> known) {
    this.definition = definition;
    this.first = first;
    this.known = known;
    small = new int[known.size()][];
    for (int i = 0; i < small.length; i++) {
      int place = i;
      small[i] =
          known
              .get(i)
              .map(k -> definition.scale().small(k.spec(), k.levels()))
              .orElseGet(() -> new int[definition.small().image().values()]);
      known.get(place).ifPresent(k -> checkMissing(first + place, k));
    }
  }

  /** The large model draws at least a pixel of every image. */
  private void checkMissing(long image, KnownPixels of) {
    for (int row = 0; row < of.spec().height(); row++) {
      for (int column = 0; column < of.spec().width(); column++) {
        if (!of.mask().isKnown(row, column) && !definition.scale().isSmall(row, column)) {
          return;
        }
      }
    }
    throw new IllegalArgumentException(
        "image "
            + image
            + ": what is missing are pixels of the small image alone, which the large one is drawn"
            + " around; let a pixel beside them be missing too");
  }

  /** Keeps a value of a small image that was drawn. */
  void keep(long image, int position, int[] values) {
    int channels = definition.small().image().channels();
    System.arraycopy(values, 0, small[(int) (image - first)], position * channels, channels);
  }

  /** Keeps a small image that was drawn. */
  void keep(SampledImage image) {
    small[(int) (image.index() - first)] = image.levels();
  }

  /** Keeps the only small image of this group, all of which is there. */
  void keepAll(int[] levels) {
    small[0] = levels.clone();
  }

  /** Returns the levels of a small image. */
  int[] small(long image) {
    return small[(int) (image - first)];
  }

  private Given given(int place) {
    Optional<KnownPixels> of = known.get(place);
    if (of.isEmpty()) {
      return Given.NOTHING;
    }
    int found = definition.scale().knownOfSmall(of.get().mask());
    int all = definition.small().image().pixels();
    return found == 0 ? Given.NOTHING : found == all ? Given.ALL : Given.SOME;
  }

  /**
   * Returns samplers of the small images that are not known: one for each run of images of which
   * the same is known, all, some or nothing.
   *
   * @param any a sampler of small images
   */
  List<Sampler> ofSmall(Sampler any) {
    List<Sampler> samplers = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= small.length; to++) {
      if (to == small.length || given(to) != given(from)) {
        Sampler run = any.count(to - from).firstImage(first + from).batch(to - from);
        switch (given(from)) {
          case NOTHING -> samplers.add(run);
          case SOME -> samplers.add(run.complete(this::knownOfSmall));
          case ALL -> {}
        }
        from = to;
      }
    }
    return samplers;
  }

  private KnownPixels knownOfSmall(long image) {
    KnownPixels of = known.get((int) (image - first)).orElseThrow();
    return KnownPixels.of(
        definition.small().image(), small(image), definition.scale().small(of.mask()));
  }

  /**
   * Returns the sampler of the large images, in which the small ones are given.
   *
   * @param any a sampler of large images
   */
  Sampler ofLarge(Sampler any) {
    return any.count(small.length)
        .firstImage(first)
        .batch(small.length)
        .complete(this::knownOfLarge);
  }

  private KnownPixels knownOfLarge(long image) {
    ImageSpec spec = definition.image();
    Scale scale = definition.scale();
    Optional<KnownPixels> of = known.get((int) (image - first));
    int[] levels = of.map(KnownPixels::levels).orElseGet(() -> new int[spec.values()]);
    int[] smaller = small(image);
    for (int v = 0; v < smaller.length; v++) {
      levels[scale.inLarge(definition.small().image(), spec, v)] = smaller[v];
    }
    PixelMask mask = of.map(k -> scale.given(k.mask())).orElseGet(() -> scale.known(spec));
    return KnownPixels.of(spec, levels, mask);
  }
}
