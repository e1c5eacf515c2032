package io.weft.explain;

import io.weft.graph.Node;
import io.weft.spec.Condition;

/** The words for nodes. */
final class NodeText {

  private NodeText() {}

  /** Returns what a node is, in a few words. */
  static String kind(Node node) {
    return node.match(
        new Node.Cases<>() {
          @Override
          public String image(Node.Image image) {
            return "the image";
          }

          @Override
          public String given(Node.Given given) {
            return kind(given.condition());
          }

          @Override
          public String applied(Node.Applied applied) {
            return applied.layer().summary().replaceAll("\\s+", " ").strip();
          }
        });
  }

  private static String kind(Condition condition) {
    return condition.match(
        new Condition.Cases<>() {
          @Override
          public String oneOf(Condition.OneOf oneOf) {
            return "class condition";
          }

          @Override
          public String vector(Condition.Vector vector) {
            return "vector condition";
          }

          @Override
          public String spatial(Condition.Spatial spatial) {
            return "spatial condition";
          }
        });
  }

  /** Returns a condition in a few words. */
  static String of(Condition condition) {
    return condition.match(
        new Condition.Cases<>() {
          @Override
          public String oneOf(Condition.OneOf oneOf) {
            boolean areNumbers = oneOf.classes().areNumbers();
            return oneOf.name()
                + " (one of "
                + (areNumbers ? oneOf.count() + " classes" : oneOf.classes())
                + ")";
          }

          @Override
          public String vector(Condition.Vector vector) {
            return numbers(vector);
          }

          @Override
          public String spatial(Condition.Spatial spatial) {
            return numbers(spatial);
          }

          private String numbers(Condition given) {
            return given.name() + " (" + kind(given) + " " + given.shape() + ")";
          }
        });
  }
}
