package io.weft.data;

import com.sun.management.ThreadMXBean;
import io.weft.spec.ImageSpec;
import io.weft.testing.SharedData;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** Files and sets that several tests need. */
final class TestData {

  private TestData() {}

  /** Returns {@code shared/data/name}, where it is. */
  static Optional<Path> real(String name) {
    return SharedData.find(name);
  }

  static ImageSet random(SplittableRandom random, int count, ImageSpec spec) {
    int[] levels = random.ints((long) count * spec.values(), 0, spec.levels()).toArray();
    return ImageSet.of(spec, levels);
  }

  static ImageSpec randomSpec(SplittableRandom random) {
    return new ImageSpec(
        random.nextInt(1, 9),
        random.nextInt(1, 9),
        random.nextBoolean() ? 1 : 3,
        random.nextInt(2, 257));
  }

  /** Returns how many bytes this thread has allocated so far. */
  static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /** IDX with any header and body. */
  static byte[] idx(int magic, int[] dimensions, byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(magic);
      for (int dimension : dimensions) {
        out.writeInt(dimension);
      }
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] idxImages(ImageSet set) {
    byte[] body = new byte[set.size() * set.spec().values()];
    for (int i = 0; i < set.size(); i++) {
      set.copyImage(i, body, i * set.spec().values());
    }
    return idx(0x803, new int[] {set.size(), set.height(), set.width()}, body);
  }

  static byte[] idxLabels(ImageSet set) {
    byte[] body = new byte[set.size()];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) set.label(i);
    }
    return idx(0x801, new int[] {set.size()}, body);
  }

  static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Cuts, flips, overwrites or lengthens at random. */
  static byte[] damaged(SplittableRandom random, byte[] whole) {
    byte[] bytes = whole.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes = java.util.Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 40));
      case 2 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      default -> {
        int near = Math.min(bytes.length, 64); // Headers are where damage does most.
        for (int i = random.nextInt(1, 5); i > 0; i--) {
          bytes[random.nextInt(near)] = (byte) random.nextInt(256);
        }
      }
    }
    return bytes;
  }
}
