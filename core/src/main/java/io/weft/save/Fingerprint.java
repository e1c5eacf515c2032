package io.weft.save;

import io.weft.thread.Interruption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    return new Fingerprint(content.length, HexFormat.of().formatHex(newDigest().digest(content)));
  }

  static Fingerprint of(Path file) throws IOException {
    MessageDigest digest = newDigest();
    long bytes = 0;
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes += read;
        Interruption.check();
      }
    }
    return new Fingerprint(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
