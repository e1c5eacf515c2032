package io.weft.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.spec.DefinitionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Damages texts in many ways: each is read as a definition or refused as one, nothing else. */
class MutatedJsonTest {

  private static final DefinitionJson JSON = DefinitionJson.standard();
  private static final int MUTATIONS = 150;

  private static final Pattern TOKEN =
      Pattern.compile("\"[^\"]*\"|-?[0-9][0-9.eE+-]*|true|false|null|[{}\\[\\],:]");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1",
          "2",
          "3",
          "7",
          "255",
          "4096",
          "65536",
          "2147483647",
          "99999999999999999999",
          "1e400",
          "0.5",
          "NaN",
          "\"\"",
          "\"image\"",
          "\"A\"",
          "\"B\"",
          "\"gate\"",
          "\"type\"",
          "\"\\u0000\"",
          "{}",
          "[]",
          "[[[]]]",
          "{\"type\": \"add\"}");

  /** A way to damage a text. */
  private interface Mutation {
    String of(String text, List<MatchResult> tokens, Random random);
  }

  @TestFactory
  Stream<DynamicTest> whateverTheDamage() {
    return Stream.of(
        damage("truncated", (text, tokens, random) -> text.substring(0, at(text, random))),
        damage("a character changed", MutatedJsonTest::flip),
        damage("a token deleted", (text, tokens, random) -> replace(text, one(tokens, random), "")),
        damage(
            "a token replaced",
            (text, tokens, random) ->
                replace(text, one(tokens, random), VALUES.get(random.nextInt(VALUES.size())))),
        damage("two tokens swapped", MutatedJsonTest::swap),
        damage("two values swapped", MutatedJsonTest::swapValues),
        damage(
            "a line deleted",
            (text, tokens, random) -> {
              List<String> lines = new ArrayList<>(text.lines().toList());
              lines.remove(random.nextInt(lines.size()));
              return String.join("\n", lines);
            }),
        damage(
            "a line doubled",
            (text, tokens, random) -> {
              List<String> lines = new ArrayList<>(text.lines().toList());
              int line = random.nextInt(lines.size());
              lines.add(line, lines.get(line));
              return String.join("\n", lines);
            }));
  }

  private static DynamicTest damage(String name, Mutation mutation) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          Random random = new Random(name.hashCode());
          List<String> texts =
              Stream.of(Models.everyLayer(), Models.conditional(Models.COLOUR), Models.bernoulli())
                  .map(JSON::write)
                  .toList();
          int refused = 0;
          for (int i = 0; i < MUTATIONS; i++) {
            String text = texts.get(i % texts.size());
            refused += refused(mutation.of(text, tokens(text), random)) ? 1 : 0;
          }
          assertTrue(refused > 0, "no damage was noticed");
        });
  }

  private static boolean refused(String text) {
    Definition definition;
    try {
      definition = JSON.read(text);
    } catch (DefinitionException e) {
      assertTrue(!e.getMessage().isBlank() && e.getMessage().length() < 2000, e.getMessage());
      return true;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("a foreign error for\n" + text, e);
    }
    assertEquals(definition, JSON.read(JSON.write(definition)));
    return false;
  }

  private static List<MatchResult> tokens(String text) {
    return TOKEN.matcher(text).results().toList();
  }

  private static int at(String text, Random random) {
    return random.nextInt(text.length());
  }

  private static MatchResult one(List<MatchResult> tokens, Random random) {
    return tokens.get(random.nextInt(tokens.size()));
  }

  private static String replace(String text, MatchResult token, String by) {
    return text.substring(0, token.start()) + by + text.substring(token.end());
  }

  private static String flip(String text, List<MatchResult> tokens, Random random) {
    char[] characters = text.toCharArray();
    characters[at(text, random)] = (char) (' ' + random.nextInt(95));
    return new String(characters);
  }

  private static String swap(String text, List<MatchResult> tokens, Random random) {
    MatchResult a = one(tokens, random);
    MatchResult b = one(tokens, random);
    MatchResult first = a.start() <= b.start() ? a : b;
    MatchResult second = first == a ? b : a;
    return replace(replace(text, second, first.group()), first, second.group());
  }

  /** Swaps among the values alone, so that the text stays JSON. */
  private static String swapValues(String text, List<MatchResult> tokens, Random random) {
    List<MatchResult> values =
        tokens.stream()
            .filter(t -> t.group().matches("[\"0-9].*"))
            .filter(t -> !text.startsWith(":", t.end()))
            .toList();
    return swap(text, values, random);
  }
}
