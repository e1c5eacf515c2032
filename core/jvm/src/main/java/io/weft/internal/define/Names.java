package io.weft.internal.define;

import io.weft.spec.DefinitionException;
import java.util.Objects;
import java.util.regex.Pattern;

/** What models, conditions, blocks and layers may be called, so that names serve in any file. */
public final class Names {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}");
  private static final int LONGEST_PATH = 1024;

  private Names() {}

  /** Returns {@code name}, having checked that it is a single name. */
  public static String check(String what, String name) {
    Objects.requireNonNull(name, what + " name");
    if (!NAME.matcher(name).matches()) {
      throw new DefinitionException(
          "a "
              + what
              + "'s name has 1 to 64 letters, digits and _ . + -, starting with a letter or"
              + " digit; found \""
              + (name.length() > 80 ? name.substring(0, 80) + "..." : name)
              + "\"");
    }
    return name;
  }

  /** Returns {@code path}, having checked that it is names joined by "/". */
  public static String checkPath(String path) {
    Objects.requireNonNull(path, "layer name");
    if (path.length() > LONGEST_PATH) {
      throw new DefinitionException(
          "a layer's full name has at most "
              + LONGEST_PATH
              + " characters, found "
              + path.length()
              + "; nest fewer blocks");
    }
    for (String part : path.split("/", -1)) {
      check("layer", part);
    }
    return path;
  }
}
