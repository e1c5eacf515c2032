package io.weft.codec;

import io.weft.define.Definition;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.files.Sha256;
import io.weft.internal.thread.Interruption;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.nio.ByteBuffer;

/**
 * What tells the model that images were coded under from others: the first 64 bits of a SHA-256
 * over the form of its images, its order, its conditions, the wiring of its layers, and the bits of
 * all weights. What the model is called, who trained it and on what are no part of it, and neither
 * is how layers compute: a model that differs in that alone is found out by the checksums.
 */
final class Fingerprint {

  private Fingerprint() {}

  static long of(Definition definition, Weights weights) {
    Sha256 sum = new Sha256();
    add(sum, definition);
    for (String name : weights.names()) {
      Interruption.check();
      sum.add(name);
      weights.parameter(name).dimensions().forEach(sum::add);
      sum.add(weights.values(name));
    }
    return ByteBuffer.wrap(sum.bytes()).getLong();
  }

  private static void add(Sha256 sum, Definition definition) {
    ImageSpec image = definition.image();
    sum.add(image.height());
    sum.add(image.width());
    sum.add(image.channels());
    sum.add(image.levels());
    for (int position : definition.order().positions()) {
      sum.add(position);
    }
    sum.add(definition.distribution().maps(image));
    for (Condition condition : definition.conditions()) {
      sum.add(condition.getClass().getSimpleName());
      sum.add(condition.name());
      sum.add(condition.shape().positions());
      sum.add(condition.shape().maps());
    }
    LayerGraph graph = definition.graph();
    for (Node node : graph.nodes()) {
      sum.add(node.name());
      sum.add(node.shape().maps());
      node.inputs().forEach(sum::add);
    }
    sum.add(graph.output());
  }
}
