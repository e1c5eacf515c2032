package io.weft.pyramid;

import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.spec.ClassConditions;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A multi-scale model (arXiv 1601.06759, section 3.6): one model draws a small image, another the
 * large image that it is a part of, on the condition of the small one. Immutable.
 *
 * <p>The large model's network sees the small image's levels, scaled to [-1, 1] as it sees the
 * image, as a spatial condition; it may bring them to its own grid by {@link
 * io.weft.layer.Convolution} and {@link io.weft.layer.TransposedConvolution}. All else that either
 * model is conditioned on, such as a class, is given to both by its name.
 *
 * @param small draws the small image
 * @param large draws the large image
 * @param condition the name of the large model's spatial condition that takes the small image
 * @param scale how the small image lies in the large one
 */
public record MultiScale(Definition small, Definition large, String condition, Scale scale) {

  /**
   * Checks that the two models go together.
   *
   * @throws DefinitionException if they do not; the message says what does not fit
   */
  public MultiScale {
    Objects.requireNonNull(small, "small");
    Objects.requireNonNull(large, "large");
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(scale, "scale");
    ImageSpec spec = scale.small(large.image());
    if (!small.image().equals(spec)) {
      throw new DefinitionException(
          "a multi-scale model whose large images are of "
              + large.image()
              + ", and whose small ones have "
              + scale
              + ", needs a small model for images of "
              + spec
              + "; model \""
              + small.name()
              + "\" is for "
              + small.image());
    }
    var expected = new Condition.Spatial(condition, spec.height(), spec.width(), spec.channels());
    if (!large.conditions().contains(expected)) {
      throw new DefinitionException(
          "the large model \""
              + large.name()
              + "\" needs the condition "
              + expected
              + " for the small image; it has "
              + large.conditions());
    }
    Map<String, Condition> named = new LinkedHashMap<>();
    large.conditions().forEach(c -> named.put(c.name(), c));
    for (Condition own : small.conditions()) {
      if (own.name().equals(condition) || !named.getOrDefault(own.name(), own).equals(own)) {
        throw new DefinitionException(
            "the small model \""
                + small.name()
                + "\" has the condition "
                + own
                + ", which in the large one is "
                + named.get(own.name())
                + "; name one of them otherwise");
      }
    }
  }

  /** Returns what the pyramid as a whole draws: the large images. */
  public ImageSpec image() {
    return large.image();
  }

  /** Returns what an image is conditioned on: all that either model is, but the small image. */
  public List<Condition> conditions() {
    Map<String, Condition> all = new LinkedHashMap<>();
    small.conditions().forEach(c -> all.put(c.name(), c));
    large.conditions().forEach(c -> all.put(c.name(), c));
    all.remove(condition);
    return List.copyOf(all.values());
  }

  /**
   * Returns the class condition of a pyramid that has no other condition beside the small image.
   *
   * @throws IllegalArgumentException if it has another, several or none; the message names them
   */
  public Condition.OneOf onlyClass() {
    return ClassConditions.only(inWords(), conditions());
  }

  /**
   * Returns the condition that is a class.
   *
   * @throws IllegalArgumentException if there is none, or several; the message names the conditions
   */
  public Condition.OneOf classCondition() {
    return ClassConditions.among(inWords(), conditions());
  }

  private String inWords() {
    return "the pyramid of " + this;
  }

  /** Returns the number of learned parameters of both models. */
  public long parameterCount() {
    return small.parameterCount() + large.parameterCount();
  }

  /**
   * Checks that examples suit both models.
   *
   * @throws IllegalArgumentException if they do not
   */
  public void check(Examples examples) {
    examples.check(image(), conditions());
    if (!examples.variations().isEmpty()) {
      throw new IllegalArgumentException(
          "a multi-scale model takes images that stay as they are, these are "
              + examples.variations()
              + "; take the images of one visit");
    }
  }

  /** Returns what the small model is conditioned on, of what an image is. */
  ConditionValues smallConditions(ConditionValues given) {
    return given.only(small.conditions());
  }

  /**
   * Returns what the large model is conditioned on.
   *
   * @param levels of the small image
   */
  ConditionValues largeConditions(ConditionValues given, int[] levels) {
    float[] map = new float[levels.length];
    for (int i = 0; i < map.length; i++) {
      map[i] = small.image().scaled(levels[i]);
    }
    return given.only(large.conditions()).withMap(condition, map);
  }

  /**
   * Returns what the small model learns from and scores: the small images of these examples.
   *
   * @throws IllegalArgumentException if the examples do not suit the pyramid
   */
  public Examples smallOf(Examples examples) {
    check(examples);
    return Examples.conditioned(
        scale.small(examples.images()), i -> smallConditions(examples.conditions(i)));
  }

  /**
   * Returns what the large model learns from and scores: these examples, each on the condition of
   * its own small image.
   *
   * @throws IllegalArgumentException if the examples do not suit the pyramid
   */
  public Examples largeOf(Examples examples) {
    check(examples);
    ImageSet smaller = scale.small(examples.images());
    return Examples.conditioned(
        examples.images(), i -> largeConditions(examples.conditions(i), smaller.image(i)));
  }

  @Override
  public String toString() {
    return small + ", then " + large;
  }
}
