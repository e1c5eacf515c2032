package io.weft.data;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.internal.Count;
import io.weft.internal.Seam;
import io.weft.internal.files.Sha256;
import io.weft.internal.levels.LevelArray;
import io.weft.internal.random.SplitMix;
import io.weft.internal.thread.Interruption;
import io.weft.spec.ClassNames;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of quantised images of one form, with or without class labels, and with the
 * names of their files where they have some. {@link #take}, {@link #slice}, {@link #select}, {@link
 * #shuffled}, {@link #split} and {@link #joined} share the storage of the sets they come from.
 *
 * <p>The values lie in memory, where one takes one byte, of more than 256 levels two; or where they
 * were opened ({@link #open}, {@link ImageFolder#open}). Then an image is read whenever it is asked
 * for, by any thread, and becomes something else ({@link #quantised}, {@link #fitted}, {@link
 * #varied}) only then, so that the set may be larger than the memory. What reading it throws then,
 * as the file is gone or another, is an {@link java.io.UncheckedIOException}. Images in memory
 * become something else at once: what would have more values than an array, 2^31, is refused with
 * an {@link IllegalArgumentException}.
 *
 * <p>Within an image, values are in row-major order with the channel last: the value of (row,
 * column, channel) is at {@code (row * width + column) * channels + channel}.
 */
public final class ImageSet {

  private static final int[] NO_LABELS = {};

  /** Values that use less than this part of their range are not rounded unasked. */
  static final int LEAST_USE = 4;

  private final ImageSpec spec;
  private final ImageStore storage;
  private final int[] positions;
  private final int[] labels;
  private final Optional<ClassNames> classes;

  /** Of each image; empty where they come from no files of their own. */
  private final List<String> files;

  private volatile @Nullable String fingerprint;

  private ImageSet(
      ImageSpec spec,
      ImageStore storage,
      int[] positions,
      int[] labels,
      Optional<ClassNames> classes,
      List<String> files) {
    this.spec = spec;
    this.storage = storage;
    this.positions = positions;
    this.labels = labels;
    this.classes = classes;
    this.files = files;
  }

  /**
   * Makes an unlabelled set.
   *
   * @param spec the form of each image
   * @param levels the images one after the other, each byte an unsigned level; copied
   * @return the set
   * @throws IllegalArgumentException if the length is no multiple of {@code spec.values()}, or a
   *     level is out of range
   */
  public static ImageSet of(ImageSpec spec, byte[] levels) {
    Objects.requireNonNull(spec, "spec");
    return owning(spec, Objects.requireNonNull(levels, "levels").clone());
  }

  /**
   * Makes an unlabelled set of images with more than 256 levels.
   *
   * @param spec the form of each image
   * @param levels the images one after the other, each an unsigned level; copied
   * @return the set
   * @throws IllegalArgumentException if the length is no multiple of {@code spec.values()}, or a
   *     level is out of range
   */
  public static ImageSet of(ImageSpec spec, short[] levels) {
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(levels, "levels");
    LevelArray given = LevelArray.owning(levels);
    LevelArray own = LevelArray.of(spec, levels.length);
    for (int i = 0; i < levels.length; i++) {
      requireLevel(spec, i, given.get(i));
      own.set(i, given.get(i));
    }
    return owning(spec, own);
  }

  /**
   * Makes an unlabelled set.
   *
   * @param spec the form of each image
   * @param levels the images one after the other, each value 0 to levels - 1; copied
   * @return the set
   * @throws IllegalArgumentException if the length is no multiple of {@code spec.values()}, or a
   *     level is out of range
   */
  public static ImageSet of(ImageSpec spec, int[] levels) {
    Objects.requireNonNull(spec, "spec");
    LevelArray own = LevelArray.of(spec, Objects.requireNonNull(levels, "levels").length);
    for (int i = 0; i < levels.length; i++) {
      requireLevel(spec, i, levels[i]);
      own.set(i, levels[i]);
    }
    return owning(spec, own);
  }

  /** Takes the array over, for readers that have just made it. */
  static ImageSet owning(ImageSpec spec, byte[] levels) {
    if (spec.levels() > Quantiser.MAX_LEVELS) {
      throw new IllegalArgumentException(
          "bytes for images of " + spec + "; a byte has 256 levels, give these as shorts or ints");
    }
    LevelArray own = LevelArray.owning(levels);
    if (spec.levels() < Quantiser.MAX_LEVELS) {
      for (int i = 0; i < levels.length; i++) {
        requireLevel(spec, i, own.get(i));
      }
    }
    return owning(spec, own);
  }

  /** Takes levels over that are known to be in range. */
  @Seam
  public static ImageSet owning(ImageSpec spec, LevelArray levels) {
    int values = spec.values();
    if (levels.length() % values != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d values are no whole number of images of %s, which have %d each; pass all of them",
              levels.length(),
              spec,
              values));
    }
    return in(spec, new ArrayStore(levels, values));
  }

  /** Returns all images of a store, whose levels are in range. */
  static ImageSet in(ImageSpec spec, ImageStore store) {
    return new ImageSet(
        spec, store, range(0, store.count()), NO_LABELS, Optional.empty(), List.of());
  }

  /**
   * Opens a file of images that lie one after the other, a byte each value, of more than 256 levels
   * two, the highest first, as {@link NumpyFile} writes them: it may be larger than the memory, and
   * an image is read whenever it is asked for. The file must stay as it is; where it ends before an
   * image, who asks for that gets an {@link java.io.UncheckedIOException}.
   *
   * @param file of nothing but images from {@code offset} on
   * @param spec what they are like
   * @param offset where the first one begins, for example behind a header; 0 or more
   * @return an unlabelled set
   * @throws IllegalArgumentException if the offset is negative
   * @throws DataFormatException if the file is no whole number of images, or not one
   * @throws IOException if it cannot be opened
   */
  public static ImageSet open(Path file, ImageSpec spec, long offset) throws IOException {
    if (offset < 0) {
      throw new IllegalArgumentException(
          "images from byte " + offset + " on; expected a byte of the file, 0 or later");
    }
    return open(file, spec, RecordLayout.bare(spec, offset));
  }

  /** Opens a file of nothing but images behind where the first begins, as above. */
  @Seam
  public static ImageSet open(Path file, ImageSpec spec, RecordLayout layout) throws IOException {
    DataFile.requireFile(file);
    long bytes = Files.size(file) - layout.start();
    long count = bytes / layout.record();
    if (count < 1 || bytes % layout.record() != 0 || count > Integer.MAX_VALUE) {
      throw new DataFormatException(
          file,
          bytes + " bytes from byte " + layout.start() + " on",
          "a whole number of images of " + spec + ", which have " + layout.record() + " each",
          "Check the form of the images, and where the first begins.");
    }
    return in(spec, new FileStore(file, spec, layout, (int) count));
  }

  private static void requireLevel(ImageSpec spec, int index, int level) {
    if (level >= 0 && level < spec.levels()) {
      return;
    }
    int inImage = index % spec.values();
    int pixel = inImage / spec.channels();
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "level %d at image %d, row %d, column %d, channel %d; expected 0 to %d."
                + " Quantise the values first (Quantiser, or ImageSet.quantised)",
            level,
            index / spec.values(),
            pixel / spec.width(),
            pixel % spec.width(),
            inImage % spec.channels(),
            spec.levels() - 1));
  }

  /**
   * Returns these images with labels.
   *
   * @param labels the class of each image, 0 to names.size() - 1; copied
   * @param names the name of each class, by which the labels are matched to those of a model; see
   *     {@link ClassNames#of}
   * @return the labelled set
   * @throws IllegalArgumentException if there is not one label per image, one is out of range, or
   *     the names are none, or two the same
   */
  public ImageSet labelled(int[] labels, List<String> names) {
    return labelled(labels, ClassNames.of(Objects.requireNonNull(names, "names")));
  }

  /**
   * Returns these images with labels whose classes are named "0", "1", and so on.
   *
   * @param labels the class of each image, 0 to classes - 1; copied
   * @param classes the number of classes, 1 to 65536
   * @return the labelled set
   * @throws IllegalArgumentException if there is not one label per image, or one is out of range
   */
  public ImageSet labelled(int[] labels, int classes) {
    return labelled(labels, ClassNames.numbers(classes));
  }

  private ImageSet labelled(int[] labels, ClassNames names) {
    if (Objects.requireNonNull(labels, "labels").length != size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d labels for %d images; expected one label per image",
              labels.length,
              size()));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= names.count()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "label %d at image %d; expected 0 to %d",
                labels[i],
                i,
                names.count() - 1));
      }
    }
    return new ImageSet(spec, storage, positions, labels.clone(), Optional.of(names), files);
  }

  /**
   * Returns these images without labels.
   *
   * @return the unlabelled set
   */
  public ImageSet unlabelled() {
    return new ImageSet(spec, storage, positions, NO_LABELS, Optional.empty(), files);
  }

  /**
   * Returns these images with the names of the files that they come from, which all views of the
   * set and {@link #quantised} keep.
   *
   * @param names one for each image
   * @return the set with names
   * @throws IllegalArgumentException if there is not one name per image
   */
  public ImageSet fromFiles(List<String> names) {
    if (names.size() != size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d names of files for %d images; expected one per image",
              names.size(),
              size()));
    }
    return new ImageSet(spec, storage, positions, labels, classes, List.copyOf(names));
  }

  /**
   * Returns the name of the file that an image comes from, as {@link ImageFolder} gives it: from
   * the folder that was read on, {@code cat/007.png}.
   *
   * @param image 0 to size() - 1
   * @return empty where images come from no files of their own
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public Optional<String> file(int image) {
    requireIndex("image", image, size());
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(files.get(image)).filter(name -> !name.isEmpty());
  }

  /**
   * Returns the number of images, possibly 0.
   *
   * @return how many images
   */
  public int size() {
    return positions.length;
  }

  /**
   * Returns the form of every image.
   *
   * @return height, width, channels and levels
   */
  public ImageSpec spec() {
    return spec;
  }

  /**
   * Returns the rows of every image.
   *
   * @return at least 1
   */
  public int height() {
    return spec.height();
  }

  /**
   * Returns the columns of every image.
   *
   * @return at least 1
   */
  public int width() {
    return spec.width();
  }

  /**
   * Returns the values per pixel.
   *
   * @return 1 for grey, 3 for red, green, blue
   */
  public int channels() {
    return spec.channels();
  }

  /**
   * Returns the number of levels.
   *
   * @return 2 to 65536
   */
  public int levels() {
    return spec.levels();
  }

  /**
   * Returns one value.
   *
   * @param image 0 to size() - 1
   * @param row 0 to height() - 1
   * @param column 0 to width() - 1
   * @param channel 0 to channels() - 1
   * @return 0 to levels() - 1
   * @throws IndexOutOfBoundsException if one of the four is out of range
   */
  public int level(int image, int row, int column, int channel) {
    requireIndex("row", row, height());
    requireIndex("column", column, width());
    requireIndex("channel", channel, channels());
    return level(image, (row * width() + column) * channels() + channel);
  }

  /**
   * Copies one image.
   *
   * @param image 0 to size() - 1
   * @return its values, each 0 to levels() - 1, in row-major order with the channel last
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public int[] image(int image) {
    int[] values = new int[spec.values()];
    copyImage(image, values, 0);
    return values;
  }

  /**
   * Copies one image into an array.
   *
   * @param image 0 to size() - 1
   * @param target receives {@code spec().values()} values
   * @param offset where in the target the image begins
   * @throws IndexOutOfBoundsException if there is no such image, or it does not fit in the target
   */
  public void copyImage(int image, int[] target, int offset) {
    int position = position(image);
    requireRoom(target.length, offset);
    storage.copy(position, target, offset);
  }

  /**
   * Copies one image of at most 256 levels into an array of bytes, to be read as unsigned.
   *
   * @param image 0 to size() - 1
   * @param target receives {@code spec().values()} values
   * @param offset where in the target the image begins
   * @throws IndexOutOfBoundsException if there is no such image, or it does not fit in the target
   * @throws IllegalStateException if there are more levels
   */
  public void copyImage(int image, byte[] target, int offset) {
    if (levels() > Quantiser.MAX_LEVELS) {
      throw new IllegalStateException(
          "a byte does not hold " + levels() + " levels; copy the image into an array of ints");
    }
    int position = position(image);
    requireRoom(target.length, offset);
    int[] levels = new int[spec.values()];
    storage.copy(position, levels, 0);
    for (int i = 0; i < levels.length; i++) {
      target[offset + i] = (byte) levels[i];
    }
  }

  /** Returns one value of an image in which they have one index. */
  int level(int image, int index) {
    return storage.level(position(image), index);
  }

  boolean isInMemory() {
    return storage.isInMemory();
  }

  /** Returns how many images that follow each other are read together: {@link Examples#block}. */
  int block() {
    return Blocks.ofSome(storage.block(), positions);
  }

  /** Returns whether images are made when they are asked for, which several threads do sooner. */
  boolean isDecoded() {
    return storage.isDecoded();
  }

  /**
   * Returns whether each image has a label.
   *
   * @return true if {@link #label} may be called
   */
  public boolean hasLabels() {
    return classes.isPresent();
  }

  /**
   * Returns the class of one image.
   *
   * @param image 0 to size() - 1
   * @return 0 to classes() - 1
   * @throws IllegalStateException if this set has no labels
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public int label(int image) {
    if (!hasLabels()) {
      throw new IllegalStateException(
          "this set has no labels; read it with its labels, or add them with labelled(...)");
    }
    requireIndex("image", image, size());
    return labels[image];
  }

  /**
   * Returns the number of classes.
   *
   * @return 0 if this set has no labels
   */
  public int classes() {
    return classes.map(ClassNames::count).orElse(0);
  }

  /**
   * Returns the name of each class.
   *
   * @return an immutable list, empty if this set has no labels
   */
  public List<String> classNames() {
    return classes.map(ClassNames::list).orElse(List.of());
  }

  /** Returns the classes of a set that has labels. */
  ClassNames named() {
    return classes.orElseThrow();
  }

  /**
   * Returns the first images, or all where there are fewer.
   *
   * @param atMost how many at most, 0 or more
   * @return a view of the first images
   */
  public ImageSet take(int atMost) {
    if (atMost < 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "take(%d); expected 0 or more", atMost));
    }
    return slice(0, Math.min(atMost, size()));
  }

  /**
   * Returns the images from one position up to another.
   *
   * @param from the first, 0 to size()
   * @param to the one after the last, from to size()
   * @return a view of these images
   * @throws IndexOutOfBoundsException if the range does not lie within the set
   */
  public ImageSet slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    return select(range(from, to));
  }

  /**
   * Returns the images at the given positions, in that order; a position may come twice.
   *
   * @param images positions, each 0 to size() - 1
   * @return a view of these images
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public ImageSet select(int... images) {
    int[] selected = new int[images.length];
    int[] selectedLabels = hasLabels() ? new int[images.length] : NO_LABELS;
    for (int i = 0; i < images.length; i++) {
      requireIndex("image", images[i], size());
      selected[i] = positions[images[i]];
      if (hasLabels()) {
        selectedLabels[i] = labels[images[i]];
      }
    }
    List<String> selectedFiles =
        files.isEmpty() ? files : IntStream.of(images).mapToObj(files::get).toList();
    return new ImageSet(spec, storage, selected, selectedLabels, classes, selectedFiles);
  }

  /**
   * Joins sets: their images one after the other, with their labels and the names of their files.
   * Classes are known by their names: those of the first set come first, then what others add.
   *
   * @param sets at least one, all of one form, and all with labels or all without
   * @return a view of all images
   * @throws IllegalArgumentException if there is none, they differ in form, or only some have
   *     labels
   */
  public static ImageSet joined(List<ImageSet> sets) {
    if (sets.isEmpty()) {
      throw new IllegalArgumentException("no sets to join; expected at least one");
    }
    ImageSet first = sets.get(0);
    List<String> names = new ArrayList<>(new LinkedHashSet<>(allOf(sets, ImageSet::classNames)));
    for (int i = 1; i < sets.size(); i++) {
      ImageSet other = sets.get(i);
      if (!other.spec.equals(first.spec) || other.hasLabels() != first.hasLabels()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "set %d to join has %s, set 0 %s; expected one form, and labels in all or in none"
                    + " (fitted, quantised, labelled and unlabelled change a set)",
                i,
                other,
                first));
      }
    }
    ImageSet all = in(first.spec, new JoinedStore(List.copyOf(sets)));
    if (sets.stream().anyMatch(set -> !set.files.isEmpty())) {
      all = all.fromFiles(allOf(sets, ImageSet::filesOrBlank));
    }
    if (!first.hasLabels()) {
      return all;
    }
    boolean sameClasses = sets.stream().allMatch(set -> set.classes.equals(first.classes));
    ClassNames together = sameClasses ? first.named() : ClassNames.of(names);
    int[] joined =
        sets.stream()
            .flatMapToInt(
                set -> IntStream.of(set.labels).map(label -> together.labelOf(set.named(), label)))
            .toArray();
    return all.labelled(joined, together);
  }

  private static <T> List<T> allOf(List<ImageSet> sets, Function<ImageSet, List<T>> each) {
    return sets.stream().flatMap(set -> each.apply(set).stream()).toList();
  }

  private List<String> filesOrBlank() {
    return files.isEmpty() ? Collections.nCopies(size(), "") : files;
  }

  /**
   * Returns the images of one class.
   *
   * @param label 0 to classes() - 1
   * @return a view of the images with this label, in the order of this set
   * @throws IllegalStateException if this set has no labels
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public ImageSet ofClass(int label) {
    if (hasLabels()) {
      requireIndex("class", label, classes());
    }
    return select(IntStream.range(0, size()).filter(i -> label(i) == label).toArray());
  }

  /**
   * Returns the images in random order.
   *
   * @param seed the same seed gives the same order, on every machine
   * @return a view of all images
   */
  public ImageSet shuffled(long seed) {
    return select(new SplitMix(seed).permutation(size()));
  }

  /**
   * The two parts of a split: every image is in exactly one.
   *
   * @param train to learn from
   * @param validation to measure on
   */
  public record Split(ImageSet train, ImageSet validation) {}

  /**
   * Splits the images at random into two parts.
   *
   * @param validationFraction the share of the validation part, more than 0 and less than 1; the
   *     number of images is rounded, but of two images or more each part has at least one
   * @param seed the same seed gives the same split, on every machine
   * @return two views, neither of them empty
   * @throws IllegalArgumentException if the fraction is out of range, or there are not two images
   */
  public Split split(double validationFraction, long seed) {
    SplitIndices indices = SplitIndices.of(size(), validationFraction, seed);
    return new Split(select(indices.train), select(indices.validation));
  }

  /**
   * Returns these images on another number of levels, each value rounded to the nearest; values
   * that lie on the new grid keep their place.
   *
   * <p>On 2 levels that is a threshold in the middle, of 256 levels at 127.5. The binarised MNIST
   * of papers is another data set, see {@link Binarisation}. Codes have no nearest level: of them
   * this makes noise.
   *
   * @param levels 2 to 65536
   * @return this set if it has that many levels, otherwise a new one with storage of its own
   */
  public ImageSet quantised(int levels) {
    if (levels == levels()) {
      return this;
    }
    Quantiser from = new Quantiser(levels());
    Quantiser to = new Quantiser(levels);
    int[] table = new int[levels()];
    for (int level = 0; level < table.length; level++) {
      table[level] = to.levelOf(level, from);
    }
    ImageSpec after = new ImageSpec(height(), width(), channels(), levels);
    return changed(
        after,
        (image, values) -> {
          for (int i = 0; i < values.length; i++) {
            values[i] = table[values[i]];
          }
          return values;
        });
  }

  /**
   * Returns these images as the first visit sees them: each as the image of its index, at epoch 0.
   * Labels and file names stay. To have them changed anew in every epoch of training, see {@link
   * Examples#varied}.
   *
   * @throws IllegalArgumentException if the variation is not for such images
   */
  public ImageSet varied(Variation variation) {
    return changed(
        variation.spec(spec),
        (image, levels) -> variation.apply(spec, levels, new Visit(0, image)));
  }

  /** Returns these images with two levels; {@link #varied} for one that is for that. */
  public ImageSet binarised(Binarisation how) {
    return varied(how);
  }

  /**
   * Returns these images with the same values on another number of levels, where {@link #quantised}
   * would scale them: for labels, and for values that are few and low.
   *
   * @param levels 2 to 65536
   * @return this set if it has that many levels, otherwise a new one with storage of its own
   * @throws IllegalArgumentException if a value is not below {@code levels}
   */
  public ImageSet asLevels(int levels) {
    if (levels == levels()) {
      return this;
    }
    int highest = highest();
    if (highest >= levels) {
      throw new AdvisedException(
          String.format(
              Locale.ROOT,
              "the value %d on %d levels; expected 0 to %d",
              highest,
              levels,
              levels - 1),
          Advice.GIVE_MORE_LEVELS);
    }
    ImageSpec after = new ImageSpec(height(), width(), channels(), levels);
    return changed(after, (image, values) -> values);
  }

  /**
   * Checks, before {@link #quantised}, that these values use their levels: where none reaches a
   * quarter of them, as in masks of 0 and 1, in maps of labels and in what a device of few bits
   * gave, rounding to fewer levels would merge most of what can be told apart.
   *
   * @param levels what is to be rounded to, 2 to 65536
   * @throws IllegalArgumentException if they do not
   */
  public void checkQuantising(int levels) {
    if (levels >= levels()) {
      return;
    }
    int highest = highest(levels() / LEAST_USE);
    if (highest > 0 && highest < levels() / LEAST_USE) {
      throw new AdvisedException(
          String.format(
              Locale.ROOT,
              "values of up to %d of %d, of which %d levels would leave 0 to %d; expected values that"
                  + " use their range, or to be told what they mean",
              highest,
              levels() - 1,
              levels,
              new Quantiser(levels).levelOf(highest, new Quantiser(levels()))),
          Advice.SAY_VALUES);
    }
  }

  private int highest() {
    return highest(levels());
  }

  /** Returns the highest value, or the first of at least {@code enough}. */
  private int highest(int enough) {
    int highest = 0;
    for (int image = 0; image < size() && highest < enough; image++) {
      Interruption.check();
      for (int value : image(image)) {
        highest = Math.max(highest, value);
      }
    }
    return highest;
  }

  /**
   * Returns these images in another size.
   *
   * @param fit the size, and what becomes of other proportions; what a padded image does not reach
   *     has level 0
   * @return this set if it has that size, otherwise a new one with storage of its own
   */
  public ImageSet fitted(Fit fit) {
    return fitted(fit, Resampling.TRIANGLE);
  }

  /**
   * Returns these images in another size, each pixel being the nearest one: for labels, which have
   * no mean.
   *
   * @param fit the size, and what becomes of other proportions; what a padded image does not reach
   *     has level 0
   * @return this set if it has that size, otherwise a new one with storage of its own
   */
  public ImageSet fittedToNearest(Fit fit) {
    return fitted(fit, Resampling.NEAREST);
  }

  private ImageSet fitted(Fit fit, Resampling resampling) {
    if (fit.height() == height() && fit.width() == width()) {
      return this;
    }
    ImageSpec to = new ImageSpec(fit.height(), fit.width(), channels(), levels());
    if (levels() > Quantiser.MAX_LEVELS) {
      throw new IllegalArgumentException(
          "images of "
              + spec
              + " cannot be made "
              + fit.height()
              + "x"
              + fit.width()
              + ": what has more than 256 levels is codes, which have no mean; fit the pictures"
              + " before they are coded");
    }
    return changed(
        to,
        (image, levels) -> {
          Pixels picture = Pixels.of(height(), width(), channels(), levels);
          return fit.apply(picture, resampling, image, new int[channels()]).levels();
        });
  }

  /** Returns what becomes of these images, under their labels and files. */
  private ImageSet changed(ImageSpec after, ChangedStore.Change change) {
    ImageStore changed = new ChangedStore(this, change);
    return new ImageSet(
        after,
        storage.isInMemory() ? inArray(after, changed) : changed,
        range(0, size()),
        labels,
        classes,
        files);
  }

  private static ArrayStore inArray(ImageSpec spec, ImageStore store) {
    requireArray(spec, store.count());
    int each = spec.values();
    LevelArray levels = LevelArray.of(spec, store.count() * each);
    int[] image = new int[each];
    for (int i = 0; i < store.count(); i++) {
      Interruption.check();
      store.copy(i, image, 0);
      levels.copyFrom(image, i * each);
    }
    return new ArrayStore(levels, each);
  }

  /** Refuses what an array does not hold, before anything is computed. */
  private static void requireArray(ImageSpec spec, int count) {
    long values = (long) count * spec.values();
    if (values > DataFile.MAX_ARRAY) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s of %s have %d values; expected at most %d in memory. Change fewer at once, fit"
                  + " pictures when they are read (ImageFolder.fitted), or open the images"
                  + " (ImageFolder.open, ImageSet.open), of which each is changed when it is"
                  + " asked for",
              Count.of(count, "image"),
              spec,
              values,
              DataFile.MAX_ARRAY));
    }
  }

  /** Looks at each image, in their order. */
  void look(InTurn.Taker<int[], RuntimeException> at) {
    if (isDecoded()) {
      InTurn.each(size(), this::image, at);
      return;
    }
    for (int image = 0; image < size(); image++) {
      Interruption.check();
      at.take(image, image(image));
    }
  }

  /**
   * Returns a hash of spec, class names, values and labels, to write down which data a model has
   * seen.
   *
   * <p>All images are looked at for it, once: of opened ones that are larger than the memory it
   * takes as long as to read them.
   *
   * @return SHA-256 as 64 hexadecimal digits; equal sets have equal fingerprints, wherever they lie
   */
  public String fingerprint() {
    String known = fingerprint;
    if (known == null) {
      known = computedFingerprint();
      fingerprint = known;
    }
    return known;
  }

  private String computedFingerprint() {
    Sha256 sum = new Sha256();
    for (int number : new int[] {size(), height(), width(), channels(), levels(), classes()}) {
      sum.add(number);
    }
    for (String name : classNames()) {
      sum.add(name);
    }
    LevelArray one = LevelArray.of(spec, spec.values());
    look(
        (image, levels) -> {
          one.copyFrom(levels, 0);
          sum.add(one.bytes(0, levels.length));
        });
    for (int label : labels) {
      sum.add(label);
    }
    return sum.hex();
  }

  /** For example {@code "60000 images of 28x28x1, 256 levels, 10 classes"}. */
  @Override
  public String toString() {
    return Count.of(size(), "image")
        + " of "
        + spec
        + ", "
        + (hasLabels() ? Count.of(classes(), "class", "classes") : "no labels");
  }

  private int position(int image) {
    requireIndex("image", image, size());
    return positions[image];
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private void requireRoom(int length, int offset) {
    if (offset < 0 || offset > length - spec.values()) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "an image of %d values at offset %d does not fit in an array of %d",
              spec.values(),
              offset,
              length));
    }
  }

  private static void requireIndex(String name, int index, int bound) {
    if (index < 0 || index >= bound) {
      throw new IndexOutOfBoundsException(
          String.format(Locale.ROOT, "%s %d; expected 0 to %d", name, index, bound - 1));
    }
  }
}
