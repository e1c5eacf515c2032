package io.weft.watch;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.weft.internal.files.MaskedCrc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import org.tensorflow.proto.Event;

/**
 * A file of TensorBoard events: a series of TFRecords, each an {@code Event}. Open only while it is
 * written to, so that there is nothing to close.
 */
final class EventFile {

  /** The version of the format, as the first event of every file names it. */
  private static final String VERSION = "brain.Event:2";

  private final Path file;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private long length;

  private EventFile(Path file) {
    this.file = file;
  }

  /**
   * Makes a new file in {@code folder}, which is made too. The name has the time, by which
   * TensorBoard orders files, a number where two begin in one second, and nothing of the machine.
   *
   * @throws IOException if the folder cannot be written in
   */
  static EventFile in(Path folder) throws IOException {
    Files.createDirectories(folder);
    long second = Instant.now().getEpochSecond();
    for (int number = 0; ; number++) {
      Path file =
          folder.resolve(
              String.format(Locale.ROOT, "events.out.tfevents.%010d.weft.%d", second, number));
      try {
        FileChannel.open(file, CREATE_NEW, WRITE).close();
      } catch (FileAlreadyExistsException e) {
        continue;
      }
      EventFile events = new EventFile(file);
      events.add(Event.newBuilder().setFileVersion(VERSION));
      events.flush();
      return events;
    }
  }

  Path path() {
    return file;
  }

  /** Adds an event of this moment; {@link #flush} writes it. */
  void add(Event.Builder event) {
    Instant now = Instant.now();
    byte[] data =
        event.setWallTime(now.getEpochSecond() + now.getNano() / 1e9).build().toByteArray();
    byte[] size = little(Long.BYTES).putLong(data.length).array();
    pending.writeBytes(size);
    pending.writeBytes(checksum(size));
    pending.writeBytes(data);
    pending.writeBytes(checksum(data));
  }

  /** Returns the bytes that wait to be written. */
  int pending() {
    return pending.size();
  }

  /**
   * Appends what was added, where the last successful call ended: a call that failed half-way
   * leaves nothing behind once another succeeds.
   *
   * @throws IOException if writing fails; what was added is kept
   */
  void flush() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      channel.truncate(length).position(length);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    length += bytes.limit();
    pending.reset();
  }

  private static byte[] checksum(byte[] data) {
    return little(Integer.BYTES).putInt(MaskedCrc.of(data)).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
