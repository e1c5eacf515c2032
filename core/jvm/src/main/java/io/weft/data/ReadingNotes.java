package io.weft.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What reading pictures passed over or changed: each said once, with the first names and a count.
 */
final class ReadingNotes {

  private static final int NAMED = 3;

  /** What there is to say, in the order in which it is said. */
  enum Kind {
    OTHER_FILES("passed over, being no " + PictureFile.KINDS),
    DEEPER_FOLDERS("not looked into, being folders within a folder of pictures"),
    FIRST_OF_SEVERAL("read the first page or frame only"),
    CUT("values outside the range were cut to it");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final Map<Kind, List<String>> files = new EnumMap<>(Kind.class);

  void add(Kind kind, String file) {
    add(kind, List.of(file));
  }

  void add(Kind kind, Collection<String> more) {
    if (!more.isEmpty()) {
      files.computeIfAbsent(kind, k -> new ArrayList<>()).addAll(more);
    }
  }

  /** Returns a sentence for each kind, without a full stop. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    files.forEach(
        (kind, of) -> {
          int named = Math.min(NAMED, of.size());
          String others = of.size() > named ? " and " + (of.size() - named) + " more" : "";
          sentences.add(kind.words + ": " + String.join(", ", of.subList(0, named)) + others);
        });
    return sentences;
  }
}
