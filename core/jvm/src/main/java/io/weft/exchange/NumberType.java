package io.weft.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** A kind of number that files have, and Weft takes as float32. */
enum NumberType {
  /** Taken as it is. */
  F32(4, "f4") {
    @Override
    float read(ByteBuffer bytes) {
      return bytes.getFloat();
    }
  },
  /** Rounded to the nearest float32. */
  F64(8, "f8") {
    @Override
    float read(ByteBuffer bytes) {
      return (float) bytes.getDouble();
    }
  },
  /** IEEE binary16; each is a float32. */
  F16(2, "f2") {
    @Override
    float read(ByteBuffer bytes) {
      return half(bytes.getShort());
    }
  },
  /** The upper half of a float32. */
  BF16(2, "") {
    @Override
    float read(ByteBuffer bytes) {
      return Float.intBitsToFloat(bytes.getShort() << 16);
    }
  };

  private static final int FRACTION = 0x3FF;
  private static final int EXPONENT = 0x1F;

  private final int bytes;
  private final String numpy;

  NumberType(int bytes, String numpy) {
    this.bytes = bytes;
    this.numpy = numpy;
  }

  /** Returns the bytes of one number. */
  int bytes() {
    return bytes;
  }

  /** Reads one number, which is infinite if a float32 of its size is. */
  abstract float read(ByteBuffer bytes);

  /** Reads as many numbers as {@code values} has. */
  void read(byte[] from, ByteOrder order, float[] values) {
    ByteBuffer buffer = ByteBuffer.wrap(from).order(order);
    for (int i = 0; i < values.length; i++) {
      values[i] = read(buffer);
    }
  }

  /** Returns the type that safetensors calls so. */
  static Optional<NumberType> safetensors(String name) {
    for (NumberType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Returns the type that NumPy calls so, without the sign of its byte order. */
  static Optional<NumberType> numpy(String name) {
    for (NumberType type : values()) {
      if (!name.isEmpty() && type.numpy.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Java has it from 20 on. */
  private static float half(short bits) {
    int exponent = (bits >> 10) & EXPONENT;
    int fraction = bits & FRACTION;
    float size;
    if (exponent == EXPONENT) {
      size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      size = fraction * 0x1p-24f;
    } else {
      size = Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
    }
    return bits < 0 ? -size : size;
  }
}
