package io.weft.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.spec.ClassNames;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassNamesTest {

  private static final ClassNames ANIMALS = ClassNames.of(List.of("cat", "dog", "elk"));
  private static final ClassNames LETTERS =
      ClassNames.of(IntStream.rangeClosed(1, 26).mapToObj(Integer::toString).toList());

  private static String refusal(Runnable action) {
    return assertThrows(IllegalArgumentException.class, action::run).getMessage();
  }

  @Test
  void aLabelIsMeantByNameOrByNumber() {
    assertEquals(1, ANIMALS.label("dog"));
    assertEquals(1, ANIMALS.label("1"));
    assertEquals(1, ANIMALS.label("01"));
    assertEquals(7, ClassNames.numbers(10).label("7"));
    assertEquals("dog", ANIMALS.name(1));
    assertEquals("7", ClassNames.numbers(10).name(7));
    String message = refusal(() -> ANIMALS.label("Dog"));
    assertEquals(
        "there is no class \"Dog\"; the classes are cat, dog, elk, or by number 0 to 2", message);
    refusal(() -> ANIMALS.label("3"));
    refusal(() -> ANIMALS.label("-1"));
    refusal(() -> ANIMALS.label(""));
    refusal(() -> ANIMALS.label("99999999999999999999"));
    refusal(() -> ClassNames.numbers(10).label("10"));
  }

  @Test
  void whereNamesAreNumbersTheyAreNamesAlone() {
    assertEquals(0, LETTERS.label("1"));
    assertEquals(25, LETTERS.label("26"));
    assertTrue(refusal(() -> LETTERS.label("0")).contains("no class \"0\""));
    ClassNames some = ClassNames.of(List.of("3", "other"));
    assertEquals(0, some.label("3"));
    refusal(() -> some.label("1"));
  }

  @Test
  void dataAreMatchedByNameWhereverTheNameStands() {
    ClassNames others = ClassNames.of(List.of("elk", "cat"));
    assertEquals(2, ANIMALS.labelOf(others, 0));
    assertEquals(0, ANIMALS.labelOf(others, 1));
    assertEquals(2, LETTERS.labelOf(ClassNames.numbers(10), 3));
    assertEquals(3, ClassNames.numbers(10).labelOf(ClassNames.of(List.of("2", "3")), 1));
    assertThrows(IndexOutOfBoundsException.class, () -> ANIMALS.labelOf(others, 2));
  }

  @Test
  void classesThatAreNotKnownAreRefusedWithBothLists() {
    ClassNames others = ClassNames.of(List.of("cat", "fox"));
    assertEquals(0, ANIMALS.labelOf(others, 0));
    String message = refusal(() -> ANIMALS.labelOf(others, 1));
    assertTrue(message.contains("class \"fox\" is none of the model's"), message);
    assertTrue(message.contains("are cat, dog, elk; the data's are cat, fox."), message);
    refusal(() -> ANIMALS.labelOf(ClassNames.numbers(3), 0));
    assertTrue(refusal(() -> LETTERS.labelOf(ClassNames.numbers(10), 0)).contains("26 in all"));
  }

  @Test
  void namesThatNobodyKnowsAreTakenInOrderOnlyWhereThereAreAsMany() {
    ClassNames three = ClassNames.numbers(3);
    assertTrue(three.isTakenInOrder(ANIMALS));
    assertEquals(2, three.labelOf(ANIMALS, 2));
    String message = refusal(() -> three.labelOf(ClassNames.of(List.of("cat", "elk")), 1));
    assertTrue(message.contains("have no names, only the numbers 0 to 2"), message);
    assertTrue(message.contains("cat, elk"), message);
    ClassNames numbered = ClassNames.of(List.of("1", "2", "3"));
    assertFalse(three.isTakenInOrder(numbered));
    assertEquals(1, three.labelOf(numbered, 0));
    refusal(() -> three.labelOf(numbered, 2));
    assertFalse(ANIMALS.isTakenInOrder(ClassNames.of(List.of("ant", "bee", "cow"))));
  }

  @Test
  void namesAreAllDifferentAndCanBeShown() {
    assertTrue(refusal(() -> ClassNames.of(List.of("a", "b", "a"))).contains("0 and 2 are both"));
    assertTrue(refusal(() -> ClassNames.of(List.of())).contains("at least one class"));
    assertTrue(refusal(() -> ClassNames.of(List.of("a", " "))).contains("blank"));
    assertTrue(refusal(() -> ClassNames.of(List.of("a\u001b[2J"))).contains("a?[2J"));
    refusal(() -> ClassNames.of(List.of("a\nb")));
    refusal(() -> ClassNames.of(List.of("\ud800")));
    refusal(() -> ClassNames.of(List.of("x".repeat(256))));
    refusal(() -> ClassNames.numbers(0));
    refusal(() -> ClassNames.numbers((1 << 16) + 1));
  }

  @Test
  void aNameIsTheSameFromEveryFileSystem() {
    ClassNames composed = ClassNames.of(List.of("caf\u00e9"));
    ClassNames decomposed = ClassNames.of(List.of("cafe\u0301"));
    assertEquals(composed, decomposed);
    assertEquals(0, composed.label("cafe\u0301"));
    refusal(() -> ClassNames.of(List.of("caf\u00e9", "cafe\u0301")));
  }

  @Test
  void namesAndNumbersAreNotTheSame() {
    assertNotEquals(ClassNames.numbers(2), ClassNames.of(List.of("0", "1")));
    assertEquals(ClassNames.numbers(2), ClassNames.numbers(2));
    assertEquals(ClassNames.numbers(2).hashCode(), ClassNames.numbers(2).hashCode());
    assertEquals("0 to 9", ClassNames.numbers(10).toString());
    assertEquals("cat, dog, elk", ANIMALS.toString());
    assertTrue(LETTERS.toString().endsWith("11, 12, ... (26 in all)"), LETTERS.toString());
  }
}
