package io.weft.data;

import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Examples whose images become something else at every visit. */
final class VariedExamples extends ForwardingExamples {

  private final Variation variation;
  private final ImageSpec after;

  /** As the first visit sees them: made once, of a set in memory. */
  private @Nullable ImageSet first;

  VariedExamples(Examples before, Variation variation) {
    super(before);
    this.variation = Objects.requireNonNull(variation, "variation");
    after = variation.spec(before.spec());
  }

  @Override
  public ImageSpec spec() {
    return after;
  }

  @Override
  public int[] image(int index) {
    return image(new Visit(0, index));
  }

  @Override
  public int[] image(Visit visit) {
    return varied(before.image(visit), visit);
  }

  @Override
  public List<int[]> read(List<Visit> visits) {
    List<int[]> read = before.read(visits);
    List<int[]> varied = new ArrayList<>(read.size());
    for (int i = 0; i < read.size(); i++) {
      varied.add(varied(read.get(i), visits.get(i)));
    }
    return varied;
  }

  private int[] varied(int[] levels, Visit visit) {
    // Somebody's image may be somebody's own array, and a variation may change what it gets.
    return variation.apply(before.spec(), levels.clone(), visit);
  }

  @Override
  public List<Variation> variations() {
    return Stream.concat(before.variations().stream(), Stream.of(variation)).toList();
  }

  @Override
  public String description() {
    return before.description() + ", " + variation;
  }

  @Override
  public synchronized ImageSet images() {
    ImageSet found = first;
    if (found == null) {
      found = before.images().varied(variation);
      first = found;
    }
    return found;
  }
}
