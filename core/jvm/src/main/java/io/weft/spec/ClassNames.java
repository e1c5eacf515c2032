package io.weft.spec;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What classes are called, in the order of their labels, the numbers from 0. A name is what a class
 * is known by from one set of data to another and from data to a model; its label is only its place
 * in one list. Immutable.
 *
 * <p>Classes without names of their own ({@link #numbers}) are called by their labels, "0", "1" and
 * so on.
 */
public final class ClassNames implements Serializable {

  /** A class condition is a one-hot feature, and a feature has no more maps. */
  private static final int MOST = 1 << 16;

  private static final int LONGEST = 255;

  /** Of a label as somebody writes it. */
  private static final int MOST_DIGITS = 9;

  /** More names are not shown in a message. */
  private static final int SHOWN = 12;

  private static final Predicate<String> NUMBER = Pattern.compile("[0-9]+").asMatchPredicate();

  private final boolean isNumbered;
  private final List<String> names;
  private final Map<String, Integer> labels;
  private final boolean hasNumbers;

  private ClassNames(boolean isNumbered, List<String> names, Map<String, Integer> labels) {
    this.isNumbered = isNumbered;
    this.names = names;
    this.labels = labels;
    hasNumbers = isNumbered || names.stream().anyMatch(NUMBER);
  }

  /**
   * Returns the names of classes. They are kept in Unicode's composed form (NFC), so that a name
   * does not depend on the file system that it was read from.
   *
   * @param names of label 0, 1 and so on; 1 to 65536, all different, each of 1 to 255 characters of
   *     which not all are blank and none is a control character
   * @throws IllegalArgumentException if they are not as said
   */
  public static ClassNames of(List<String> names) {
    checkCount(names.size());
    Map<String, Integer> labels = new LinkedHashMap<>();
    for (String name : names) {
      Integer other = labels.putIfAbsent(checked(name), labels.size());
      if (other != null) {
        throw new IllegalArgumentException(
            "classes "
                + other
                + " and "
                + labels.size()
                + " are both named \""
                + name
                + "\"; classes are known by their names, rename one");
      }
    }
    return new ClassNames(false, List.copyOf(labels.keySet()), labels);
  }

  /**
   * Returns classes that have labels alone.
   *
   * @param count how many, 1 to 65536
   * @throws IllegalArgumentException if the number is out of range
   */
  public static ClassNames numbers(int count) {
    checkCount(count);
    return new ClassNames(true, new Numbers(count), Map.of());
  }

  /** The numbers below a count, made when they are asked for: a count may be anybody's. */
  private static final class Numbers extends AbstractList<String> implements Serializable {
    private final int count;

    Numbers(int count) {
      this.count = count;
    }

    @Override
    public String get(int label) {
      return Integer.toString(Objects.checkIndex(label, count));
    }

    @Override
    public int size() {
      return count;
    }
  }

  private static void checkCount(int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "expected at least one class, and at most 2^16; found " + count);
    }
  }

  private static String checked(String name) {
    Objects.requireNonNull(name, "class name");
    String composed = Normalizer.normalize(name, Normalizer.Form.NFC);
    if (composed.isBlank()
        || composed.length() > LONGEST
        || composed.codePoints().anyMatch(Character::isISOControl)
        || !StandardCharsets.UTF_8.newEncoder().canEncode(composed)) {
      throw new IllegalArgumentException(
          "a class's name has 1 to "
              + LONGEST
              + " characters, not all blank, none a control character; found \""
              + shortened(composed).replaceAll("\\p{Cntrl}", "?")
              + "\"");
    }
    return composed;
  }

  private static String shortened(String name) {
    return name.length() > 80 ? name.substring(0, 80) + "..." : name;
  }

  /** Returns the number of classes, at least 1. */
  public int count() {
    return names.size();
  }

  /** Returns the names by label; of classes that have labels alone, those. Immutable. */
  public List<String> list() {
    return names;
  }

  /** Returns whether the classes have labels alone. */
  public boolean areNumbers() {
    return isNumbered;
  }

  /**
   * Returns what a class is called.
   *
   * @param label 0 to count() - 1
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public String name(int label) {
    return names.get(label);
  }

  /**
   * Returns the label of the class that somebody means: the one of that name, or where no class is
   * called by a number, the one of that number.
   *
   * @param nameOrNumber a name, or a label in digits
   * @throws IllegalArgumentException if there is no such class; the message has those that are
   */
  public int label(String nameOrNumber) {
    OptionalInt named = find(Normalizer.normalize(nameOrNumber, Normalizer.Form.NFC));
    OptionalInt meant = named.isEmpty() && !hasNumbers ? number(nameOrNumber) : named;
    return meant.orElseThrow(
        () ->
            new IllegalArgumentException(
                "there is no class \""
                    + shortened(nameOrNumber)
                    + "\"; the classes are "
                    + this
                    + (hasNumbers ? "" : ", or by number 0 to " + (count() - 1))));
  }

  private OptionalInt find(String name) {
    if (isNumbered) {
      boolean isCanonical = name.equals("0") || !name.startsWith("0");
      return isCanonical ? number(name) : OptionalInt.empty();
    }
    Integer label = labels.get(name);
    return label == null ? OptionalInt.empty() : OptionalInt.of(label);
  }

  /** The label that some digits say, if it is one. */
  private OptionalInt number(String digits) {
    if (!NUMBER.test(digits) || digits.length() > MOST_DIGITS) {
      return OptionalInt.empty();
    }
    int number = Integer.parseInt(digits);
    return number < count() ? OptionalInt.of(number) : OptionalInt.empty();
  }

  /**
   * Returns the label that a class of some data has here: that of the same name, wherever it stands
   * in the data's list.
   *
   * <p>Classes that have labels alone are those of the data that are called by these numbers. If
   * the data call none by a number, and have as many, they are taken in their order: nothing better
   * is known.
   *
   * @param data what the data call their classes
   * @param label a label of the data, 0 to data.count() - 1
   * @throws IllegalArgumentException if there is no such class here; the message has both lists
   * @throws IndexOutOfBoundsException if there is no such label
   */
  public int labelOf(ClassNames data, int label) {
    String name = data.name(label);
    OptionalInt same = find(name);
    if (same.isPresent()) {
      return same.getAsInt();
    }
    if (isTakenInOrder(data)) {
      return label;
    }
    throw new IllegalArgumentException(
        "the data's class \""
            + name
            + "\" is none of the model's. The model's classes "
            + (isNumbered ? "have no names, only the numbers " : "are ")
            + this
            + "; the data's are "
            + data
            + ". "
            + (isNumbered
                ? "Take a model that was declared with their names, or name them by its numbers"
                : "Name them alike, or leave the others out"));
  }

  /**
   * Returns whether data whose classes have names are taken in their order, because these classes
   * have labels alone. Worth a word to whoever gave the data.
   */
  public boolean isTakenInOrder(ClassNames data) {
    return isNumbered && !data.hasNumbers && data.count() == count();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassNames that
        && isNumbered == that.isNumbered
        && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return isNumbered ? count() : names.hashCode();
  }

  /** Returns the names in words, such as "cat, dog, elk"; of many, the first and how many. */
  @Override
  public String toString() {
    if (count() > 1 && names.equals(new Numbers(count()))) {
      return "0 to " + (count() - 1);
    }
    String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return count() > SHOWN ? shown + ", ... (" + count() + " in all)" : shown;
  }
}
