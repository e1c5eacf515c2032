package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The state-to-state part of the recurrent layers of PixelRNN (van den Oord et al. 2016, section
 * 3.1 and 3.2, equation 3): a long short-term memory at every position, which goes on from its own
 * states at other positions.
 *
 * <p>Input [height, width, 4h]: what the input-to-state convolution gives for the gates o, f, i and
 * g, h maps each, with its bias. Output [height, width, 2h]: the h maps of the hidden state, then
 * those of the cell state. With p the hidden states at the places {@code hidden}, side by side, and
 * the cell state c' at the place {@code cell}, all zero outside the image:
 *
 * <pre>
 * [o f i g] = input + p K        (o, f, i: logistic; g: tanh)
 * c = f c' + i g
 * h = o tanh(c)
 * </pre>
 *
 * <p>K is the parameter "kernel", [places, h, 4h]. States cross between maps and between places by
 * it alone; of the cell state each map goes on by itself, one way.
 *
 * @param hidden where hidden states are read
 * @param cell where the cell state is read
 */
public record ConvolutionalLstm(List<KernelPlace> hidden, KernelPlace cell) implements Layer {

  private static final int GATES = 4;

  private static final KernelPlace ABOVE = new KernelPlace(-1, 0);

  /**
   * Freezes the list and checks it.
   *
   * @throws IllegalArgumentException if no hidden state is read, or one twice
   */
  public ConvolutionalLstm {
    hidden = List.copyOf(hidden);
    Objects.requireNonNull(cell, "cell");
    if (hidden.isEmpty() || hidden.stream().distinct().count() < hidden.size()) {
      throw new IllegalArgumentException(
          "a recurrence reads hidden states at one place or more, each once; found " + hidden);
    }
  }

  /**
   * Returns the recurrence of the Row LSTM (section 3.1): the states of {@code kernel} positions of
   * the row above, around the own column.
   *
   * @param kernel how many, odd
   * @throws IllegalArgumentException if that is even or below 1
   */
  public static ConvolutionalLstm rows(int kernel) {
    if (kernel < 1 || kernel % 2 == 0) {
      throw new IllegalArgumentException(
          "the kernel of a Row LSTM is odd, so that it has a centre; found " + kernel);
    }
    List<KernelPlace> above =
        IntStream.rangeClosed(-kernel / 2, kernel / 2)
            .mapToObj(column -> new KernelPlace(-1, column))
            .toList();
    return new ConvolutionalLstm(above, ABOVE);
  }

  /**
   * Returns one direction of the Diagonal BiLSTM (section 3.2): the states on the left and above,
   * the cell state from the left.
   */
  public static ConvolutionalLstm leftToRight() {
    return diagonal(-1);
  }

  /**
   * Returns the other direction: the states on the right and above, the cell state from the right.
   * Its result at a row has seen all of that row, so it must be shifted down by one row before
   * anything of that row may read it.
   */
  public static ConvolutionalLstm rightToLeft() {
    return diagonal(1);
  }

  private static ConvolutionalLstm diagonal(int beside) {
    KernelPlace neighbour = new KernelPlace(0, beside);
    return new ConvolutionalLstm(List.of(neighbour, ABOVE), neighbour);
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    if (in.maps() % GATES != 0) {
      throw new IllegalArgumentException(
          "takes an equal number of maps for each of 4 gates, found " + in.maps() + " maps");
    }
    return in.withMaps(in.maps() / 2);
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape own = shape(inputs);
    int units = own.maps() / 2;
    // One read for each place: of one that both states are read at, each is a part.
    Map<KernelPlace, Expression> states = new HashMap<>();
    Stream.concat(hidden.stream(), Stream.of(cell))
        .forEach(p -> states.computeIfAbsent(p, at -> inputs.own(own, at.row(), at.column())));
    Expression before =
        Expression.concat(hidden.stream().map(p -> states.get(p).slice(0, units)).toList());
    Parameter kernel =
        Parameter.weight(
            "kernel",
            Initializer.glorot(hidden.size() * units, GATES * units),
            hidden.size(),
            units,
            GATES * units);
    Expression gates = before.times(kernel).plus(inputs.read(0));
    Expression logistic = gates.slice(0, 3 * units).map(Unary.SIGMOID);
    Expression output = logistic.slice(0, units);
    Expression forget = logistic.slice(units, units);
    Expression input = logistic.slice(2 * units, units);
    Expression content = gates.slice(3 * units, units).map(Unary.TANH);
    Expression memory = states.get(cell).slice(units, units);
    Expression state = forget.times(memory).plus(input.times(content));
    return Expression.concat(List.of(output.times(state.map(Unary.TANH)), state));
  }

  @Override
  public String summary() {
    return label()
        + ", h at "
        + String.join(" ", hidden.stream().map(ConvolutionalLstm::words).toList())
        + ", c at "
        + words(cell);
  }

  private static String words(KernelPlace place) {
    return String.format(Locale.ROOT, "(%+d, %+d)", place.row(), place.column());
  }

  @Override
  public String label() {
    return "lstm";
  }
}
