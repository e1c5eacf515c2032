package io.weft.data;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The order in which classes are numbered by their names: those that are numbers first, by their
 * value, so that 2 comes before 10; then the others as text.
 */
final class NameOrder {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  static final Comparator<String> BY_NUMBER =
      Comparator.comparing(
              NameOrder::number,
              Comparator.comparing(
                  value -> value.orElse(null), Comparator.nullsLast(Comparator.naturalOrder())))
          .thenComparing(Comparator.naturalOrder());

  private NameOrder() {}

  private static Optional<BigDecimal> number(String name) {
    return NUMBER.matcher(name).matches() ? Optional.of(new BigDecimal(name)) : Optional.empty();
  }
}
