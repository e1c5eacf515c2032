package io.weft.reliability;

import io.weft.Model;
import io.weft.weight.Weights;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** All bits of a model's weights and training state, in short. */
final class Digest {

  private final MessageDigest digest;

  private Digest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String of(Model.Snapshot snapshot) {
    Digest all = new Digest();
    all.add(snapshot.weights());
    snapshot
        .state()
        .ifPresent(
            state -> {
              all.digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, state.step()));
              state.average().ifPresent(all::add);
              all.add(state.raw());
              new TreeMap<>(state.slots()).values().forEach(all::add);
            });
    return HexFormat.of().formatHex(all.digest.digest());
  }

  private void add(Weights weights) {
    weights.names().stream().sorted().forEach(name -> add(weights.values(name)));
  }

  private void add(Map<String, float[]> arrays) {
    new TreeMap<>(arrays).values().forEach(this::add);
  }

  private void add(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    digest.update(bytes);
  }
}
