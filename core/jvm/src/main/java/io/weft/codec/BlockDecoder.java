package io.weft.codec;

import io.weft.internal.levels.LevelArray;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepWalk;
import io.weft.spec.ConditionValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what a {@link BlockEncoder} coded, one pixel of each image after the other. Damaged bytes
 * give other images, without any sign of it but the checksum.
 */
final class BlockDecoder implements AutoCloseable {

  private final JvmStepExecutor executor;
  private final Tiles tiles;
  private final Labels labels;
  private final int first;
  private final RangeDecoder decoder;
  private final List<ConditionValues> conditions = new ArrayList<>();
  private final Frequencies frequencies;
  private final LevelArray levels;
  private int[] places = {};

  /** How many tiles have been begun. */
  private int tiled;

  /** Through the tile that was begun last. */
  private @Nullable StepWalk walk;

  /**
   * Prepares for a block.
   *
   * @param executor of a program that draws
   * @param first the index of the first image, for messages
   * @param given for each image what is not in the block
   */
  BlockDecoder(
      JvmStepExecutor executor,
      Tiles tiles,
      Labels labels,
      int first,
      List<ConditionValues> given,
      byte[] bytes) {
    this.executor = executor;
    this.tiles = tiles;
    this.labels = labels;
    this.first = first;
    this.decoder = new RangeDecoder(bytes);
    given.forEach(others -> conditions.add(labels.decode(decoder, others)));
    this.frequencies = new Frequencies(tiles.image(), executor.loops());
    this.levels = LevelArray.of(tiles.image(), given.size() * tiles.image().values());
  }

  /** Returns the walk on which the next value lies. */
  private StepWalk walk() {
    if (walk != null && !walk.isDone()) {
      return walk;
    }
    StepWalk next = StepWalk.of(executor, images());
    walk = next;
    places = tiles.places(tiled++);
    next.give((i, condition) -> conditions.get(i).feature(condition));
    return next;
  }

  /** Returns the number of images. */
  int images() {
    return conditions.size();
  }

  /** Decodes the next pixel of every image. */
  void advancePixel() {
    for (int left = tiles.image().channels(); left > 0; ) {
      StepWalk current = walk();
      if (places[current.value()] == Tiles.BEYOND) {
        current.advance((i, value, logits) -> 0);
      } else {
        current.advance(this::decode);
        left--;
      }
    }
  }

  private int decode(int index, int value, float[] logits) {
    frequencies.set(first + index, places[value], logits);
    int level = frequencies.level(decoder.next());
    decoder.pass(frequencies.start(level), frequencies.frequency(level));
    levels.set(index * tiles.image().values() + places[value], level);
    return level;
  }

  /** Returns a level that is decoded. */
  int level(int index, int value) {
    return levels.get(index * tiles.image().values() + value);
  }

  /** Copies the levels of an image. */
  void copyImage(int index, LevelArray to, int at) {
    levels.copyTo(index * tiles.image().values(), to, at, tiles.image().values());
  }

  /** Returns what each image is conditioned on. */
  List<ConditionValues> conditions() {
    return conditions;
  }

  /** Returns the checksum of all that is decoded. */
  int checksum() {
    return BlockEncoder.checksum(labels, conditions, levels);
  }

  /** Ends decoding; what is decoded can still be read. */
  @Override
  public void close() {
    if (walk != null) {
      walk.close();
    }
  }
}
