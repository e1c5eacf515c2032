package io.weft.data;

import io.weft.internal.thread.Aside;
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
  private final MappedLayout layout;
  private final int count;
  private final int imagesOfMapping;
  private final List<ByteBuffer> mappings;

  /**
   * Maps a file.
   *
   * @param spec what the images are like
   * @param layout how they lie in it
   * @param count how many there are, which the file is long enough for
   */
  MappedStore(Path file, ImageSpec spec, MappedLayout layout, int count) throws IOException {
    this.file = file;
    this.spec = spec;
    this.layout = layout;
    this.count = count;
    imagesOfMapping = (int) Math.max(1, MOST_OF_MAPPING / layout.record());
    mappings = Aside.inOrder(() -> mappings(file, layout, count, imagesOfMapping));
  }

  /**
   * Maps a file in pieces.
   *
   * @param most how many images a piece may have
   */
  private static List<ByteBuffer> mappings(Path file, MappedLayout layout, int count, int most)
      throws IOException {
    List<ByteBuffer> mappings = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (long from = 0; from < count; from += most) {
        long images = Math.min(most, count - from);
        mappings.add(
            channel
                .map(
                    FileChannel.MapMode.READ_ONLY,
                    layout.start() + from * layout.record(),
                    images * layout.record())
                .order(layout.order()));
      }
    }
    return List.copyOf(mappings);
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
    byte[] bytes = new byte[layout.record()];
    mapping(position).get(start(position), bytes);
    ByteBuffer image = ByteBuffer.wrap(bytes).order(layout.order());
    for (int value = 0; value < spec.values(); value++) {
      target[offset + value] =
          checked(layout.number().read(image, layout.at(spec, value)), position);
    }
  }

  @Override
  public int level(int position, int index) {
    int at = start(position) + layout.at(spec, index);
    return checked(layout.number().read(mapping(position), at), position);
  }

  private ByteBuffer mapping(int position) {
    return mappings.get(position / imagesOfMapping);
  }

  private int start(int position) {
    return position % imagesOfMapping * layout.record();
  }

  private int checked(long level, int position) {
    if (level < 0 || level >= spec.levels()) {
      throw new UncheckedIOException(
          new DataFormatException(
              file,
              "level " + level + " at image " + position,
              "0 to " + (spec.levels() - 1),
              "Say how many levels the file has; they can be made fewer afterwards."));
    }
    return (int) level;
  }
}
