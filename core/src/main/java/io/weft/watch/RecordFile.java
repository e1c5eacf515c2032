package io.weft.watch;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * TensorFlow's TFRecord format: each record is its length, a checksum of that, its bytes, a
 * checksum of them. What was flushed stays readable, whatever comes after.
 */
final class RecordFile implements AutoCloseable {

  private final OutputStream out;

  /** Makes a file, which must not be there yet. */
  RecordFile(Path file) throws IOException {
    // Not a channel, which an interrupt of the thread that trains would close.
    this(new FileOutputStream(Files.createFile(file).toFile()));
  }

  RecordFile(OutputStream out) {
    this.out = new BufferedOutputStream(out);
  }

  void write(byte[] record) throws IOException {
    byte[] length =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(record.length).array();
    out.write(length);
    out.write(checksum(length));
    out.write(record);
    out.write(checksum(record));
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** A CRC-32C, rotated and shifted: that of data which hold checksums would else be a poor one. */
  private static byte[] checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
  }
}
