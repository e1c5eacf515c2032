package io.weft.internal.files;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The checksum in TensorFlow's files: CRC-32C, rotated and with a constant added, so that the
 * checksum of bytes that hold checksums is no special case.
 */
public final class MaskedCrc {

  private static final int MASK = 0xA282EAD8;

  private MaskedCrc() {}

  /** Returns the checksum of bytes. */
  public static int of(byte[] bytes) {
    return of(ByteBuffer.wrap(bytes));
  }

  /** Returns the checksum of what remains in a buffer, whose position moves to its end. */
  public static int of(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return of(crc);
  }

  /** Returns the checksum of the bytes that were counted. */
  public static int of(CRC32C counted) {
    return Integer.rotateRight((int) counted.getValue(), 15) + MASK;
  }
}
