package io.weft.layer;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;

/**
 * How feature maps belong to colour channels, so that at its own position a channel sees earlier
 * channels only (PixelCNN, section 3.4). Map c of a group pattern belongs to channel c mod
 * channels. Where maps are laid out as several equal parts (the two halves that a gate reads), the
 * pattern repeats in each part.
 *
 * @param channels colour channels, 1 for no groups
 * @param inputParts equal parts of the input's maps in which the pattern repeats
 * @param outputParts equal parts of the output's maps in which the pattern repeats
 */
public record ColourGroups(int channels, int inputParts, int outputParts) {

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException if a count is below 1
   */
  public ColourGroups {
    if (channels < 1 || inputParts < 1 || outputParts < 1) {
      throw new IllegalArgumentException(
          "colour groups need at least one channel and one part, found "
              + channels
              + " channels, "
              + inputParts
              + " and "
              + outputParts
              + " parts");
    }
  }

  /** Returns the absence of groups: every map belongs to every channel. */
  public static ColourGroups none() {
    return new ColourGroups(1, 1, 1);
  }

  /** Returns groups for {@code channels} colour channels, one part on each side. */
  public static ColourGroups of(int channels) {
    return new ColourGroups(channels, 1, 1);
  }

  /** Returns the same groups for an input in {@code parts} equal parts. */
  public ColourGroups withInputParts(int parts) {
    return new ColourGroups(channels, parts, outputParts);
  }

  /** Returns the same groups for an output in {@code parts} equal parts. */
  public ColourGroups withOutputParts(int parts) {
    return new ColourGroups(channels, inputParts, parts);
  }

  /** Returns whether there is a mask at all. */
  public boolean isNone() {
    return channels == 1;
  }

  /**
   * Returns whether, at the own position, output map {@code output} may read input map {@code
   * input}.
   */
  public boolean connected(MaskType type, int input, int inputs, int output, int outputs) {
    int from = group(input, inputs, inputParts);
    int to = group(output, outputs, outputParts);
    return type == MaskType.A ? from < to : from <= to;
  }

  private int group(int map, int maps, int parts) {
    return map % (maps / parts) % channels;
  }

  void check(int inputs, int outputs) {
    checkSide("input", inputs, inputParts);
    checkSide("output", outputs, outputParts);
  }

  private void checkSide(String side, int maps, int parts) {
    if (maps % parts != 0 || maps / parts < channels) {
      throw new AdvisedException(
          "colour groups for "
              + channels
              + " channels in "
              + parts
              + " parts need an "
              + side
              + " with a multiple of "
              + parts
              + " and at least "
              + channels * parts
              + " maps, found "
              + maps,
          Advice.CHANGE_MAPS);
    }
  }
}
