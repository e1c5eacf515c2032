package io.weft.exchange;

import io.weft.data.DataFormatException;
import java.nio.file.Path;

/** Arrays that are there, but not read. */
final class Unread {

  private Unread() {}

  /** Says that an array is of a type that weights are not. */
  static DataFormatException type(Path path, String name, String type) {
    return new DataFormatException(
        path,
        name + " of type " + (type.length() > 40 ? type.substring(0, 40) + "..." : type),
        "float32, or float64, float16 or bfloat16",
        "Leave it out, or store it as float32.");
  }
}
