package io.weft.internal.levels;

import io.weft.spec.ImageSpec;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** Levels of images, side by side, in as little memory as they need. */
public abstract sealed class LevelArray {

  /** The most levels of which each takes a byte. */
  public static final int MOST_OF_BYTE = 1 << Byte.SIZE;

  private LevelArray() {}

  /**
   * Returns levels that are all 0.
   *
   * @param image what the images are like: up to 256 levels take a byte each, more two
   * @param length how many levels
   */
  public static LevelArray of(ImageSpec image, int length) {
    return bytesEach(image) == 1 ? new OfBytes(new byte[length]) : new OfShorts(new short[length]);
  }

  /** Returns levels that an array has, unsigned; it is taken over. */
  public static LevelArray owning(byte[] levels) {
    return new OfBytes(levels);
  }

  /** Returns levels that an array has, unsigned; it is taken over. */
  public static LevelArray owning(short[] levels) {
    return new OfShorts(levels);
  }

  /** Returns how many bytes a level takes. */
  public static int bytesEach(ImageSpec image) {
    return image.levels() <= MOST_OF_BYTE ? 1 : Short.BYTES;
  }

  /** Returns how many levels there are. */
  public abstract int length();

  /** Returns a level. */
  public abstract int get(int at);

  /** Sets a level. */
  public abstract void set(int at, int level);

  /** Copies some levels to others of the same kind. */
  public abstract void copyTo(int from, LevelArray to, int at, int count);

  /** Returns a copy of some levels as bytes: one each, or two, the highest first. */
  public abstract byte[] bytes(int from, int count);

  /** Returns what becomes of the array that the levels lie in, which is for reading only. */
  public abstract <R> R match(Function<byte[], R> ofBytes, Function<short[], R> ofShorts);

  /** Copies some levels to an array. */
  public void copyTo(int from, int[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = get(from + i);
    }
  }

  /** Takes levels over from an array. */
  public void copyFrom(int[] levels, int at) {
    for (int i = 0; i < levels.length; i++) {
      set(at + i, levels[i]);
    }
  }

  private static final class OfBytes extends LevelArray {
    private final byte[] levels;

    OfBytes(byte[] levels) {
      this.levels = levels;
    }

    @Override
    public int length() {
      return levels.length;
    }

    @Override
    public int get(int at) {
      return Byte.toUnsignedInt(levels[at]);
    }

    @Override
    public void set(int at, int level) {
      levels[at] = (byte) level;
    }

    @Override
    public void copyTo(int from, LevelArray to, int at, int count) {
      System.arraycopy(levels, from, ((OfBytes) to).levels, at, count);
    }

    @Override
    public byte[] bytes(int from, int count) {
      byte[] copy = new byte[count];
      System.arraycopy(levels, from, copy, 0, count);
      return copy;
    }

    @Override
    public <R> R match(Function<byte[], R> ofBytes, Function<short[], R> ofShorts) {
      return ofBytes.apply(levels);
    }
  }

  private static final class OfShorts extends LevelArray {
    private final short[] levels;

    OfShorts(short[] levels) {
      this.levels = levels;
    }

    @Override
    public int length() {
      return levels.length;
    }

    @Override
    public int get(int at) {
      return Short.toUnsignedInt(levels[at]);
    }

    @Override
    public void set(int at, int level) {
      levels[at] = (short) level;
    }

    @Override
    public void copyTo(int from, LevelArray to, int at, int count) {
      System.arraycopy(levels, from, ((OfShorts) to).levels, at, count);
    }

    @Override
    public byte[] bytes(int from, int count) {
      ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES * count);
      bytes.asShortBuffer().put(levels, from, count);
      return bytes.array();
    }

    @Override
    public <R> R match(Function<byte[], R> ofBytes, Function<short[], R> ofShorts) {
      return ofShorts.apply(levels);
    }
  }
}
