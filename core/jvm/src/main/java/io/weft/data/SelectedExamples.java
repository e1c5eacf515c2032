package io.weft.data;

import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Some examples of others, which see each visit as that of their own index there. */
final class SelectedExamples implements Examples {

  private final Examples all;
  private final int[] indices;

  SelectedExamples(Examples all, int... indices) {
    this.all = all;
    this.indices = indices.clone();
    for (int index : indices) {
      Objects.checkIndex(index, all.size());
    }
  }

  @Override
  public ImageSpec spec() {
    return all.spec();
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int block() {
    return Blocks.ofSome(all.block(), indices);
  }

  @Override
  public int[] image(int index) {
    return all.image(indices[index]);
  }

  @Override
  public int[] image(Visit visit) {
    return all.image(there(visit));
  }

  @Override
  public List<int[]> read(List<Visit> visits) {
    return all.read(visits.stream().map(this::there).toList());
  }

  private Visit there(Visit visit) {
    return new Visit(visit.epoch(), indices[visit.image()]);
  }

  @Override
  public ConditionValues conditions(int index) {
    return all.conditions(indices[index]);
  }

  @Override
  public Optional<String> file(int index) {
    return all.file(indices[index]);
  }

  @Override
  public List<Variation> variations() {
    return all.variations();
  }

  @Override
  public ImageSet images() {
    return all.images().select(indices);
  }
}
