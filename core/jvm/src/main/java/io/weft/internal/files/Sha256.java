package io.weft.internal.files;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 that is being computed. Numbers have the highest byte first. */
public final class Sha256 {

  private final MessageDigest digest;

  /** Begins one. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Adds bytes. */
  public void add(byte[] bytes) {
    digest.update(bytes);
  }

  /** Adds some of an array's bytes. */
  public void add(byte[] bytes, int from, int count) {
    digest.update(bytes, from, count);
  }

  /** Adds a number. */
  public void add(int number) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  /** Adds a text in UTF-8, with its length before it, so that where it ends is part of the sum. */
  public void add(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    add(utf8.length);
    add(utf8);
  }

  /** Adds the bits of numbers. */
  public void add(float[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * numbers.length);
    bytes.asFloatBuffer().put(numbers);
    digest.update(bytes);
  }

  /** Returns a stream that adds what it passes on. */
  public OutputStream through(OutputStream out) {
    return new DigestOutputStream(out, digest);
  }

  /** Returns the 32 bytes; nothing can be added afterwards. */
  public byte[] bytes() {
    return digest.digest();
  }

  /** Returns the same as 64 hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }
}
