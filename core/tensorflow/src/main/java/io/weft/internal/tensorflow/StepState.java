package io.weft.internal.tensorflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Operands;
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

  /**
   * Adds a function to a graph that XLA compiles as a whole, and calls it.
   *
   * @param name of the function, which no other one has
   * @param values what the function takes; the results are set when this returns
   * @param results the names of the values that the function returns
   */
  void compiled(Ops tf, String name, Values values, List<String> results, Step body) {
    try (ConcreteFunction function =
        function(
            name,
            (ops, inner) -> {
              body.run(ops, inner);
              return identities(ops, inner, results);
            })) {
      OperationBuilder call =
          tf.scope().env().opBuilder("StatefulPartitionedCall", name + "_call", tf.scope());
      Output<?>[] inputs =
          names().stream().map(n -> values.operands.get(n).asOutput()).toArray(Output<?>[]::new);
      call.addInputList(inputs);
      call.setAttr("Tin", Operands.toDataTypes(types(names())));
      call.setAttr("Tout", Operands.toDataTypes(types(results)));
      call.setAttr("f", function);
      call.setAttr("_XlaMustCompile", true);
      call.setAttr("_noinline", true);
      Operation built = call.build();
      for (int i = 0; i < results.size(); i++) {
        values.set(results.get(i), built.output(i));
      }
    }
  }

  private List<Class<? extends TType>> types(List<String> names) {
    return names.stream().<Class<? extends TType>>map(n -> variables.get(n).type()).toList();
  }

  private Map<String, Operand<?>> all(Ops tf, Step body, Values values) {
    body.run(tf, values);
    return identities(tf, values, names());
  }

  /** A function that returns an argument as it is fails. */
  private static Map<String, Operand<?>> identities(Ops tf, Values values, List<String> names) {
    Map<String, Operand<?>> results = new LinkedHashMap<>();
    names.forEach(n -> results.put(n, tf.identity(values.operands.get(n))));
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
    return GraphOps.function(build);
  }

  private interface Body {
    Map<String, Operand<?>> results(Ops tf, Values values);
  }
}
