package io.weft.internal.memory;

import io.weft.advice.Advice;
import java.util.Optional;

/** What memory is needed for, and how to need less. */
enum Work {
  TRAINING("a training step", Advice.TRAIN_ON_LESS),
  SCORING("scoring", Advice.SCORE_LESS),
  DRAWING("drawing", Advice.DRAW_FEWER),
  CODING("coding", Advice.CODE_FEWER),
  DRAWING_ON_TENSORFLOW("drawing on TensorFlow", Advice.DRAW_FEWER_OR_ON_THE_JVM);

  private final String name;
  private final Advice advice;

  Work(String name, Advice advice) {
    this.name = name;
    this.advice = advice;
  }

  /** Returns the memory that it takes from; nothing where that is not known. */
  Optional<Room> room() {
    return this == DRAWING || this == CODING ? Optional.of(Room.ofHeap()) : Room.ofMachine();
  }

  String of(int images) {
    return name + " of " + images + (images == 1 ? " image" : " images");
  }

  Advice advice() {
    return advice;
  }
}
