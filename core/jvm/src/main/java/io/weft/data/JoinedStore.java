package io.weft.data;

import java.util.List;

/** The images of several sets, one after the other. */
final class JoinedStore implements ImageStore {

  private final List<ImageSet> parts;
  private final Joints joints;

  JoinedStore(List<ImageSet> parts) {
    this.parts = parts;
    joints = Joints.of(parts.stream().mapToInt(ImageSet::size).toArray());
  }

  @Override
  public int count() {
    return joints.count();
  }

  @Override
  public boolean isInMemory() {
    return parts.stream().allMatch(ImageSet::isInMemory);
  }

  @Override
  public int block() {
    return joints.block(part -> parts.get(part).block());
  }

  @Override
  public boolean isDecoded() {
    return parts.stream().anyMatch(ImageSet::isDecoded);
  }

  @Override
  public void copy(int position, int[] target, int offset) {
    int part = joints.part(position);
    parts.get(part).copyImage(joints.within(part, position), target, offset);
  }

  @Override
  public int level(int position, int index) {
    int part = joints.part(position);
    return parts.get(part).level(joints.within(part, position), index);
  }
}
