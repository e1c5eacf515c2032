package io.weft.internal.save;

import io.weft.internal.files.AtomicFile.Content;
import io.weft.internal.files.Sha256;
import io.weft.internal.thread.Interruption;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Size and SHA-256 of a file.
 *
 * @param bytes its length
 * @param sha256 64 hexadecimal digits
 */
record Fingerprint(long bytes, String sha256) {

  private static final int BUFFER = 1 << 16;

  Fingerprint {
    Objects.requireNonNull(sha256, "sha256");
  }

  static Fingerprint of(byte[] content) {
    Counter counter = new Counter();
    counter.add(content, 0, content.length);
    return counter.fingerprint();
  }

  /** Writes a content and returns its fingerprint. */
  static Fingerprint ofWritten(Content content, OutputStream out) throws IOException {
    Counter counter = new Counter();
    content.writeTo(
        new FilterOutputStream(out) {
          @Override
          public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            counter.add(bytes, from, count);
          }
        });
    return counter.fingerprint();
  }

  private static final class Counter {
    private final Sha256 sum = new Sha256();
    private long bytes;

    void add(byte[] buffer, int from, int count) {
      Interruption.check();
      sum.add(buffer, from, count);
      bytes += count;
    }

    Fingerprint fingerprint() {
      return new Fingerprint(bytes, sum.hex());
    }
  }

  /** A stream that ends one byte after where it should, and knows what it has read. */
  static final class Reader extends FilterInputStream {
    private final Counter counter = new Counter();
    private long left;

    /**
     * Reads a stream.
     *
     * @param most bytes that it should have
     */
    Reader(InputStream in, long most) {
      super(in);
      left = most + 1;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      int read = left == 0 ? -1 : in.read(buffer, from, (int) Math.min(count, left));
      if (read > 0) {
        left -= read;
        counter.add(buffer, from, read);
      }
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      return readNBytes((int) Math.min(count, BUFFER)).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    /** Reads what is left and returns the fingerprint of all. */
    Fingerprint drained() throws IOException {
      byte[] buffer = new byte[BUFFER];
      int read;
      do {
        read = read(buffer, 0, BUFFER);
      } while (read >= 0);
      return counter.fingerprint();
    }
  }
}
