package io.weft.explain;

/** Text that stands in XML and HTML. */
final class Markup {

  private Markup() {}

  /** Returns text in which nothing is markup; characters that XML does not know become "?". */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\t', '\n', '\r' -> escaped.append((char) c);
                default -> escaped.appendCodePoint(isInXml(c) ? c : '?');
              }
            });
    return escaped.toString();
  }

  private static boolean isInXml(int c) {
    return c >= 0x20 && !(c >= 0xD800 && c <= 0xDFFF) && c != 0xFFFE && c != 0xFFFF;
  }
}
