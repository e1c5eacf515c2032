package io.weft.spark;

import io.weft.Model;
import io.weft.internal.levels.LevelArray;
import io.weft.order.GenerationOrder;
import io.weft.sample.Lockstep;
import io.weft.spec.ImageSpec;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Images that a worker drew, as they travel.
 *
 * @param levels a byte each, of more than 256 levels two, the highest first
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record DrawnBlock(long first, int images, ImageSpec image, byte[] levels) implements Serializable {

  /** Which images a worker is to draw. */
  record Range(long first, int images) implements Serializable {
    @Override
    public String toString() {
      return "images " + first + " to " + (first + images - 1);
    }
  }

  /** Draws images on this thread. */
  static DrawnBlock draw(Model model, Drawing drawing, Range range) {
    ImageSpec image = model.image();
    LevelArray levels = LevelArray.of(image, Math.multiplyExact(range.images, image.values()));
    drawing.draw(
        model,
        range.first,
        range.images,
        (at, drawn) -> levels.copyFrom(drawn.levels(), at * image.values()));
    return new DrawnBlock(range.first, range.images, image, levels.bytes(0, levels.length()));
  }

  /** Returns the images as a series takes them, each of which is there already. */
  Lockstep lockstep() {
    GenerationOrder order = GenerationOrder.raster(image.height(), image.width());
    return new Lockstep() {
      private int next;

      @Override
      public int images() {
        return images;
      }

      @Override
      public long firstImage() {
        return first;
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
        return next++;
      }

      @Override
      public int level(int index, int position, int channel) {
        int at = (index * image.pixels() + position) * image.channels() + channel;
        return LevelArray.bytesEach(image) == 1
            ? Byte.toUnsignedInt(levels[at])
            : Short.toUnsignedInt(ByteBuffer.wrap(levels).getShort(Short.BYTES * at));
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }
}
