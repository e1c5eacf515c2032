package io.weft.spark;

import java.nio.ByteBuffer;

/**
 * Numbers as the bytes that travel: Java's serialisation writes those of an array of floats one by
 * one, which takes ten times as long.
 */
final class Floats {

  private Floats() {}

  static byte[] bytes(float[] values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    ByteBuffer.wrap(bytes).asFloatBuffer().put(values);
    return bytes;
  }

  static float[] values(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
