package io.weft.exchange;

import io.weft.exchange.TensorFile.Entry;
import java.io.IOException;
import java.util.Map;

/** A form of file, opened as far as the names and sizes of its arrays. */
interface TensorSource {

  /** Returns what is in the file, by name, in its order. */
  Map<String, Entry> entries();

  /**
   * Reads the numbers of one array.
   *
   * @param name one of {@link #entries}, of a type that can be read
   */
  Tensor read(String name) throws IOException;
}
