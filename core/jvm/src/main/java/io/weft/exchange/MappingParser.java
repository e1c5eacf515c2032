package io.weft.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what stands behind the "=" of a {@link WeightMapping}'s line. */
final class MappingParser {

  private static final Pattern TOKEN =
      Pattern.compile("\\s*(\"[^\"]*\"|[A-Za-z0-9_./-]+|[(),\\[\\]:+]|\\S)");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE]-?[0-9]+)?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_./-]+");
  private static final int DEEPEST = 32;

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private int at;
  private int depth;

  private MappingParser(String text) {
    this.text = text;
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.lookingAt()) {
      tokens.add(matcher.group(1));
      matcher.region(matcher.end(), text.length());
    }
  }

  /**
   * Returns the formula that a text is.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Formula parse(String text) {
    MappingParser parser = new MappingParser(text);
    Formula formula = parser.sum();
    if (parser.at < parser.tokens.size()) {
      throw parser.unexpected("the end of the line");
    }
    return formula;
  }

  private Formula sum() {
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("more than " + DEEPEST + " brackets within each other");
    }
    Formula sum = term();
    while (taken("+")) {
      Formula left = sum;
      Formula right = term();
      sum = (place, taking) -> left.of(place, taking).plus(right.of(place, taking));
    }
    depth--;
    return sum;
  }

  private Formula term() {
    String token = next("an array's name, a number or a function");
    if (NUMBER.matcher(token).matches() && !isNext("[")) {
      return Formula.filled(Float.parseFloat(token));
    }
    Formula term = isNext("(") ? call(token) : Formula.named(name(token));
    while (taken("[")) {
      term = part(term);
    }
    return term;
  }

  private Formula call(String function) {
    expect("(");
    Formula result =
        switch (function) {
          case "torch" -> torch();
          case "transpose" -> transpose();
          case "reshape" -> reshape();
          case "join" -> join();
          case "normalised" -> normalised();
          default ->
              throw new IllegalArgumentException(
                  "found the function "
                      + function
                      + "; expected torch, transpose, reshape, join or normalised");
        };
    expect(")");
    return result;
  }

  private Formula torch() {
    String first = at < tokens.size() ? tokens.get(at) : "";
    boolean isName = at + 1 < tokens.size() && tokens.get(at + 1).equals(")");
    if (isName) {
      at++;
      return new Formula.Torch(name(first));
    }
    return Formula.torch(sum());
  }

  private Formula transpose() {
    Formula of = sum();
    int[] axes = numbers();
    return (place, taking) -> of.of(place, taking).transposed(axes);
  }

  private Formula reshape() {
    Formula of = sum();
    List<Integer> sizes = java.util.Arrays.stream(numbers()).boxed().toList();
    return (place, taking) -> of.of(place, taking).reshaped(sizes);
  }

  private Formula join() {
    int axis = number();
    List<Formula> parts = new ArrayList<>();
    while (taken(",")) {
      parts.add(sum());
    }
    return (place, taking) -> {
      List<Tensor> tensors = new ArrayList<>();
      for (Formula part : parts) {
        tensors.add(part.of(place, taking));
      }
      return Tensor.joined(axis, tensors);
    };
  }

  private Formula normalised() {
    Formula lengths = sum();
    expect(",");
    Formula directions = sum();
    return (place, taking) -> directions.of(place, taking).withLengths(lengths.of(place, taking));
  }

  /** NumPy's slices: "2:4" of the first axis, ":, 2:4" of the second. */
  private Formula part(Formula of) {
    int axis = 0;
    while (isNext(":") && tokens.size() > at + 1 && tokens.get(at + 1).equals(",")) {
      at += 2;
      axis++;
    }
    int from = number();
    expect(":");
    int to = number();
    expect("]");
    int chosen = axis;
    return (place, taking) -> of.of(place, taking).part(chosen, from, to);
  }

  private int[] numbers() {
    List<Integer> numbers = new ArrayList<>();
    while (taken(",")) {
      numbers.add(number());
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  private int number() {
    String token = next("a whole number from 0");
    try {
      return Integer.parseUnsignedInt(token);
    } catch (NumberFormatException e) {
      at--;
      throw unexpected("a whole number from 0");
    }
  }

  private String name(String token) {
    if (token.startsWith("\"") && token.length() > 2) {
      return token.substring(1, token.length() - 1);
    }
    if (!NAME.matcher(token).matches()) {
      at--;
      throw unexpected("an array's name, in quotation marks where it has other signs than _ . / -");
    }
    return token;
  }

  private boolean isNext(String token) {
    return at < tokens.size() && tokens.get(at).equals(token);
  }

  private boolean taken(String token) {
    if (isNext(token)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(String token) {
    if (!taken(token)) {
      throw unexpected("\"" + token + "\"");
    }
  }

  private String next(String expected) {
    if (at >= tokens.size()) {
      throw unexpected(expected);
    }
    return tokens.get(at++);
  }

  private IllegalArgumentException unexpected(String expected) {
    return new IllegalArgumentException(
        "found "
            + (at < tokens.size() ? "\"" + tokens.get(at) + "\"" : "the end")
            + " in \""
            + text.strip()
            + "\"; expected "
            + expected);
  }
}
