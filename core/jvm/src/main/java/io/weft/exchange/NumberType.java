package io.weft.exchange;

import io.weft.data.RecordLayout;
import io.weft.internal.thread.Interruption;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
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
  },
  /** A whole number. */
  U8(1, "u1") {
    @Override
    float read(ByteBuffer bytes) {
      return Byte.toUnsignedInt(bytes.get());
    }
  },
  /** A whole number. */
  I8(1, "i1") {
    @Override
    float read(ByteBuffer bytes) {
      return bytes.get();
    }
  },
  /** A whole number. */
  U16(2, "u2") {
    @Override
    float read(ByteBuffer bytes) {
      return Short.toUnsignedInt(bytes.getShort());
    }
  },
  /** A whole number. */
  I16(2, "i2") {
    @Override
    float read(ByteBuffer bytes) {
      return bytes.getShort();
    }
  },
  /** A whole number of up to 2^24. */
  U32(4, "u4") {
    @Override
    float read(ByteBuffer bytes) {
      return exact(Integer.toUnsignedLong(bytes.getInt()));
    }
  },
  /** A whole number of up to 2^24, or as far below 0. */
  I32(4, "i4") {
    @Override
    float read(ByteBuffer bytes) {
      return exact(bytes.getInt());
    }
  },
  /** A whole number of up to 2^24, or as far below 0. */
  I64(8, "i8") {
    @Override
    float read(ByteBuffer bytes) {
      return exact(bytes.getLong());
    }
  };

  /** Bytes that are read at a time. */
  private static final int PIECE = 1 << 16;

  /** Up to here every whole number is a float32. */
  private static final long MOST_EXACT = 1 << 24;

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

  private static float exact(long number) {
    if (Math.abs(number) > MOST_EXACT) {
      throw new ArithmeticException("the whole number " + number);
    }
    return number;
  }

  /** Returns how files of images have them, if these are whole numbers. */
  Optional<RecordLayout.Kind> whole() {
    return switch (this) {
      case U8 -> Optional.of(RecordLayout.Kind.U8);
      case I8 -> Optional.of(RecordLayout.Kind.I8);
      case U16 -> Optional.of(RecordLayout.Kind.U16);
      case I16 -> Optional.of(RecordLayout.Kind.I16);
      // Levels are far below the first number that is taken for one below 0.
      case U32, I32 -> Optional.of(RecordLayout.Kind.I32);
      case I64 -> Optional.of(RecordLayout.Kind.I64);
      default -> Optional.empty();
    };
  }

  /**
   * Reads one number, which is infinite if a float32 of its size is.
   *
   * @throws ArithmeticException if it is a whole number that no float32 is
   */
  abstract float read(ByteBuffer bytes);

  /**
   * Reads as many numbers as {@code values} has, some at a time.
   *
   * @throws EOFException if there are fewer
   */
  void read(InputStream in, ByteOrder order, float[] values) throws IOException {
    float[] some = new float[Math.min(values.length, PIECE / bytes)];
    for (int at = 0; at < values.length; at += some.length) {
      Interruption.check();
      int count = Math.min(some.length, values.length - at);
      byte[] read = in.readNBytes(count * bytes);
      if (read.length < count * bytes) {
        throw new EOFException("cut off");
      }
      float[] piece = count == some.length ? some : new float[count];
      read(read, order, piece);
      System.arraycopy(piece, 0, values, at, count);
    }
  }

  /** Reads as many numbers as {@code values} has. */
  private void read(byte[] from, ByteOrder order, float[] values) {
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
