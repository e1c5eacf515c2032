package io.weft.codec;

import io.weft.internal.levels.LevelArray;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepWalk;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Codes a block: images that are coded together, in one stream, and can be decoded without any
 * others. Labels come first, image by image; then values, tile by tile, in each step by step in the
 * order of generation, and in each step image by image.
 */
final class BlockEncoder {

  private final JvmStepExecutor executor;
  private final Tiles tiles;
  private final int first;
  private final List<ConditionValues> conditions;
  private final LevelArray levels;
  private final Frequencies frequencies;
  private final RangeEncoder encoder = new RangeEncoder();

  /**
   * For each image and value of a tile where its level's frequencies begin, and how many it has.
   */
  private final int[] intervals;

  private BlockEncoder(
      JvmStepExecutor executor,
      Tiles tiles,
      int first,
      List<ConditionValues> conditions,
      LevelArray levels) {
    this.executor = executor;
    this.tiles = tiles;
    this.first = first;
    this.conditions = conditions;
    this.levels = levels;
    this.frequencies = new Frequencies(tiles.image(), executor.loops());
    this.intervals = new int[2 * conditions.size() * tiles.tile().values()];
  }

  /**
   * Returns the code of images.
   *
   * @param executor of a program for known values
   * @param first the index of the first, for messages
   * @param conditions of each
   * @param levels [image, row, column, channel]
   * @throws ArithmeticException if the weights give no distribution
   */
  static byte[] encode(
      JvmStepExecutor executor,
      Tiles tiles,
      Labels labels,
      int first,
      List<ConditionValues> conditions,
      LevelArray levels) {
    BlockEncoder block = new BlockEncoder(executor, tiles, first, conditions, levels);
    conditions.forEach(values -> labels.encode(block.encoder, values));
    for (int tile = 0; tile < tiles.count(); tile++) {
      block.encode(tiles.places(tile));
    }
    return block.encoder.finish();
  }

  private void encode(int[] places) {
    int most = executor.imagesPerSession();
    for (int from = 0; from < conditions.size(); from += most) {
      find(from, Math.min(most, conditions.size() - from), places);
    }
    StepProgram program = executor.program();
    ImageSpec tile = tiles.tile();
    for (int step = 0; step < program.steps(); step++) {
      int value = program.position(step) * tile.channels() + program.channel(step);
      for (int i = 0; i < conditions.size() && places[value] != Tiles.BEYOND; i++) {
        int at = 2 * (i * tile.values() + value);
        encoder.encode(intervals[at], intervals[at + 1]);
      }
    }
  }

  /** Finds the intervals of some images. */
  private void find(int from, int images, int[] places) {
    StepWalk.visit(
        executor,
        images,
        (i, condition) -> conditions.get(from + i).feature(condition),
        (i, value) -> level(from + i, places[value]),
        (i, value, logits) -> {
          if (places[value] != Tiles.BEYOND) {
            int level = level(from + i, places[value]);
            frequencies.set(first + from + i, places[value], logits);
            int at = 2 * ((from + i) * tiles.tile().values() + value);
            intervals[at] = frequencies.start(level);
            intervals[at + 1] = frequencies.frequency(level);
          }
        });
  }

  private int level(int image, int place) {
    return place == Tiles.BEYOND ? 0 : levels.get(image * tiles.image().values() + place);
  }

  /** Returns the checksum of what a block stands for: labels, then levels; CRC-32C. */
  static int checksum(Labels labels, List<ConditionValues> conditions, LevelArray levels) {
    CRC32C checksum = new CRC32C();
    conditions.forEach(values -> labels.addTo(checksum, values));
    checksum.update(levels.bytes(0, levels.length()));
    return (int) checksum.getValue();
  }
}
