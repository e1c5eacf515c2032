package io.weft.internal.tensorflow;

import io.weft.advice.Advice;
import io.weft.internal.memory.Bytes;
import io.weft.internal.memory.Room;
import io.weft.memory.MemoryException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What TensorFlow says when it has no memory left, in words for people. */
final class Exhaustion {

  /** As in "OOM when allocating tensor with shape[16,28,28,64] and type float on /job:..". */
  private static final Pattern TENSOR = Pattern.compile("shape\\[([0-9,]+)\\] and type (\\w+)");

  private Exhaustion() {}

  /** Returns what to throw in place of an exception that says so. */
  static MemoryException of(Throwable theirs) {
    Matcher tensor = TENSOR.matcher(String.valueOf(theirs.getMessage()));
    return new MemoryException(
        "TensorFlow has no memory left for "
            + (tensor.find() ? tensor(tensor.group(1), tensor.group(2)) : "a tensor")
            + Room.ofMachine().map(room -> "; " + room.inWords()).orElse(""),
        Advice.NEED_LESS_MEMORY,
        0);
  }

  private static String tensor(String sizes, String type) {
    double numbers =
        Arrays.stream(sizes.split(",")).mapToDouble(Double::parseDouble).reduce(1, (a, b) -> a * b);
    return "a tensor of "
        + Bytes.inWords(numbers * width(type))
        + " ("
        + sizes.replace(",", " x ")
        + " "
        + type
        + ")";
  }

  private static int width(String type) {
    return switch (type) {
      case "double", "int64" -> Double.BYTES;
      case "half", "bfloat16" -> Short.BYTES;
      case "bool", "uint8", "int8" -> Byte.BYTES;
      default -> Float.BYTES;
    };
  }
}
