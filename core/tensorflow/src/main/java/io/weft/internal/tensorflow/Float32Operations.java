package io.weft.internal.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.Session;

/**
 * The operations that a graph whose products are in bfloat16 computes in float32 all the same.
 * TensorFlow chooses for most operations between products by what lies around them; only what a run
 * asks for by name stays as it is.
 */
final class Float32Operations {

  /** Adds up in the type that it is in, and bfloat16 soon takes no further summand. */
  private static final Set<String> SUMS = Set.of("BiasAddGrad");

  /** Take longer in bfloat16, number by number, than in float32 with what turns them there. */
  private static final Set<String> FUNCTIONS =
      Set.of("Tanh", "TanhGrad", "Sigmoid", "SigmoidGrad", "Elu", "EluGrad");

  private final List<Operation> operations = new ArrayList<>();

  private Float32Operations() {}

  /** Returns none: for a graph that is in float32 anyway. */
  static Float32Operations none() {
    return new Float32Operations();
  }

  /** Returns those among what the graph has by now. */
  static Float32Operations of(Graph graph) {
    Float32Operations found = new Float32Operations();
    graph.operations().forEachRemaining(found::consider);
    return found;
  }

  private void consider(Operation operation) {
    if (SUMS.contains(operation.type()) || FUNCTIONS.contains(operation.type())) {
      operations.add(operation);
    }
  }

  /** Asks for them in a run that needs them anyway. */
  Session.Runner in(Session.Runner runner) {
    operations.forEach(runner::addTarget);
    return runner;
  }
}
