package io.weft.codec;

import io.weft.internal.levels.LevelArray;
import io.weft.internal.thread.Interruption;
import io.weft.internal.thread.Together;
import io.weft.order.GenerationOrder;
import io.weft.sample.Lockstep;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The images of some blocks, one after another, which are decoded together: each block by one
 * thread at a time. With the last pixel the checksums are compared.
 */
final class BlockRun implements Lockstep {

  /** Checks what a block was decoded to. */
  interface Check {
    void check(int block, int checksum) throws IOException;
  }

  private final GenerationOrder order;
  private final ImageSpec image;
  private final int firstBlock;
  private final int firstImage;
  private final List<BlockDecoder> blocks;
  private final int[] firsts;
  private final Check check;

  /** How many pixels each block takes before it waits for the others. */
  private final int pixelsAtOnce;

  private int rank;
  private int reached;
  private boolean closed;

  /**
   * Makes a run at its beginning.
   *
   * @param pixelsAtOnce how many pixels are decoded before anybody gets the first of them
   */
  BlockRun(
      ImageSpec image,
      GenerationOrder order,
      int firstBlock,
      int firstImage,
      List<BlockDecoder> blocks,
      int pixelsAtOnce,
      Check check) {
    this.image = image;
    this.order = order;
    this.firstBlock = firstBlock;
    this.firstImage = firstImage;
    this.blocks = blocks;
    this.pixelsAtOnce = pixelsAtOnce;
    this.check = check;
    this.firsts = new int[blocks.size() + 1];
    for (int b = 0; b < blocks.size(); b++) {
      firsts[b + 1] = firsts[b] + blocks.get(b).images();
    }
  }

  @Override
  public int images() {
    return firsts[blocks.size()];
  }

  @Override
  public long firstImage() {
    return firstImage;
  }

  @Override
  public GenerationOrder order() {
    return order;
  }

  @Override
  public boolean isKnown(int index, int position) {
    return false;
  }

  @Override
  public int advancePixel() {
    if (closed) {
      throw new IllegalStateException("this run is closed; start another");
    }
    boolean done = false;
    try {
      if (rank == reached) {
        Interruption.check();
        int pixels = Math.min(pixelsAtOnce, order.pixels() - rank);
        Together.forEach(blocks.size(), block -> advance(blocks.get(block), pixels));
        reached = rank + pixels;
        if (reached == order.pixels()) {
          compare();
        }
      }
      done = true;
      return order.position(rank++);
    } finally {
      // Blocks that are apart from each other, or damaged, are at their end.
      if (!done) {
        close();
      }
    }
  }

  private static void advance(BlockDecoder block, int pixels) {
    for (int pixel = 0; pixel < pixels; pixel++) {
      block.advancePixel();
    }
  }

  private void compare() {
    try {
      for (int b = 0; b < blocks.size(); b++) {
        check.check(firstBlock + b, blocks.get(b).checksum());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Returns what an image is conditioned on. */
  ConditionValues conditions(int index) {
    int block = block(index);
    return blocks.get(block).conditions().get(index - firsts[block]);
  }

  @Override
  public int level(int index, int position, int channel) {
    int block = block(index);
    return blocks.get(block).level(index - firsts[block], position * image.channels() + channel);
  }

  /** Copies the levels of an image, [row, column, channel]. */
  void copyImage(int index, LevelArray to, int at) {
    int block = block(index);
    blocks.get(block).copyImage(index - firsts[block], to, at);
  }

  /** Blocks differ by an image at most. */
  private int block(int index) {
    int block = Math.min(blocks.size() - 1, index / Math.max(1, firsts[1]));
    while (index < firsts[block]) {
      block--;
    }
    while (index >= firsts[block + 1]) {
      block++;
    }
    return block;
  }

  @Override
  public void close() {
    closed = true;
    blocks.forEach(BlockDecoder::close);
  }
}
