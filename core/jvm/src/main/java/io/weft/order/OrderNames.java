package io.weft.order;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The names of orders, for the command line and for files. */
final class OrderNames {

  static final String RASTER = "raster";
  static final String S_CURVE = "s-curve";
  static final String HILBERT = "hilbert";
  static final String FLIP_ROWS = "flip-rows";
  static final String FLIP_COLUMNS = "flip-columns";
  static final String ROTATE_180 = "rotate180";
  static final String TRANSPOSE = "transpose";

  private static final String RANDOM = "random:";

  private static final Map<String, UnaryOperator<GenerationOrder>> TRANSFORMS =
      Map.of(
          FLIP_ROWS, GenerationOrder::flipRows,
          FLIP_COLUMNS, GenerationOrder::flipColumns,
          ROTATE_180, GenerationOrder::rotate180,
          TRANSPOSE, GenerationOrder::transpose);

  /** More than any order needs. */
  private static final int MOST_TRANSFORMS = 16;

  private OrderNames() {}

  static String random(long seed) {
    return RANDOM + seed;
  }

  static GenerationOrder parse(String name, int height, int width) {
    List<String> parts = List.of(name.split("\\+", -1));
    if (parts.size() > 1 + MOST_TRANSFORMS) {
      throw new IllegalArgumentException(
          "an order's name has at most "
              + MOST_TRANSFORMS
              + " transforms, found "
              + (parts.size() - 1));
    }
    GenerationOrder order = base(name, parts.get(0), height, width);
    for (String part : parts.subList(1, parts.size())) {
      UnaryOperator<GenerationOrder> transform = TRANSFORMS.get(part);
      if (transform == null) {
        throw unknown(name, part);
      }
      order = transform.apply(order);
    }
    return order;
  }

  private static GenerationOrder base(String name, String part, int height, int width) {
    return switch (part) {
      case RASTER -> GenerationOrder.raster(height, width);
      case S_CURVE -> GenerationOrder.sCurve(height, width);
      case HILBERT -> GenerationOrder.hilbert(height, width);
      default -> GenerationOrder.random(height, width, seed(name, part));
    };
  }

  private static long seed(String name, String part) {
    if (!part.startsWith(RANDOM)) {
      throw unknown(name, part);
    }
    try {
      return Long.parseLong(part.substring(RANDOM.length()));
    } catch (NumberFormatException e) {
      throw unknown(name, part);
    }
  }

  private static IllegalArgumentException unknown(String name, String part) {
    return new IllegalArgumentException(
        "there is no order \""
            + name
            + "\" (\""
            + part
            + "\"); an order is raster, s-curve, hilbert or random:SEED (a whole number), followed"
            + " by any of +flip-rows, +flip-columns, +rotate180, +transpose");
  }
}
