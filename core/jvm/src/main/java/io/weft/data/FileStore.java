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
 * Images in a file, which is opened for each that is asked for.
 *
 * <p>It is not mapped into memory: of a file that is cut off meanwhile that would end the program,
 * and a system that reads ahead reads megabytes for each image in random order.
 */
final class FileStore extends MadeStore {

  private final Path file;
  private final ImageSpec spec;
  private final RecordLayout layout;
  private final int count;

  /**
   * Checks that a file can be opened.
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
    Aside.inOrder(() -> open().close());
  }

  /** Unlike a channel this is not closed when the thread is interrupted. */
  private RandomAccessFile open() throws IOException {
    return new RandomAccessFile(file.toFile(), "r");
  }

  @Override
  public int count() {
    return count;
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
  int[] make(int position) {
    ByteBuffer numbers = ByteBuffer.wrap(read(position)).order(layout.order());
    int[] levels = new int[spec.values()];
    for (int value = 0; value < levels.length; value++) {
      levels[value] = level(layout.number().read(numbers, layout.at(spec, value)), position);
    }
    return levels;
  }

  private byte[] read(int position) {
    byte[] bytes = new byte[layout.bytes(spec)];
    try (RandomAccessFile records = open()) {
      records.seek(layout.first(position));
      records.readFully(bytes);
      return bytes;
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

  private int level(long level, int position) {
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
