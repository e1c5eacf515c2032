package io.weft.watch;

import io.weft.Model;
import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.image.ContactSheet;
import io.weft.image.Picture;
import io.weft.pyramid.MultiScaleModel;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.Samples;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A sheet of samples of a model, drawn anew with its newest weights whenever it is asked for, from
 * the same noise: what differs between two sheets is what was learnt in between. During training a
 * model has new weights at each checkpoint.
 */
public final class SampleSheet implements Supplier<Picture> {

  /** Smaller images are enlarged to about this, so that people see something. */
  private static final int SIDE = 48;

  private final Supplier<Samples<SampledImage>> images;
  private final int columns;
  private final LongFunction<String> caption;

  private SampleSheet(
      Supplier<Samples<SampledImage>> images, int columns, LongFunction<String> caption) {
    this.images = images;
    this.columns = columns;
    this.caption = caption;
  }

  /**
   * Returns a sheet of so many images. Of a model with classes, image i is of the class i modulo
   * their number, and has its name below: a row of the sheet has one image of each class, if there
   * are at most 16.
   *
   * @param images at least 1
   * @param seed fixes the noise
   * @throws IllegalArgumentException if there are no images, or the model has a condition that is
   *     no class: take {@link #of(Supplier, int)}
   */
  public static SampleSheet of(Model model, int images, long seed) {
    // Checks the number at once.
    model.sampler(seed).count(images);
    return of(
        model.conditions(),
        images,
        given -> model.sampler(seed).count(images).conditions(given).images());
  }

  /**
   * Returns a sheet of so many large images of a pyramid, each around a small one that is drawn for
   * it; in all else as above.
   *
   * @param images at least 1
   * @param seed fixes the noise
   * @throws IllegalArgumentException if there are no images, or the pyramid has a condition, beside
   *     the small image, that is no class
   */
  public static SampleSheet of(MultiScaleModel model, int images, long seed) {
    model.sampler(seed).count(images);
    return of(
        model.conditions(),
        images,
        given -> model.sampler(seed).count(images).conditions(given).images());
  }

  private static SampleSheet of(
      List<Condition> conditions,
      int images,
      Function<LongFunction<ConditionValues>, Samples<SampledImage>> drawn) {
    List<Condition.OneOf> classes = new ArrayList<>();
    for (Condition condition : conditions) {
      if (!(condition instanceof Condition.OneOf oneOf)) {
        throw new AdvisedException(
            "nothing says what \"" + condition.name() + "\" is to be, which is no class",
            Advice.SAMPLE_WITH_CONDITIONS);
      }
      classes.add(oneOf);
    }
    int first = classes.isEmpty() ? 0 : classes.get(0).count();
    int columns = first >= 2 && first <= 16 ? first : (int) Math.ceil(Math.sqrt(images));
    return new SampleSheet(
        () -> drawn.apply(i -> values(classes, i)), columns, i -> names(classes, i));
  }

  private static int label(Condition.OneOf of, long image) {
    return (int) (image % of.count());
  }

  private static ConditionValues values(List<Condition.OneOf> classes, long image) {
    ConditionValues values = ConditionValues.none();
    for (Condition.OneOf one : classes) {
      values = values.withLabel(one.name(), label(one, image));
    }
    return values;
  }

  private static String names(List<Condition.OneOf> classes, long image) {
    return classes.stream()
        .map(one -> one.classes().name(label(one, image)))
        .collect(Collectors.joining(", "));
  }

  /**
   * Returns a sheet of what a sampler draws, without words.
   *
   * @param sampler asked each time
   * @param columns images in a row, at least 1
   * @throws IllegalArgumentException if there are no columns
   */
  public static SampleSheet of(Supplier<Sampler> sampler, int columns) {
    Objects.requireNonNull(sampler, "sampler");
    new ContactSheet(columns);
    return new SampleSheet(() -> sampler.get().images(), columns, image -> "");
  }

  /** Draws the images and returns the sheet. */
  @Override
  public Picture get() {
    List<SampledImage> all;
    try (var drawn = images.get().stream()) {
      all = drawn.toList();
    }
    return new ContactSheet(columns)
        .of(
            all.stream().map(image -> image.picture().enlargedTo(SIDE)).toList(),
            all.stream().map(image -> caption.apply(image.index())).toList());
  }
}
