package io.weft.internal.save;

import io.weft.internal.files.MaskedCrc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * TensorFlow's table file, which it has from LevelDB (its {@code table_format.md}): keys in the
 * order of their bytes, each with a value. Data blocks, an empty meta block, an index block that
 * names the data blocks, and a footer that names the two. Blocks are never compressed, as in all
 * that TensorFlow writes for checkpoints.
 */
final class SortedTable {

  private static final long MAGIC = 0xDB4775248B80FB57L;

  /** The places of two blocks, of at most 20 bytes each, and the magic number. */
  private static final int FOOTER = 48;

  /** The type of a block and its checksum. */
  private static final int TRAILER = 1 + Integer.BYTES;

  /** Beyond this a block is full. */
  private static final int BLOCK = 1 << 18;

  /** How many keys may leave out what they share with the one before, until one is whole. */
  private static final int RESTART = 16;

  /** Far beyond the names of layers and parameters. */
  private static final int LONGEST_KEY = 4096;

  private SortedTable() {}

  /** The order of a table, of bytes without signs. */
  static int compare(String a, String b) {
    return Arrays.compareUnsigned(bytes(a), bytes(b));
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the file.
   *
   * @param entries in the order of {@link #compare}
   */
  static byte[] write(SortedMap<String, byte[]> entries) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Block index = new Block(1);
    Block data = new Block(RESTART);
    byte[] last = {};
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      byte[] key = bytes(entry.getKey());
      if (data.size() >= BLOCK) {
        index.add(between(last, key), data.writeTo(file));
        data = new Block(RESTART);
      }
      data.add(key, entry.getValue());
      last = key;
    }
    byte[] dataPlace = data.writeTo(file);
    byte[] metaPlace = new Block(RESTART).writeTo(file);
    index.add(after(last), dataPlace);
    byte[] indexPlace = index.writeTo(file);
    ByteBuffer footer = ByteBuffer.allocate(FOOTER).order(ByteOrder.LITTLE_ENDIAN);
    footer.put(metaPlace).put(indexPlace);
    file.writeBytes(footer.putLong(FOOTER - Long.BYTES, MAGIC).array());
    return file.toByteArray();
  }

  /** A short key that is not before {@code from}, and before {@code to}. */
  private static byte[] between(byte[] from, byte[] to) {
    int shared = shared(from, to);
    if (shared < Math.min(from.length, to.length)
        && Byte.toUnsignedInt(from[shared]) + 1 < Byte.toUnsignedInt(to[shared])) {
      byte[] key = Arrays.copyOf(from, shared + 1);
      key[shared]++;
      return key;
    }
    return from;
  }

  /** A short key that is not before {@code from}: UTF-8 has no byte that is the largest. */
  private static byte[] after(byte[] from) {
    byte[] key = Arrays.copyOf(from, Math.min(1, from.length));
    if (key.length > 0) {
      key[0]++;
    }
    return key;
  }

  private static int shared(byte[] a, byte[] b) {
    int first = Arrays.mismatch(a, b);
    return first < 0 ? a.length : first;
  }

  /** A block that is being filled. */
  private static final class Block {
    private final int restart;
    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final ByteArrayOutputStream restarts = new ByteArrayOutputStream();
    private byte[] last = {};
    private int count;

    Block(int restart) {
      this.restart = restart;
      putInt(restarts, 0);
    }

    int size() {
      return entries.size() + restarts.size() + Integer.BYTES;
    }

    void add(byte[] key, byte[] value) {
      int shared = shared(last, key);
      if (count % restart == 0) {
        shared = 0;
        if (count > 0) {
          putInt(restarts, entries.size());
        }
      }
      Wire.putVarint(entries, shared);
      Wire.putVarint(entries, key.length - shared);
      Wire.putVarint(entries, value.length);
      entries.write(key, shared, key.length - shared);
      entries.writeBytes(value);
      last = key;
      count++;
    }

    /** Appends the block to a file, and returns its place there: offset and size. */
    byte[] writeTo(ByteArrayOutputStream file) {
      int number = restarts.size() / Integer.BYTES;
      entries.writeBytes(restarts.toByteArray());
      putInt(entries, number);
      ByteArrayOutputStream place = new ByteArrayOutputStream();
      Wire.putVarint(place, file.size());
      Wire.putVarint(place, entries.size());
      entries.write(0);
      putInt(entries, MaskedCrc.of(entries.toByteArray()));
      file.writeBytes(entries.toByteArray());
      return place.toByteArray();
    }

    private static void putInt(ByteArrayOutputStream out, int value) {
      out.writeBytes(
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }
  }

  /**
   * Returns the entries of a file in their order.
   *
   * @param most how many there may be: a small file could unpack to many long keys
   * @throws IOException if the bytes are no table, or one with more entries
   */
  static Map<String, ByteBuffer> read(byte[] file, int most) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < FOOTER || all.getLong(file.length - Long.BYTES) != MAGIC) {
      throw new IOException("no table of TensorFlow's");
    }
    ByteBuffer footer = all.slice(file.length - FOOTER, FOOTER - Long.BYTES);
    block(all, footer);
    Map<String, ByteBuffer> places = new LinkedHashMap<>();
    addAll(places, block(all, footer), most);
    Map<String, ByteBuffer> entries = new LinkedHashMap<>();
    for (ByteBuffer place : places.values()) {
      addAll(entries, block(all, place), most);
    }
    return entries;
  }

  /** Returns the entries of the block whose place comes next in {@code places}. */
  private static ByteBuffer block(ByteBuffer file, ByteBuffer places) throws IOException {
    long offset = Wire.varint(places);
    long size = Wire.varint(places);
    ByteBuffer in = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    Wire.take(in, offset);
    ByteBuffer checked = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer block = Wire.take(in, size);
    ByteBuffer trailer = Wire.take(in, TRAILER);
    if (trailer.get(0) != 0) {
      throw new IOException("a compressed block, which no checkpoint has");
    }
    if (MaskedCrc.of(Wire.take(checked, size + 1)) != trailer.getInt(1)) {
      throw new IOException("a block that does not fit its checksum");
    }
    long restarts = size < Integer.BYTES ? -1 : block.getInt((int) size - Integer.BYTES);
    return Wire.take(block, restarts < 0 ? -1 : size - (restarts + 1) * Integer.BYTES);
  }

  private static void addAll(Map<String, ByteBuffer> entries, ByteBuffer block, int most)
      throws IOException {
    byte[] key = {};
    while (block.hasRemaining()) {
      long shared = Wire.varint(block);
      long own = Wire.varint(block);
      long size = Wire.varint(block);
      if (shared < 0 || shared > key.length || own < 0 || own > LONGEST_KEY - shared) {
        throw new IOException("a key of " + shared + " and " + own + " bytes");
      }
      key = Arrays.copyOf(key, (int) (shared + own));
      Wire.take(block, own).get(key, (int) shared, (int) own);
      String name = new String(key, StandardCharsets.UTF_8);
      if (entries.put(name, Wire.take(block, size)) != null) {
        throw new IOException("\"" + name + "\" twice");
      }
      if (entries.size() > most) {
        throw new IOException("more than " + most + " entries");
      }
    }
  }
}
