package io.weft.internal.save;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The index of a checkpoint (TensorFlow's {@code tensor_bundle.proto}): a table that has under the
 * empty key how many data files there are, and under each name where that array lies.
 *
 * @param shards how many data files there are
 * @param tensors the arrays by name
 */
record TensorIndex(int shards, Map<String, Tensor> tensors) {

  private static final int FLOAT = 1;
  private static final int VERSION = 1;

  // BundleHeaderProto
  private static final int SHARDS = 1;
  private static final int ENDIANNESS = 2;
  private static final int VERSIONS = 3;
  private static final int PRODUCER = 1;
  private static final int MIN_CONSUMER = 2;

  // BundleEntryProto
  private static final int TYPE = 1;
  private static final int SHAPE = 2;
  private static final int SHARD = 3;
  private static final int OFFSET = 4;
  private static final int SIZE = 5;
  private static final int CRC = 6;
  private static final int SLICES = 7;

  // TensorShapeProto
  private static final int DIMENSION = 2;
  private static final int DIMENSION_SIZE = 1;

  /**
   * A float32 array.
   *
   * @param dimensions its shape
   * @param shard the number of its data file
   * @param offset its first byte there
   * @param size in bytes
   * @param crc the masked CRC-32C of its bytes
   */
  record Tensor(List<Integer> dimensions, int shard, long offset, long size, int crc) {

    private byte[] bytes() {
      Wire shape = new Wire();
      for (int dimension : dimensions) {
        shape.message(DIMENSION, new Wire().integer(DIMENSION_SIZE, dimension));
      }
      return new Wire()
          .integer(TYPE, FLOAT)
          .message(SHAPE, shape)
          .integer(SHARD, shard)
          .integer(OFFSET, offset)
          .integer(SIZE, size)
          .fixed32(CRC, crc)
          .bytes();
    }

    private static Tensor read(String name, ByteBuffer message) throws IOException {
      long type = 0;
      List<Integer> dimensions = new ArrayList<>();
      int shard = 0;
      long offset = 0;
      long size = 0;
      int crc = 0;
      for (Wire.Field field : Wire.fields(message)) {
        switch (field.number()) {
          case TYPE -> type = field.value();
          case SHAPE -> dimensions = dimensions(field.bytes());
          case SHARD -> shard = (int) field.value();
          case OFFSET -> offset = field.value();
          case SIZE -> size = field.value();
          case CRC -> crc = (int) field.value();
          case SLICES -> throw new IOException(name + " in slices");
          default -> {
            // Of a newer TensorFlow; what it is needed for, its min_consumer would say.
          }
        }
      }
      if (type != FLOAT) {
        throw new IOException(name + " of the type " + type + ", not float32");
      }
      return new Tensor(dimensions, shard, offset, size, crc);
    }

    private static List<Integer> dimensions(ByteBuffer shape) throws IOException {
      List<Integer> dimensions = new ArrayList<>();
      for (Wire.Field field : Wire.fields(shape)) {
        if (field.number() == DIMENSION) {
          long size = 0;
          for (Wire.Field inner : Wire.fields(field.bytes())) {
            size = inner.number() == DIMENSION_SIZE ? inner.value() : size;
          }
          // No parameter has so many values; cut off, it could look like one.
          dimensions.add((int) Math.max(-1, Math.min(size, Integer.MAX_VALUE)));
        }
      }
      return dimensions;
    }
  }

  /** Returns the file. */
  byte[] bytes() {
    Wire header =
        new Wire().integer(SHARDS, shards).message(VERSIONS, new Wire().integer(PRODUCER, VERSION));
    SortedMap<String, byte[]> entries = new TreeMap<>(SortedTable::compare);
    entries.put("", header.bytes());
    tensors.forEach((name, tensor) -> entries.put(name, tensor.bytes()));
    return SortedTable.write(entries);
  }

  /**
   * Returns the index that a file is.
   *
   * @param most how many arrays there may be
   * @throws IOException if it is none, or has more arrays, or one that is no float32
   */
  static TensorIndex read(byte[] file, int most) throws IOException {
    Map<String, ByteBuffer> entries = SortedTable.read(file, most + 1);
    ByteBuffer header = entries.remove("");
    if (header == null) {
      throw new IOException("a table that is no index of a checkpoint");
    }
    int shards = shards(header);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, ByteBuffer> entry : entries.entrySet()) {
      tensors.put(entry.getKey(), Tensor.read(entry.getKey(), entry.getValue()));
    }
    return new TensorIndex(shards, tensors);
  }

  private static int shards(ByteBuffer header) throws IOException {
    int shards = 0;
    for (Wire.Field field : Wire.fields(header)) {
      switch (field.number()) {
        case SHARDS -> shards = (int) field.value();
        case ENDIANNESS -> {
          if (field.value() != 0) {
            throw new IOException("numbers with the highest byte first");
          }
        }
        case VERSIONS -> {
          for (Wire.Field inner : Wire.fields(field.bytes())) {
            if (inner.number() == MIN_CONSUMER && inner.value() > VERSION) {
              throw new IOException("a checkpoint for a newer reader, " + inner.value());
            }
          }
        }
        default -> {
          // As with the arrays.
        }
      }
    }
    return shards;
  }
}
