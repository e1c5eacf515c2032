package io.weft.data;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.spec.ClassNames;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Images and what each is conditioned on: what a model is trained on and scores.
 *
 * <p>The conditions are asked for again and again, from any thread; the same index must always give
 * the same values.
 */
public final class Examples {

  private final ImageSet stored;
  private final List<Variation> variations;

  /** What images are like before each variation, and after the last. */
  private final List<ImageSpec> specs;

  private final IntFunction<ConditionValues> conditions;
  private @Nullable ImageSet first;

  private Examples(
      ImageSet stored, List<Variation> variations, IntFunction<ConditionValues> conditions) {
    this.stored = Objects.requireNonNull(stored, "images");
    this.conditions = Objects.requireNonNull(conditions, "conditions");
    this.variations = variations;
    List<ImageSpec> all = new ArrayList<>(List.of(stored.spec()));
    for (Variation variation : variations) {
      all.add(variation.spec(all.get(all.size() - 1)));
    }
    specs = List.copyOf(all);
  }

  private Examples(ImageSet images, IntFunction<ConditionValues> conditions) {
    this(images, List.of(), conditions);
  }

  private Examples on(IntFunction<ConditionValues> others) {
    return new Examples(stored, variations, others);
  }

  /** Returns images without conditions. */
  public static Examples of(ImageSet images) {
    return new Examples(images, i -> ConditionValues.none());
  }

  /**
   * Returns images under their labels. What counts is what the images' classes are called: the
   * model's class of that name is taken, whatever its number, and a model that has none refuses
   * them ({@link ClassNames#labelOf}).
   *
   * @param condition the name of the class condition that takes the label
   * @throws IllegalArgumentException if the images have no labels
   */
  public static Examples labelled(ImageSet images, String condition) {
    Objects.requireNonNull(images, "images");
    Objects.requireNonNull(condition, "condition");
    if (!images.hasLabels()) {
      throw new AdvisedException(
          "class condition \"" + condition + "\" needs labels, but these images have none",
          Advice.GIVE_LABELS);
    }
    ClassNames classes = images.named();
    return new Examples(
        images, i -> ConditionValues.none().withLabel(condition, classes, images.label(i)));
  }

  /** Returns images under the conditions that {@code conditions} gives for each index. */
  public static Examples conditioned(ImageSet images, IntFunction<ConditionValues> conditions) {
    return new Examples(images, conditions);
  }

  /**
   * Returns the examples that suit a model: under their labels where its only condition is a class,
   * without conditions where it has none.
   *
   * @param given the model's conditions
   * @throws IllegalArgumentException if the model has other conditions, or the labels are missing
   */
  public static Examples suiting(List<Condition> given, ImageSet images) {
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
   * Returns the same images, each under one class for the condition {@code condition}, in place of
   * any that it has.
   *
   * @param className what the model calls the class, or its label in digits; see {@link
   *     ConditionValues#withLabel(String, String)}
   */
  public Examples under(String condition, String className) {
    return on(i -> conditions(i).withLabel(condition, className));
  }

  /**
   * Returns the same images, each under one class for the condition {@code condition}, in place of
   * any that it has.
   *
   * @param label the class, from 0
   */
  public Examples under(String condition, int label) {
    return on(i -> conditions(i).withLabel(condition, label));
  }

  /**
   * Checks that these examples suit a model.
   *
   * @param spec the model's images
   * @param given the model's conditions
   * @throws IllegalArgumentException if there is no example, the images are of another size or have
   *     other levels, or an example's conditions do not fit
   */
  public void check(ImageSpec spec, List<Condition> given) {
    if (!spec().equals(spec)) {
      throw new AdvisedException(
          "the model is for images of " + spec + ", these are " + spec(),
          spec().levels() == spec.levels() ? Advice.READ_IN_THE_MODELS_FORM : Advice.QUANTISE);
    }
    if (size() == 0) {
      throw new IllegalArgumentException("there are no examples; give at least one image");
    }
    for (int i = 0; i < size(); i++) {
      try {
        conditions(i).check(given);
      } catch (IllegalArgumentException e) {
        throw AdvisedException.at("example " + stored.inWords(i), e);
      }
    }
  }

  /**
   * Returns some of these examples as the first visit sees them.
   *
   * @param indices which, in what order; each may come again
   * @throws IndexOutOfBoundsException if there is no such example
   */
  public Examples select(int... indices) {
    int[] chosen = indices.clone();
    return conditioned(images().select(chosen), i -> conditions(chosen[i]));
  }

  /** Returns the number of examples. */
  public int size() {
    return stored.size();
  }

  /**
   * Returns these examples with images that become something else at every visit, after whatever
   * they become already.
   *
   * @throws IllegalArgumentException if the variation is not for such images
   */
  public Examples varied(Variation variation) {
    Objects.requireNonNull(variation, "variation");
    return new Examples(
        stored, Stream.concat(variations.stream(), Stream.of(variation)).toList(), conditions);
  }

  /** Returns what becomes of the stored images at every visit, in turn. */
  public List<Variation> variations() {
    return variations;
  }

  /** Returns what the images are like, as they are visited. */
  public ImageSpec spec() {
    return specs.get(variations.size());
  }

  /** Returns the images; where they vary, as the first visit sees them: what is scored. */
  public synchronized ImageSet images() {
    ImageSet found = first;
    if (found == null) {
      found = stored;
      for (Variation variation : variations) {
        found = found.varied(variation);
      }
      first = found;
    }
    return found;
  }

  /** Returns the images before they vary. */
  public ImageSet stored() {
    return stored;
  }

  /**
   * Copies an image as a visit sees it.
   *
   * @param target takes its levels, from {@code offset} on
   */
  public void copyImage(Visit visit, int[] target, int offset) {
    int[] levels = stored.image(visit.image());
    for (int v = 0; v < variations.size(); v++) {
      levels = variations.get(v).apply(specs.get(v), levels, visit);
    }
    System.arraycopy(levels, 0, target, offset, levels.length);
  }

  /** Returns what one image is conditioned on. */
  public ConditionValues conditions(int index) {
    return Objects.requireNonNull(
        conditions.apply(index),
        () -> "the conditions of example " + index + " are null; use ConditionValues.none()");
  }
}
