package io.weft.explain;

import io.weft.graph.Condition;
import io.weft.graph.Node;

/** The words for nodes. */
final class NodeText {

  private NodeText() {}

  /** Returns what a node is, in a few words. */
  static String kind(Node node) {
    if (node instanceof Node.Applied applied) {
      return applied.layer().summary().replaceAll("\\s+", " ").strip();
    }
    if (node instanceof Node.Given given) {
      return kind(given.condition());
    }
    return "the image";
  }

  private static String kind(Condition condition) {
    if (condition instanceof Condition.OneOf) {
      return "class condition";
    }
    return condition instanceof Condition.Vector ? "vector condition" : "spatial condition";
  }

  /** Returns a condition in a few words. */
  static String of(Condition condition) {
    if (condition instanceof Condition.OneOf oneOf) {
      return condition.name() + " (one of " + oneOf.count() + " classes)";
    }
    return condition.name() + " (" + kind(condition) + " " + condition.shape() + ")";
  }
}
