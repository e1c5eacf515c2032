package io.weft.data;

import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Examples that are others in all but what a subclass says. */
abstract class ForwardingExamples implements Examples {

  /** The others. */
  final Examples before;

  ForwardingExamples(Examples before) {
    this.before = Objects.requireNonNull(before, "examples");
  }

  @Override
  public ImageSpec spec() {
    return before.spec();
  }

  @Override
  public int size() {
    return before.size();
  }

  @Override
  public int block() {
    return before.block();
  }

  @Override
  public int[] image(int index) {
    return before.image(index);
  }

  @Override
  public int[] image(Visit visit) {
    return before.image(visit);
  }

  @Override
  public List<int[]> read(List<Visit> visits) {
    return before.read(visits);
  }

  @Override
  public ConditionValues conditions(int index) {
    return before.conditions(index);
  }

  @Override
  public Optional<String> file(int index) {
    return before.file(index);
  }

  @Override
  public List<Variation> variations() {
    return before.variations();
  }

  @Override
  public String description() {
    return before.description();
  }

  @Override
  public ImageSet images() {
    return before.images();
  }
}
