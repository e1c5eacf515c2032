package io.weft.internal.lettering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Words as ink. What Java's fonts look like is the machine's, and is not asked here. */
class LetteringTest {

  private static final String ASCII =
      IntStream.rangeClosed(' ', '~').mapToObj(Character::toString).collect(Collectors.joining());

  private static String seen(Lettering line, int scale) {
    StringBuilder seen = new StringBuilder();
    for (int row = 0; row < Lettering.height(scale); row++) {
      for (int column = 0; column < line.width(); column++) {
        seen.append(line.ink(row, column) > 0 ? '#' : '.');
      }
      seen.append('\n');
    }
    return seen.toString();
  }

  @Test
  void lettersAreTold() {
    Set<String> forms = new HashSet<>();
    assertTrue(PixelFont.has(ASCII));
    assertFalse(PixelFont.has("caf\u00e9"));
    ASCII
        .chars()
        .forEach(
            letter ->
                assertTrue(
                    forms.add(seen(Lettering.of(Character.toString(letter), 1), 1)),
                    () -> (char) letter + " looks like another"));
  }

  @Test
  void wordsAreInked() {
    assertEquals(
        """
        .....
        .....
        #....
        #....
        #....
        #....
        #....
        #....
        #####
        .....
        .....
        """,
        seen(Lettering.of("L", 1), 1));
    Lettering twice = Lettering.of("Li", 2);
    Lettering once = Lettering.of("Li", 1);
    assertEquals(2 * once.width(), twice.width());
    assertEquals(11, once.width());
    for (int row = 0; row < Lettering.height(2); row++) {
      for (int column = 0; column < twice.width(); column++) {
        assertEquals(once.ink(row / 2, column / 2), twice.ink(row, column));
      }
    }
    assertEquals(0, once.ink(-1, 0));
    assertEquals(0, once.ink(0, 11));
  }

  @Test
  void longWordsAreCut() {
    assertEquals(
        seen(Lettering.of("autom..", 1), 1), seen(Lettering.within("automobile", 1, 42), 1));
    assertEquals(
        seen(Lettering.of("automobile", 1), 1), seen(Lettering.within("automobile", 1, 59), 1));
    assertEquals(0, Lettering.within("automobile", 1, 3).width());
  }

  @Test
  void lettersThatWeHaveNotAreJavasOrQuestionMarks() {
    Lettering name = Lettering.of("\u00e9lan \ud83d\ude80", 2);
    assertTrue(name.width() > 0);
    assertTrue(seen(name, 2).contains("#"));
    assertTrue(Lettering.within("\u00e9lan \ud83d\ude80", 2, 30).width() <= 30);
  }
}
