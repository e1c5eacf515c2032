package io.weft.tensorflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.StatelessWhile;
import org.tensorflow.types.TBool;
import org.tensorflow.types.family.TType;

/** The named tensors that a loop in a graph carries along, and how to make loops of them. */
final class StepState {

  private record Variable(Class<? extends TType> type, Shape shape) {}

  /** Their values at one place. */
  static final class Values {
    private final Map<String, Operand<? extends TType>> operands = new LinkedHashMap<>();

    /** Returns a value; the caller knows its type. */
    @SuppressWarnings("unchecked")
    <T extends TType> Operand<T> get(String name) {
      return (Operand<T>) operands.get(name);
    }

    void set(String name, Operand<? extends TType> value) {
      operands.put(name, value);
    }
  }

  private final Map<String, Variable> variables = new LinkedHashMap<>();

  /** Declares a tensor. */
  void declare(String name, Class<? extends TType> type, Shape shape) {
    variables.put(name, new Variable(type, shape));
  }

  /** Returns all names in order. */
  List<String> names() {
    return List.copyOf(variables.keySet());
  }

  /** Returns the shape of a tensor. */
  Shape shape(String name) {
    return variables.get(name).shape();
  }

  /** Returns the element type of a tensor. */
  Class<? extends TType> type(String name) {
    return variables.get(name).type();
  }

  /** What a function does with the values. */
  interface Step {
    void run(Ops tf, Values values);
  }

  /** Whether a loop goes on. */
  interface Condition {
    Operand<TBool> holds(Ops tf, Values values);
  }

  /**
   * Adds a loop to a graph.
   *
   * @param name of the loop, which no other loop has
   * @param start the values before it; those after it when this returns
   */
  void loop(Ops tf, String name, Values start, Condition condition, Step body) {
    try (ConcreteFunction goesOn =
            function(
                name + "_condition",
                (ops, values) -> Map.of("holds", condition.holds(ops, values)));
        ConcreteFunction once = function(name + "_body", (ops, values) -> all(ops, body, values))) {
      List<Operand<?>> inputs =
          names().stream().<Operand<?>>map(n -> start.operands.get(n)).toList();
      StatelessWhile loop = StatelessWhile.create(tf.scope(), inputs, goesOn, once);
      int at = 0;
      for (String n : names()) {
        start.set(n, loop.output().get(at++));
      }
    }
  }

  private Map<String, Operand<?>> all(Ops tf, Step body, Values values) {
    body.run(tf, values);
    Map<String, Operand<?>> results = new LinkedHashMap<>();
    // A function that returns an argument as it is fails.
    names().forEach(n -> results.put(n, tf.identity(values.operands.get(n))));
    return results;
  }

  /** Returns a function of all values. */
  private ConcreteFunction function(String name, Body body) {
    Function<Ops, Signature> build =
        tf -> {
          Values values = new Values();
          Signature.Builder signature = Signature.builder(name);
          variables.forEach(
              (n, variable) -> {
                Placeholder<? extends TType> input =
                    tf.placeholder(variable.type(), Placeholder.shape(variable.shape()));
                signature.input(n, input);
                values.set(n, input);
              });
          body.results(tf, values).forEach((n, value) -> signature.output(n + "_out", value));
          return signature.build();
        };
    return ConcreteFunction.create(build);
  }

  private interface Body {
    Map<String, Operand<?>> results(Ops tf, Values values);
  }
}
