package io.weft.memory;

import java.util.Optional;

/** What memory is needed for, and how to need less. */
enum Work {
  TRAINING(
      "a training step",
      "take fewer images at a time (batch of the training options), fewer maps or layers, or"
          + " smaller images"),
  SCORING("scoring", "take a model of fewer maps or layers, or of smaller images"),
  DRAWING(
      "drawing",
      "take fewer images in lockstep (batch of the sampler), or give Java a larger heap (-Xmx)"),
  DRAWING_ON_TENSORFLOW(
      "drawing on TensorFlow",
      "take fewer images in lockstep (batch of the sampler), or the executor jvm");

  private final String name;
  private final String remedy;

  Work(String name, String remedy) {
    this.name = name;
    this.remedy = remedy;
  }

  /** Returns the memory that it takes from; nothing where that is not known. */
  Optional<Room> room() {
    return this == DRAWING ? Optional.of(Room.ofHeap()) : Room.ofMachine();
  }

  String of(int images) {
    return name + " of " + images + (images == 1 ? " image" : " images");
  }

  String remedy() {
    return remedy;
  }
}
