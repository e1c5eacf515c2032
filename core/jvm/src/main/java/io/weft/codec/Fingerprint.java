package io.weft.codec;

import io.weft.define.Definition;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.thread.Interruption;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What tells the model that images were coded under from others: the first 64 bits of a SHA-256
 * over the form of its images, its order, its conditions, the wiring of its layers, and the bits of
 * all weights. What the model is called, who trained it and on what are no part of it, and neither
 * is how layers compute: a model that differs in that alone is found out by the checksums.
 */
final class Fingerprint {

  private final MessageDigest digest;

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static long of(Definition definition, Weights weights) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(definition);
    for (String name : weights.names()) {
      Interruption.check();
      fingerprint.add(name);
      weights.parameter(name).dimensions().forEach(fingerprint::add);
      fingerprint.add(weights.values(name));
    }
    return ByteBuffer.wrap(fingerprint.digest.digest()).getLong();
  }

  private void add(Definition definition) {
    ImageSpec image = definition.image();
    add(image.height());
    add(image.width());
    add(image.channels());
    add(image.levels());
    for (int position : definition.order().positions()) {
      add(position);
    }
    add(definition.distribution().maps(image));
    for (Condition condition : definition.conditions()) {
      add(condition.getClass().getSimpleName());
      add(condition.name());
      add(condition.shape().positions());
      add(condition.shape().maps());
    }
    LayerGraph graph = definition.graph();
    for (Node node : graph.nodes()) {
      add(node.name());
      add(node.shape().maps());
      node.inputs().forEach(this::add);
    }
    add(graph.output());
  }

  private void add(int number) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  private void add(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    add(utf8.length);
    digest.update(utf8);
  }

  private void add(float[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * numbers.length);
    bytes.asFloatBuffer().put(numbers);
    digest.update(bytes);
  }
}
