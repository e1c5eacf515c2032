package io.weft.data;

import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Images in a file that is mapped into memory: the system reads what is asked for, and forgets. */
final class MappedStore implements ImageStore {

  /** A mapping reaches no further than an array does. */
  private static final long MOST_OF_MAPPING = 1 << 30;

  private final Path file;
  private final ImageSpec spec;
  private final int count;
  private final int imagesOfMapping;
  private final List<ByteBuffer> mappings = new ArrayList<>();

  /**
   * Maps a file.
   *
   * @param spec what the images are like: of up to 256 levels
   * @param offset where in the file the first begins
   * @param count how many there are, one after the other, which the file is long enough for
   */
  MappedStore(Path file, ImageSpec spec, long offset, int count) throws IOException {
    this.file = file;
    this.spec = spec;
    this.count = count;
    imagesOfMapping = (int) Math.max(1, MOST_OF_MAPPING / spec.values());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int from = 0; from < count; from += imagesOfMapping) {
        long images = Math.min(imagesOfMapping, count - from);
        mappings.add(
            channel.map(
                FileChannel.MapMode.READ_ONLY,
                offset + (long) from * spec.values(),
                images * spec.values()));
      }
    }
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public boolean isInMemory() {
    return false;
  }

  @Override
  public boolean isDecoded() {
    return false;
  }

  @Override
  public void copy(int position, int[] target, int offset) {
    byte[] bytes = new byte[spec.values()];
    mapping(position).get(start(position), bytes);
    for (int i = 0; i < bytes.length; i++) {
      target[offset + i] = checked(bytes[i] & 0xFF, position);
    }
  }

  @Override
  public int level(int position, int index) {
    return checked(mapping(position).get(start(position) + index) & 0xFF, position);
  }

  private ByteBuffer mapping(int position) {
    return mappings.get(position / imagesOfMapping);
  }

  private int start(int position) {
    return position % imagesOfMapping * spec.values();
  }

  private int checked(int level, int position) {
    if (level >= spec.levels()) {
      throw new UncheckedIOException(
          new DataFormatException(
              file,
              "level " + level + " at image " + position,
              "0 to " + (spec.levels() - 1),
              "Say how many levels the file has; they can be made fewer afterwards."));
    }
    return level;
  }
}
