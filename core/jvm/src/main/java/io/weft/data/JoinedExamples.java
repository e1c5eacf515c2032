package io.weft.data;

import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Several examples, one after the other. */
final class JoinedExamples implements Examples {

  private final List<Examples> parts;
  private final Joints joints;

  JoinedExamples(List<Examples> parts) {
    this.parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no examples to join; expected at least one part");
    }
    for (int i = 1; i < parts.size(); i++) {
      if (!parts.get(i).spec().equals(spec())) {
        throw new IllegalArgumentException(
            "part "
                + i
                + " of the examples to join has images of "
                + parts.get(i).spec()
                + ", part 0 of "
                + spec()
                + "; expected one form");
      }
    }
    joints = Joints.of(parts.stream().mapToInt(Examples::size).toArray());
  }

  @Override
  public ImageSpec spec() {
    return parts.get(0).spec();
  }

  @Override
  public int size() {
    return joints.count();
  }

  @Override
  public int block() {
    return joints.block(part -> parts.get(part).block());
  }

  @Override
  public int[] image(int index) {
    int part = joints.part(index);
    return parts.get(part).image(joints.within(part, index));
  }

  @Override
  public int[] image(Visit visit) {
    int part = joints.part(visit.image());
    return parts.get(part).image(there(part, visit));
  }

  private Visit there(int part, Visit visit) {
    return new Visit(visit.epoch(), joints.within(part, visit.image()));
  }

  @Override
  public List<int[]> read(List<Visit> visits) {
    int[][] read = new int[visits.size()][];
    for (int part = 0; part < parts.size(); part++) {
      List<Integer> places = new ArrayList<>();
      List<Visit> own = new ArrayList<>();
      for (int i = 0; i < read.length; i++) {
        if (joints.part(visits.get(i).image()) == part) {
          places.add(i);
          own.add(there(part, visits.get(i)));
        }
      }
      List<int[]> ofPart = own.isEmpty() ? List.of() : parts.get(part).read(own);
      for (int i = 0; i < ofPart.size(); i++) {
        read[places.get(i)] = ofPart.get(i);
      }
    }
    return Arrays.asList(read);
  }

  @Override
  public ConditionValues conditions(int index) {
    int part = joints.part(index);
    return parts.get(part).conditions(joints.within(part, index));
  }

  @Override
  public Optional<String> file(int index) {
    int part = joints.part(index);
    return parts.get(part).file(joints.within(part, index));
  }

  @Override
  public List<Variation> variations() {
    return parts.stream().flatMap(part -> part.variations().stream()).distinct().toList();
  }

  @Override
  public String description() {
    return parts.stream().map(Examples::description).collect(Collectors.joining(", and "));
  }
}
