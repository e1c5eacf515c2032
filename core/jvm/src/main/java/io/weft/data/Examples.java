package io.weft.data;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.spec.ClassNames;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Images and what each is conditioned on: what a model is trained on and scores.
 *
 * <p>Most are made of an {@link ImageSet} ({@link #of}, {@link #labelled}, {@link #conditioned}),
 * which may be larger than the memory. Whoever has images elsewhere, say in a data base, implements
 * {@link #spec}, {@link #size} and {@link #image(int)}, and {@link #conditions} for a model that
 * has some; all else follows from these.
 *
 * <p>Images and conditions are asked for again and again, in any order, from any thread; the same
 * index must always give the same values: all that is promised of runs that repeat, or are gone on
 * with, rests on that.
 */
public interface Examples {

  /** Returns what every image is like. */
  ImageSpec spec();

  /** Returns the number of examples. */
  int size();

  /**
   * Returns one image; where images vary, as the first visit sees it: what is scored.
   *
   * @param index 0 to size() - 1
   * @return levels of its own, [row, column, channel], each 0 to spec().levels() - 1
   */
  int[] image(int index);

  /**
   * Returns what one image is conditioned on; nothing, unless it is implemented.
   *
   * @param index 0 to size() - 1
   */
  default ConditionValues conditions(int index) {
    return ConditionValues.none();
  }

  /** Returns an image as a visit sees it: the same at all of them, unless it is implemented. */
  default int[] image(Visit visit) {
    return image(visit.image());
  }

  /**
   * Returns several images, each as a visit sees it: those of a step of training. They are made one
   * by one, unless it is implemented, for example by one query for all, or on several threads.
   *
   * @return one image for each visit, in their order
   */
  default List<int[]> read(List<Visit> visits) {
    return visits.stream().map(this::image).toList();
  }

  /**
   * Returns the name of the file that an image comes from, or another by which people know it; for
   * messages, and for what is written about images. None, unless it is implemented.
   *
   * @param index 0 to size() - 1
   */
  default Optional<String> file(int index) {
    return Optional.empty();
  }

  /** Returns what becomes of the images at every visit, in turn. */
  default List<Variation> variations() {
    return List.of();
  }

  /**
   * Returns these examples in words that other examples do not have. A run of training is gone on
   * with only if they are the same. Unless it is implemented, say by the version of a data base,
   * all images are looked at, and the conditions of the first 1,000: it is their number, their
   * {@linkplain ImageSet#fingerprint fingerprint}, a digest of these conditions where there are
   * any, and how they vary.
   */
  default String description() {
    return Stream.concat(
            Stream.of(size() + " images, " + images().fingerprint() + ConditionsDigest.words(this)),
            variations().stream().map(Variation::toString))
        .collect(Collectors.joining(", "));
  }

  /** Returns the images as a set; where they vary, as the first visit sees them: what is scored. */
  default ImageSet images() {
    ImageSet images = ImageSet.in(spec(), new ExamplesStore(this));
    List<Optional<String>> files = IntStream.range(0, size()).mapToObj(this::file).toList();
    return files.stream().anyMatch(Optional::isPresent)
        ? images.fromFiles(files.stream().map(file -> file.orElse("")).toList())
        : images;
  }

  /** Returns images without conditions. */
  static Examples of(ImageSet images) {
    return conditioned(images, i -> ConditionValues.none());
  }

  /**
   * Returns images under their labels. What counts is what the images' classes are called: the
   * model's class of that name is taken, whatever its number, and a model that has none refuses
   * them ({@link ClassNames#labelOf}).
   *
   * @param condition the name of the class condition that takes the label
   * @throws IllegalArgumentException if the images have no labels
   */
  static Examples labelled(ImageSet images, String condition) {
    Objects.requireNonNull(images, "images");
    Objects.requireNonNull(condition, "condition");
    if (!images.hasLabels()) {
      throw new AdvisedException(
          "class condition \"" + condition + "\" needs labels, but these images have none",
          Advice.GIVE_LABELS);
    }
    ClassNames classes = images.named();
    return conditioned(
        images, i -> ConditionValues.none().withLabel(condition, classes, images.label(i)));
  }

  /** Returns images under the conditions that {@code conditions} gives for each index. */
  static Examples conditioned(ImageSet images, IntFunction<ConditionValues> conditions) {
    return new SetExamples(images, conditions);
  }

  /**
   * Returns the examples that suit a model: under their labels where its only condition is a class,
   * without conditions where it has none.
   *
   * @param given the model's conditions
   * @throws IllegalArgumentException if the model has other conditions, or the labels are missing
   */
  static Examples suiting(List<Condition> given, ImageSet images) {
    if (given.isEmpty()) {
      return of(images);
    }
    if (given.size() == 1 && given.get(0) instanceof Condition.OneOf oneOf) {
      return labelled(images, oneOf.name());
    }
    throw new AdvisedException(
        "the model takes the conditions " + given.stream().map(Condition::name).toList(),
        Advice.GIVE_CONDITIONS);
  }

  /**
   * Joins examples: one after the other, each as it is.
   *
   * @param parts at least one, all of one form
   * @throws IllegalArgumentException if there is none, or they differ in form
   */
  static Examples joined(List<Examples> parts) {
    return new JoinedExamples(parts);
  }

  /**
   * Returns examples that can only be gone through, such as a file that is read line by line or
   * what a program makes, without ever holding all of them: {@code buffer} at a time are, at most
   * twice.
   *
   * <p>The stream is gone through once now, which counts and checks it, so that an epoch is what it
   * is elsewhere; then once for each epoch, and to go on with a run up to where that stood. It may
   * be of any length that ends: an endless one has to be cut. In each epoch the examples come in an
   * order of their own that follows from the seed, shuffled within each {@link #block}. With a
   * buffer for all it is the order of images in memory, to the bit. Runs repeat and are gone on
   * with exactly.
   *
   * <p>That rests on a stream that gives the same whenever it begins anew. One that does not, or
   * cannot begin anew, is an {@link IllegalStateException} from whatever asks for the first other
   * image. Other examples than the next few are found by beginning anew, which takes long: a random
   * {@link #split} is refused, and a batch should not be larger than the buffer.
   *
   * @param examples begins anew with each iterator; gone through by any thread, one at a time
   * @param spec what the images are like
   * @param buffer how many examples are shuffled together, at least 1
   * @throws IllegalArgumentException if there is no room in the buffer, or an image is none of such
   */
  static Examples streamed(Iterable<Example> examples, ImageSpec spec, int buffer) {
    return new StreamedExamples(examples, spec, buffer);
  }

  /**
   * Returns how many examples that follow each other are shuffled together: all, unless it is
   * implemented, for what can only be read in order.
   */
  default int block() {
    return size();
  }

  /**
   * Returns the same images, each under one class for the condition {@code condition}, in place of
   * any that it has.
   *
   * @param className what the model calls the class, or its label in digits; see {@link
   *     ConditionValues#withLabel(String, String)}
   */
  default Examples under(String condition, String className) {
    return new ReconditionedExamples(this, i -> conditions(i).withLabel(condition, className));
  }

  /**
   * Returns the same images, each under one class for the condition {@code condition}, in place of
   * any that it has.
   *
   * @param label the class, from 0
   */
  default Examples under(String condition, int label) {
    return new ReconditionedExamples(this, i -> conditions(i).withLabel(condition, label));
  }

  /**
   * Returns these examples with images that become something else at every visit, after whatever
   * they become already.
   *
   * @throws IllegalArgumentException if the variation is not for such images
   */
  default Examples varied(Variation variation) {
    return new VariedExamples(this, variation);
  }

  /**
   * Returns some of these examples.
   *
   * @param indices which, in what order; each may come again
   * @throws IndexOutOfBoundsException if there is no such example
   */
  default Examples select(int... indices) {
    return new SelectedExamples(this, indices);
  }

  /**
   * The two parts of a split: every example is in exactly one.
   *
   * @param train to learn from
   * @param validation to measure on
   */
  record Split(Examples train, Examples validation) {}

  /**
   * Splits the examples at random into two parts, as {@link ImageSet#split} does.
   *
   * @param validationFraction the share of the validation part, more than 0 and less than 1; the
   *     number of examples is rounded, but of two or more each part has at least one
   * @param seed the same seed gives the same split, on every machine
   * @throws IllegalArgumentException if the fraction is out of range, or there are not two examples
   */
  default Split split(double validationFraction, long seed) {
    SplitIndices indices = SplitIndices.of(size(), validationFraction, seed);
    return new Split(select(indices.train), select(indices.validation));
  }

  /**
   * Checks that these examples suit a model.
   *
   * @param spec the model's images
   * @param given the model's conditions
   * @throws IllegalArgumentException if there is no example, the images are of another size or have
   *     other levels, or an example's conditions do not fit
   */
  default void check(ImageSpec spec, List<Condition> given) {
    if (!spec().equals(spec)) {
      throw new AdvisedException(
          "the model is for images of " + spec + ", these are " + spec(),
          spec().levels() == spec.levels() ? Advice.READ_IN_THE_MODELS_FORM : Advice.QUANTISE);
    }
    if (size() == 0) {
      throw new IllegalArgumentException("there are no examples; give at least one image");
    }
    for (int i = 0; i < size(); i++) {
      int index = i;
      ConditionValues values =
          Objects.requireNonNull(
              conditions(i),
              () -> "the conditions of example " + index + " are null; use ConditionValues.none()");
      try {
        values.check(given);
      } catch (IllegalArgumentException e) {
        String name = file(i).map(file -> " (" + file + ")").orElse("");
        throw AdvisedException.at("example " + i + name, e);
      }
    }
  }
}
