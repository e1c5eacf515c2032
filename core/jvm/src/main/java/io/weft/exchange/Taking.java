package io.weft.exchange;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** A file that arrays are taken from, once: it knows which were. */
final class Taking implements WeightMapping.Source {

  private final TensorFile file;
  private final Set<String> taken = new LinkedHashSet<>();
  private final Set<String> passedOver = new LinkedHashSet<>();
  private int masked;

  Taking(TensorFile file) {
    this.file = file;
  }

  @Override
  public Tensor read(String name) throws IOException {
    Tensor tensor = file.read(name);
    taken.add(name);
    return tensor;
  }

  /** Returns whether there is an array of that name. */
  boolean has(String name) {
    return file.entries().containsKey(name);
  }

  /** Says that an array, if it is there, is not wanted. */
  void passOver(String name) {
    if (has(name)) {
      passedOver.add(name);
    }
  }

  /** Says how many numbers that are not 0 lie where a kernel reads nothing. */
  void addMasked(int count) {
    masked += count;
  }

  /** Returns how many these are since it was asked for. */
  int takeMasked() {
    int count = masked;
    masked = 0;
    return count;
  }

  /** Returns the names of what was read. */
  Set<String> taken() {
    return Collections.unmodifiableSet(taken);
  }

  /** Returns the names of what is not wanted. */
  Set<String> passedOver() {
    return Collections.unmodifiableSet(passedOver);
  }
}
