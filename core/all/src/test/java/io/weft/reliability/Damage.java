package io.weft.reliability;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Ways to damage a file of bytes. */
enum Damage {
  TRUNCATED {
    @Override
    byte[] of(byte[] whole, byte[] other, Random random) {
      return Arrays.copyOf(whole, random.nextInt(whole.length));
    }
  },
  BITS_FLIPPED {
    @Override
    byte[] of(byte[] whole, byte[] other, Random random) {
      byte[] bytes = whole.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return bytes;
    }
  },
  RANDOM_BYTES {
    @Override
    byte[] of(byte[] whole, byte[] other, Random random) {
      byte[] bytes = whole.clone();
      byte[] noise = new byte[1 + random.nextInt(Math.min(64, bytes.length))];
      random.nextBytes(noise);
      System.arraycopy(
          noise, 0, bytes, random.nextInt(bytes.length - noise.length + 1), noise.length);
      return bytes;
    }
  },
  /** A number in the header, or anywhere, that is as small or as large as can be. */
  EXTREME {
    @Override
    byte[] of(byte[] whole, byte[] other, Random random) {
      byte[] bytes = whole.clone();
      int width = Math.min(1 << random.nextInt(4), bytes.length);
      int room = bytes.length - width + 1;
      int at = random.nextInt(random.nextBoolean() ? Math.min(64, room) : room);
      int first = new int[] {0x00, 0x7F, 0x80, 0xFF}[random.nextInt(4)];
      Arrays.fill(bytes, at, at + width, (byte) (first == 0 || first == 0x80 ? 0x00 : 0xFF));
      bytes[at] = (byte) first;
      return bytes;
    }
  },
  SPLICED {
    @Override
    byte[] of(byte[] whole, byte[] other, Random random) {
      int from = random.nextInt(other.length);
      return joined(
          Arrays.copyOf(whole, random.nextInt(whole.length)),
          Arrays.copyOfRange(other, from, other.length));
    }
  },
  INSERTED {
    @Override
    byte[] of(byte[] whole, byte[] other, Random random) {
      int at = random.nextInt(whole.length + 1);
      byte[] noise = new byte[1 + random.nextInt(100)];
      random.nextBytes(noise);
      return joined(Arrays.copyOf(whole, at), noise, Arrays.copyOfRange(whole, at, whole.length));
    }
  },
  DELETED {
    @Override
    byte[] of(byte[] whole, byte[] other, Random random) {
      int from = random.nextInt(whole.length);
      int to = from + 1 + random.nextInt(whole.length - from);
      return joined(Arrays.copyOf(whole, from), Arrays.copyOfRange(whole, to, whole.length));
    }
  };

  /**
   * Returns damaged bytes, seldom those that were.
   *
   * @param whole a good file
   * @param other another good file of the kind
   */
  abstract byte[] of(byte[] whole, byte[] other, Random random);

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
