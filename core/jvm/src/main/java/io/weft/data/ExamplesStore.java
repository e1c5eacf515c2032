package io.weft.data;

import io.weft.advice.AdvisedException;

/** The images of examples, as the first visit sees them. */
final class ExamplesStore extends MadeStore {

  private final Examples examples;

  ExamplesStore(Examples examples) {
    this.examples = examples;
  }

  @Override
  public int count() {
    return examples.size();
  }

  @Override
  public int block() {
    return examples.block();
  }

  @Override
  public boolean isDecoded() {
    return false;
  }

  @Override
  int[] make(int position) {
    int[] levels = examples.image(position);
    try {
      examples.spec().checkImage(levels);
    } catch (IllegalArgumentException e) {
      throw AdvisedException.at("example " + position, e);
    }
    return levels;
  }
}
