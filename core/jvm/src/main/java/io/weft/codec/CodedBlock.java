package io.weft.codec;

import io.weft.internal.Seam;

/** A block of coded images. */
@Seam
public final class CodedBlock {

  private final byte[] bytes;
  private final int checksum;

  /**
   * Makes one.
   *
   * @param bytes taken over
   * @param checksum of what it stands for
   */
  @Seam
  public CodedBlock(byte[] bytes, int checksum) {
    this.bytes = bytes;
    this.checksum = checksum;
  }

  /** Returns the bytes themselves. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the checksum of what it stands for. */
  public int checksum() {
    return checksum;
  }
}
