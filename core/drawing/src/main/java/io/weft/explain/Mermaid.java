package io.weft.explain;

/** Mermaid's flow charts. */
final class Mermaid implements GraphText.Language {

  @Override
  public String open(String title) {
    return "---\ntitle: \"" + title + "\"\n---\nflowchart TB\n";
  }

  @Override
  public String openBlock(String id, String title) {
    return "subgraph " + id + "[\"" + escaped(title) + "\"]";
  }

  @Override
  public String closeBlock() {
    return "end";
  }

  @Override
  public String node(String id, GraphText.Style style, String name, String kind, String shape) {
    String label =
        "\"" + escaped(name) + "<br/>" + (kind.equals(name) ? "" : escaped(kind) + "<br/>");
    String words = label + escaped(shape) + "\"";
    return switch (style) {
      case GIVEN -> id + "([" + words + "])";
      case LAYER -> id + "[" + words + "]";
      case OUTPUT -> id + "[[" + words + "]]";
      case DEAD -> id + "[" + words + "]:::dead";
    };
  }

  @Override
  public String edge(String from, String to) {
    return from + " --> " + to;
  }

  @Override
  public String close() {
    return "  classDef dead stroke-dasharray: 4 4\n";
  }

  /** Whatever might mean something to Mermaid or to HTML becomes an entity, by its number. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isLetterOrDigit(c) || " .,:+-_()=/".indexOf(c) >= 0) {
                escaped.appendCodePoint(c);
              } else {
                escaped.append('#').append(c).append(';');
              }
            });
    return escaped.toString();
  }
}
