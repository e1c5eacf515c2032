package io.weft.prove;

import io.weft.graph.ImageSpec;
import java.util.Comparator;
import java.util.List;

/**
 * Why a definition is not causal: a colour value whose distribution could see itself or a later
 * value, and the edge of the graph that lets it.
 *
 * @param layer the name of the layer that reads what it must not
 * @param source the name of what it reads
 * @param place where it reads it, such as "(+0, +1)"
 * @param row the row of the value whose distribution leaks
 * @param column its column
 * @param channel its colour channel
 * @param seenRow the row of the nearest value that it must not see
 * @param seenColumn its column
 * @param seenChannel its colour channel
 * @param alike how many more layers make the same mistake in other blocks
 * @param remedy what would mend it
 */
public record Leak(
    String layer,
    String source,
    String place,
    int row,
    int column,
    int channel,
    int seenRow,
    int seenColumn,
    int seenChannel,
    int alike,
    Remedy remedy) {

  /** What would mend a leak. */
  public enum Remedy {
    /** Not to read the own position of the image. */
    MASK_INPUT("Use type A there, with colour groups in a colour image."),
    /** To read only earlier channels' maps of the own position. */
    ORDER_COLOURS("Give it colour groups (withColours), so that channels see earlier ones only."),
    /** To leave the place out. */
    MASK("Leave that place out, or shift what it reads down by a row first (shiftDown)."),
    /** To read from the row above instead. */
    SHIFT("Shift what it reads down by a row first (shiftDown)."),
    /** To read what is earlier under an order that is not raster. */
    FOLLOW_ORDER(
        "Under this generation order use a causal convolution (causalConv), whose taps follow it.");

    private final String advice;

    Remedy(String advice) {
      this.advice = advice;
    }
  }

  /**
   * Returns the message for people.
   *
   * @param colour whether the images have colour channels worth naming
   */
  String message(boolean colour) {
    boolean itself = seenRow == row && seenColumn == column && seenChannel == channel;
    return layer
        + " reads "
        + source
        + " at "
        + place
        + (alike == 0 ? "" : ", and " + Count.of(alike, "other layer") + " likewise")
        + ": the distribution of "
        + value(colour, row, column, channel)
        + " could see "
        + (itself
            ? "that very value"
            : "the later " + value(colour, seenRow, seenColumn, seenChannel))
        + ". "
        + remedy.advice;
  }

  private static String value(boolean colour, int row, int column, int channel) {
    return "pixel (" + row + ", " + column + ")" + (colour ? " channel " + channel : "");
  }

  /** Returns the leak at the late value nearest to the middle of the image. */
  static Leak find(Schedule schedule, List<int[]> late) {
    ImageSpec image = schedule.groups().graph().image();
    int[] value =
        late.stream()
            .min(
                Comparator.comparingInt(
                    v ->
                        Math.abs(v[0] / image.width() - image.height() / 2)
                            + Math.abs(v[0] % image.width() - image.width() / 2)))
            .orElseThrow();
    return new LeakFinder(schedule.groups(), value[0], value[1]).find();
  }
}
