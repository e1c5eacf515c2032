package io.weft.spark;

import io.weft.engine.GradientProgram.Input;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The micro-batches of one node of a step's tree, with their images: an image is a few thousand
 * bytes, of which a core computes some dozens a second, so that they are no load beside the
 * weights; and whatever examples a training has, only the driver needs to see them.
 */
final class GradientTask implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int level;
  private final int index;
  private final ArrayList<byte[]> batches;
  private final ArrayList<Input> inputs;

  /**
   * Takes micro-batches.
   *
   * @param level the level of the node
   * @param index the number of the node among those of its level
   * @param batches the images of each, see {@link io.weft.engine.Batch#bytes}
   * @param inputs what is asked of each
   */
  GradientTask(int level, int index, List<byte[]> batches, List<Input> inputs) {
    this.level = level;
    this.index = index;
    this.batches = new ArrayList<>(batches);
    this.inputs = new ArrayList<>(inputs);
  }

  int level() {
    return level;
  }

  int index() {
    return index;
  }

  int size() {
    return batches.size();
  }

  byte[] batch(int at) {
    return batches.get(at);
  }

  Input input(int at) {
    return inputs.get(at);
  }
}
