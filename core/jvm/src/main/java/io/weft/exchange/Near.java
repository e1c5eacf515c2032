package io.weft.exchange;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that somebody may have meant. */
final class Near {

  private static final int SHOWN = 3;

  private Near() {}

  /** Returns "; the nearest are a, b, c", or nothing where there are no names. */
  static String words(String wanted, Collection<String> names) {
    List<String> nearest =
        names.stream()
            .sorted(Comparator.comparingInt(name -> distance(wanted, name)))
            .limit(SHOWN)
            .toList();
    return nearest.isEmpty() ? "" : "; the nearest are " + String.join(", ", nearest);
  }

  /** Levenshtein's: how many letters are added, left out or changed. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
      }
      int[] next = above;
      above = row;
      row = next;
    }
    return above[b.length()];
  }
}
