package io.weft.explain;

import java.util.ArrayList;
import java.util.List;

/** What the colours of a picture mean, one line for each. */
final class Legend {

  private static final int SWATCH = 16;
  private static final int GAP = 8;

  private record Entry(int colour, String words) {}

  private final List<Entry> entries = new ArrayList<>();

  Legend add(int colour, String words) {
    entries.add(new Entry(colour, words));
    return this;
  }

  int height() {
    return entries.size() * (Canvas.LINE + 2);
  }

  int width() {
    return SWATCH + GAP + entries.stream().mapToInt(e -> Canvas.width(e.words())).max().orElse(0);
  }

  void draw(Canvas canvas, int top, int left) {
    int at = top;
    for (Entry entry : entries) {
      canvas.fill(at, left, SWATCH, SWATCH, entry.colour());
      canvas.frame(at, left, SWATCH, SWATCH, 1, Palette.LINE);
      canvas.words(at, left + SWATCH + GAP, entry.words());
      at += Canvas.LINE + 2;
    }
  }
}
