package io.weft.data;

import io.weft.internal.thread.Together;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/** The images of a set, and what each is conditioned on. */
record SetExamples(ImageSet images, IntFunction<ConditionValues> ofIndex) implements Examples {

  SetExamples {
    Objects.requireNonNull(images, "images");
    Objects.requireNonNull(ofIndex, "conditions");
  }

  @Override
  public ImageSpec spec() {
    return images.spec();
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int block() {
    return images.block();
  }

  @Override
  public int[] image(int index) {
    return images.image(index);
  }

  @Override
  public List<int[]> read(List<Visit> visits) {
    if (!images.isDecoded()) {
      return Examples.super.read(visits);
    }
    int[][] read = new int[visits.size()][];
    Together.forEach(read.length, i -> read[i] = image(visits.get(i)));
    return Arrays.asList(read);
  }

  @Override
  public Optional<String> file(int index) {
    return images.file(index);
  }

  @Override
  public ConditionValues conditions(int index) {
    return Objects.requireNonNull(
        ofIndex.apply(index),
        () -> "the conditions of example " + index + " are null; use ConditionValues.none()");
  }
}
