package io.weft.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The bytes of one picture. A decoder that takes what lies beyond the end for zeros, as that of
 * WebP does, would decode them for minutes or hours where damage asks for millions of codes; here
 * it may look beyond the end a number of times that grows with the picture, and is then told that
 * the file is cut off.
 */
final class PictureBytes extends MemoryCacheImageInputStream {

  /** What decoders ask of a small picture: far more than any sound file needs. */
  private static final long LEAST = 1 << 16;

  /**
   * For each pixel: the codes of one colour alone take no bits, so that a sound file may end before
   * most of its pixels have been decoded, and each of its five codes looks beyond the end.
   */
  private static final long PER_PIXEL = 16;

  private final long size;
  private final EOFException end = new End();
  private long left = LEAST;

  /**
   * @param size how many bytes there are: a stream would be asked for more each time
   */
  PictureBytes(InputStream bytes, long size) {
    super(bytes);
    this.size = size;
  }

  /** Lets a picture be decoded that has so many pixels. */
  void allow(long pixels) {
    left = LEAST + PER_PIXEL * pixels;
  }

  @Override
  public int read() throws IOException {
    return isPast() ? end() : super.read();
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    return isPast() && count > 0 ? end() : super.read(into, from, count);
  }

  /** As above it, but without the trace of calls that makes each exception of the end slow. */
  @Override
  public byte readByte() throws IOException {
    int read = read();
    if (read < 0) {
      throw end;
    }
    return (byte) read;
  }

  private boolean isPast() {
    return streamPos >= size;
  }

  private int end() throws IOException {
    bitOffset = 0;
    if (left-- <= 0) {
      throw new IOException("it goes on far beyond the end of the file");
    }
    return -1;
  }

  private static final class End extends EOFException {
    private static final long serialVersionUID = 1;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
