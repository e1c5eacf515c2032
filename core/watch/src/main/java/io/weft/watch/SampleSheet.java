package io.weft.watch;

import io.weft.Model;
import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.image.ContactSheet;
import io.weft.image.Picture;
import io.weft.sample.Sampler;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A sheet of samples of a model, drawn anew with its newest weights whenever it is asked for, from
 * the same noise: what differs between two sheets is what was learnt in between. During training a
 * model has new weights at each checkpoint.
 */
public final class SampleSheet implements Supplier<Picture> {

  /** Smaller images are enlarged to about this, so that people see something. */
  private static final int SIDE = 48;

  private final Supplier<Sampler> sampler;
  private final int columns;

  private SampleSheet(Supplier<Sampler> sampler, int columns) {
    this.sampler = sampler;
    this.columns = columns;
  }

  /**
   * Returns a sheet of so many images. Of a model with classes, image i is of the class i modulo
   * their number: a row of the sheet has one image of each class, if there are at most 16.
   *
   * @param images at least 1
   * @param seed fixes the noise
   * @throws IllegalArgumentException if there are no images, or the model has a condition that is
   *     no class: take {@link #of(Supplier, int)}
   */
  public static SampleSheet of(Model model, int images, long seed) {
    List<Condition> conditions = model.definition().conditions();
    for (Condition condition : conditions) {
      if (!(condition instanceof Condition.OneOf)) {
        throw new AdvisedException(
            "nothing says what \"" + condition.name() + "\" is to be, which is no class",
            Advice.SAMPLE_WITH_CONDITIONS);
      }
    }
    int classes = conditions.isEmpty() ? 0 : conditions.get(0).shape().maps();
    int columns = classes >= 2 && classes <= 16 ? classes : (int) Math.ceil(Math.sqrt(images));
    // Checks the number at once.
    model.sampler(seed).count(images);
    return of(
        () -> model.sampler(seed).count(images).conditions(i -> classesOf(conditions, i)), columns);
  }

  private static ConditionValues classesOf(List<Condition> conditions, long image) {
    ConditionValues values = ConditionValues.none();
    for (Condition condition : conditions) {
      values = values.withLabel(condition.name(), (int) (image % condition.shape().maps()));
    }
    return values;
  }

  /**
   * Returns a sheet of what a sampler draws.
   *
   * @param sampler asked each time
   * @param columns images in a row, at least 1
   * @throws IllegalArgumentException if there are no columns
   */
  public static SampleSheet of(Supplier<Sampler> sampler, int columns) {
    Objects.requireNonNull(sampler, "sampler");
    new ContactSheet(columns);
    return new SampleSheet(sampler, columns);
  }

  /** Draws the images and returns the sheet. */
  @Override
  public Picture get() {
    try (var images = sampler.get().images().stream()) {
      return new ContactSheet(columns)
          .of(images.map(image -> image.picture().enlargedTo(SIDE)).toList());
    }
  }
}
