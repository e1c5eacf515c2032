package io.weft.codec;

import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepWalk;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Codes a block: images that are coded together, in one stream, and can be decoded without any
 * others. Labels come first, image by image; then values, step by step in the order of generation,
 * and in each step image by image.
 */
final class BlockEncoder {

  private BlockEncoder() {}

  /**
   * Returns the code of images.
   *
   * @param executor of a program for known values
   * @param first the index of the first, for messages
   * @param conditions of each
   * @param levels [image, row, column, channel], unsigned
   * @throws ArithmeticException if the weights give no distribution
   */
  static byte[] encode(
      JvmStepExecutor executor,
      Labels labels,
      int first,
      List<ConditionValues> conditions,
      byte[] levels) {
    ImageSpec image = executor.program().definition().image();
    RangeEncoder encoder = new RangeEncoder();
    conditions.forEach(values -> labels.encode(encoder, values));
    int[] intervals = intervals(executor, first, conditions, levels);
    StepProgram program = executor.program();
    for (int step = 0; step < program.steps(); step++) {
      int value = program.position(step) * image.channels() + program.channel(step);
      for (int i = 0; i < conditions.size(); i++) {
        int at = 2 * (i * image.values() + value);
        encoder.encode(intervals[at], intervals[at + 1]);
      }
    }
    return encoder.finish();
  }

  /** Returns for each value where its level's frequencies begin, and how many it has. */
  private static int[] intervals(
      JvmStepExecutor executor, int first, List<ConditionValues> conditions, byte[] levels) {
    ImageSpec image = executor.program().definition().image();
    Frequencies frequencies = new Frequencies(image, executor.loops());
    int[] intervals = new int[2 * levels.length];
    int most = executor.imagesPerSession();
    for (int from = 0; from < conditions.size(); from += most) {
      int begin = from;
      StepWalk.visit(
          executor,
          Math.min(most, conditions.size() - begin),
          (i, condition) -> conditions.get(begin + i).feature(condition),
          (i, value) -> Byte.toUnsignedInt(levels[(begin + i) * image.values() + value]),
          (i, value, logits) -> {
            int at = (begin + i) * image.values() + value;
            int level = Byte.toUnsignedInt(levels[at]);
            frequencies.set(first + begin + i, value, logits);
            intervals[2 * at] = frequencies.start(level);
            intervals[2 * at + 1] = frequencies.frequency(level);
          });
    }
    return intervals;
  }

  /** Returns the checksum of what a block stands for: labels, then levels; CRC-32C. */
  static int checksum(Labels labels, List<ConditionValues> conditions, byte[] levels) {
    CRC32C checksum = new CRC32C();
    conditions.forEach(values -> labels.addTo(checksum, values));
    checksum.update(levels);
    return (int) checksum.getValue();
  }
}
