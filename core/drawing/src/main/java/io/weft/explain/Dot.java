package io.weft.explain;

/** Graphviz's language. */
final class Dot implements GraphText.Language {

  @Override
  public String open(String title) {
    return "digraph "
        + quoted(title)
        + " {\n"
        + "  node [shape=box, fontname=\"sans-serif\", fontsize=11];\n"
        + "  graph [fontname=\"sans-serif\", fontsize=12, style=rounded];\n";
  }

  @Override
  public String openBlock(String id, String title) {
    return "subgraph cluster_" + id + " { label=" + quoted(title) + ";";
  }

  @Override
  public String closeBlock() {
    return "}";
  }

  @Override
  public String node(String id, GraphText.Style style, String name, String kind, String shape) {
    String words = kind.equals(name) ? name + "\n" + shape : name + "\n" + kind + "\n" + shape;
    String look =
        switch (style) {
          case GIVEN -> ", shape=ellipse";
          case LAYER -> "";
          case OUTPUT -> ", peripheries=2";
          case DEAD -> ", style=dashed";
        };
    return id + " [label=" + quoted(words) + look + "];";
  }

  @Override
  public String edge(String from, String to) {
    return from + " -> " + to + ";";
  }

  @Override
  public String close() {
    return "}\n";
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
