package io.weft.data;

import io.weft.internal.Count;
import io.weft.internal.thread.Aside;
import io.weft.spec.ImageSpec;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * Images in a file, each of which is read when it is asked for. The file is open as long as anybody
 * has this.
 *
 * <p>It is not mapped into memory: of a file that is cut off meanwhile that would end the program,
 * and a system that reads ahead reads megabytes for each image in random order.
 */
final class FileStore implements ImageStore {

  private static final int NONE = -1;

  private final Path file;
  private final ImageSpec spec;
  private final RecordLayout layout;
  private final int count;

  /** A channel would be closed when a thread that reads is interrupted. */
  private final RandomAccessFile records;

  /** The image that levels were asked of last, and which it is. */
  private final byte[] last;

  private int lastPosition = NONE;

  /**
   * Opens a file.
   *
   * @param spec what the images are like
   * @param layout how they lie in it
   * @param count how many there are, which the file is long enough for
   */
  FileStore(Path file, ImageSpec spec, RecordLayout layout, int count) throws IOException {
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      throw new DataFormatException(
          file, "a file within another one", "one on disk", "Copy it to a folder first.");
    }
    this.file = file;
    this.spec = spec;
    this.layout = layout;
    this.count = count;
    this.records = Aside.inOrder(() -> new RandomAccessFile(file.toFile(), "r"));
    this.last = new byte[layout.bytes(spec)];
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
  public int block() {
    return count();
  }

  @Override
  public boolean isDecoded() {
    return false;
  }

  @Override
  public void copy(int position, int[] target, int offset) {
    byte[] bytes = new byte[last.length];
    read(position, bytes);
    ByteBuffer image = numbers(bytes);
    for (int value = 0; value < spec.values(); value++) {
      target[offset + value] = level(image, position, value);
    }
  }

  @Override
  public synchronized int level(int position, int index) {
    if (position != lastPosition) {
      lastPosition = NONE;
      read(position, last);
      lastPosition = position;
    }
    return level(numbers(last), position, index);
  }

  private ByteBuffer numbers(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(layout.order());
  }

  private synchronized void read(int position, byte[] bytes) {
    try {
      records.seek(layout.first(position));
      records.readFully(bytes);
    } catch (EOFException e) {
      throw unchecked(
          new DataFormatException(
              file,
              "the end of the file in image " + position,
              "the " + Count.of(count, "image") + " that were there when it was opened",
              "Leave the file alone while it is in use, and begin anew.",
              e));
    } catch (IOException e) {
      throw unchecked(
          new IOException("image " + position + " of " + file + ": " + e.getMessage(), e));
    }
  }

  private static UncheckedIOException unchecked(IOException e) {
    return new UncheckedIOException(e.getMessage(), e);
  }

  private int level(ByteBuffer image, int position, int index) {
    long level = layout.number().read(image, layout.at(spec, index));
    if (level < 0 || level >= spec.levels()) {
      throw unchecked(
          new DataFormatException(
              file,
              "level " + level + " at image " + position,
              "0 to " + (spec.levels() - 1),
              "Say how many levels the file has; they can be made fewer afterwards."));
    }
    return (int) level;
  }
}
