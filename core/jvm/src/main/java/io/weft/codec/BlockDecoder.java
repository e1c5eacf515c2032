package io.weft.codec;

import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepWalk;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes what a {@link BlockEncoder} coded, one value of each image after the other. Damaged bytes
 * give other images, without any sign of it but the checksum.
 */
final class BlockDecoder {

  private final ImageSpec image;
  private final Labels labels;
  private final int first;
  private final RangeDecoder decoder;
  private final List<ConditionValues> conditions = new ArrayList<>();
  private final Frequencies frequencies;
  private final StepWalk walk;
  private final byte[] levels;

  /**
   * Prepares for a block.
   *
   * @param first the index of the first image, for messages
   * @param given for each image what is not in the block
   */
  BlockDecoder(
      JvmStepExecutor executor,
      Labels labels,
      int first,
      List<ConditionValues> given,
      byte[] bytes) {
    this.image = executor.program().definition().image();
    this.labels = labels;
    this.first = first;
    this.decoder = new RangeDecoder(bytes);
    given.forEach(others -> conditions.add(labels.decode(decoder, others)));
    this.frequencies = new Frequencies(image, executor.loops());
    this.walk =
        StepWalk.of(executor, given.size(), (i, condition) -> conditions.get(i).feature(condition));
    this.levels = new byte[given.size() * image.values()];
  }

  /** Returns the number of images. */
  int images() {
    return conditions.size();
  }

  /** Decodes the next value of every image. */
  void advance() {
    walk.advance(this::decode);
  }

  private int decode(int index, int value, float[] logits) {
    frequencies.set(first + index, value, logits);
    int level = frequencies.level(decoder.next());
    decoder.pass(frequencies.start(level), frequencies.frequency(level));
    levels[index * image.values() + value] = (byte) level;
    return level;
  }

  /** Returns a level that is decoded. */
  int level(int index, int value) {
    return Byte.toUnsignedInt(levels[index * image.values() + value]);
  }

  /** Copies the levels of an image. */
  void copyImage(int index, byte[] to, int at) {
    System.arraycopy(levels, index * image.values(), to, at, image.values());
  }

  /** Returns what each image is conditioned on. */
  List<ConditionValues> conditions() {
    return conditions;
  }

  /** Returns the checksum of all that is decoded. */
  int checksum() {
    return BlockEncoder.checksum(labels, conditions, levels);
  }
}
