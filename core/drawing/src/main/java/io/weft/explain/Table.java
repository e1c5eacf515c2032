package io.weft.explain;

import java.util.ArrayList;
import java.util.List;

/** Columns of text; one whose title begins with ">" is aligned on the right. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  Table(String... titles) {
    right = new boolean[titles.length];
    String[] plain = new String[titles.length];
    for (int i = 0; i < titles.length; i++) {
      right[i] = titles[i].startsWith(">");
      plain[i] = right[i] ? titles[i].substring(1) : titles[i];
    }
    rows.add(plain);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  /** Returns the rows as an HTML table. */
  String html() {
    StringBuilder html = new StringBuilder("<table>\n");
    for (int r = 0; r < rows.size(); r++) {
      html.append(r == 0 ? "<thead><tr>" : "<tr>");
      for (int i = 0; i < right.length; i++) {
        String tag = r == 0 ? "th" : "td";
        html.append('<').append(tag);
        html.append(r == 0 ? " scope=\"col\"" : "");
        html.append(right[i] ? " style=\"text-align:right\">" : " style=\"text-align:left\">");
        html.append(Markup.escaped(rows.get(r)[i])).append("</").append(tag).append('>');
      }
      html.append(r == 0 ? "</tr></thead>\n<tbody>\n" : "</tr>\n");
    }
    return html.append("</tbody>\n</table>\n").toString();
  }

  String text() {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - row[i].length());
        line.append(right[i] ? padding + row[i] : row[i] + padding).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
