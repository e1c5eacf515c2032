package io.weft.exchange;

import io.weft.data.DataFormatException;
import java.nio.file.Path;

/** Arrays that are there, but not read. */
final class Unread {

  private static final int LONGEST = 100;

  private Unread() {}

  /** A damaged file has any names. */
  static String shortened(String name) {
    return name.length() > LONGEST ? name.substring(0, LONGEST) + "..." : name;
  }

  /** Says that an array is of a type that weights are not. */
  static DataFormatException type(Path path, String name, String type) {
    return new DataFormatException(
        path,
        shortened(name) + " of type " + shortened(type),
        "float32, or float64, float16, bfloat16 or whole numbers",
        "Leave it out, or store it as float32.");
  }
}
