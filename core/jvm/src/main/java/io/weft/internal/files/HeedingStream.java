package io.weft.internal.files;

import io.weft.internal.thread.Interruption;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that whoever is interrupted reads no further. */
public final class HeedingStream extends FilterInputStream {

  /** Bytes that are read at a time. */
  private static final int PIECE = 1 << 20;

  /** Reads from a stream. */
  public HeedingStream(InputStream in) {
    super(in);
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    Interruption.check();
    return in.read(bytes, from, Math.min(count, PIECE));
  }
}
