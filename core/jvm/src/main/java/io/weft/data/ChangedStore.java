package io.weft.data;

/** The images of a set, as something changes them. */
final class ChangedStore extends MadeStore {

  /** What becomes of an image. */
  @FunctionalInterface
  interface Change {

    /**
     * Returns an image as it is afterwards.
     *
     * @param image its index in its set
     * @param levels the image before, which may be changed and returned
     */
    int[] apply(int image, int[] levels);
  }

  private final ImageSet before;
  private final Change change;

  ChangedStore(ImageSet before, Change change) {
    this.before = before;
    this.change = change;
  }

  @Override
  public int count() {
    return before.size();
  }

  @Override
  public int block() {
    return before.block();
  }

  @Override
  public boolean isDecoded() {
    return before.isDecoded();
  }

  @Override
  int[] make(int position) {
    return change.apply(position, before.image(position));
  }
}
