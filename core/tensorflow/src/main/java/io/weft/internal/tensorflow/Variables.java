package io.weft.internal.tensorflow;

import io.weft.expression.Parameter;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Resource variables, one for each parameter, and the way to and from arrays. */
final class Variables {

  private final Map<String, Slot> slots = new LinkedHashMap<>();

  private record Slot(
      Operand<? extends TType> handle,
      Operand<TFloat32> value,
      Placeholder<TFloat32> feed,
      Op assign,
      Shape shape) {}

  /**
   * Makes variables in a graph.
   *
   * @param prefix what distinguishes these variables from others of the same parameters
   * @param wanted which parameters get one
   */
  Variables(Ops tf, String prefix, Map<String, Parameter> parameters, Predicate<Parameter> wanted) {
    parameters.forEach(
        (name, parameter) -> {
          if (wanted.test(parameter)) {
            slots.put(name, slot(tf, prefix + "/" + name, parameter));
          }
        });
  }

  /** Returns the sizes of a parameter as TensorFlow has them. */
  static Shape shape(Parameter parameter) {
    return Shape.of(parameter.dimensions().stream().mapToLong(Integer::longValue).toArray());
  }

  private static Slot slot(Ops tf, String name, Parameter parameter) {
    Shape shape = shape(parameter);
    // Without a shared name all handles of a graph would be one variable.
    VarHandleOp handle = tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
    Placeholder<TFloat32> feed = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    return new Slot(
        handle,
        tf.readVariableOp(handle, TFloat32.class),
        feed,
        tf.assignVariableOp(handle, feed),
        shape);
  }

  /** Returns the value of one variable as read at the start of a step. */
  Operand<TFloat32> value(String name) {
    return slots.get(name).value();
  }

  /** Returns the handle of one variable. */
  Operand<? extends TType> handle(String name) {
    return slots.get(name).handle();
  }

  /** Returns the values of all variables by name. */
  Map<String, Operand<TFloat32>> values() {
    Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
    slots.forEach((name, slot) -> values.put(name, slot.value()));
    return values;
  }

  /**
   * Sets every variable; {@code arrays} may hold more than these.
   *
   * @throws IllegalArgumentException if an array is missing or has another length
   */
  void assign(Session session, Map<String, float[]> arrays) {
    assignAll(session, Map.of(this, arrays));
  }

  /**
   * Sets the variables of several sets, as above. All in one run: TensorFlow prepares each new
   * combination of feeds and targets anew, which costs more than the copying, and with a recurrence
   * of many operations a good part of a second.
   */
  static void assignAll(Session session, Map<Variables, Map<String, float[]>> sets) {
    sets.forEach(
        (set, arrays) -> set.slots.forEach((name, slot) -> check(name, slot, arrays.get(name))));
    List<TFloat32> fed = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      sets.forEach(
          (set, arrays) ->
              set.slots.forEach(
                  (name, slot) -> {
                    TFloat32 value =
                        TFloat32.tensorOf(
                            slot.shape(), DataBuffers.of(arrays.get(name), true, false));
                    fed.add(value);
                    runner.feed(slot.feed(), value).addTarget(slot.assign());
                  }));
      if (!fed.isEmpty()) {
        runner.run().close();
      }
    } finally {
      fed.forEach(TFloat32::close);
    }
  }

  /** Sets every variable to the value of its parameter, as above. */
  void assign(Session session, Weights weights) {
    assign(session, arrays(weights));
  }

  /** Returns copies of all weights by name. */
  static Map<String, float[]> arrays(Weights weights) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    weights.names().forEach(name -> arrays.put(name, weights.values(name)));
    return arrays;
  }

  private static void check(String name, Slot slot, float @Nullable [] array) {
    if (array == null || array.length != slot.shape().size()) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + " takes "
              + slot.shape().size()
              + " values, found "
              + (array == null ? "none" : array.length)
              + "; these are the weights of another model");
    }
  }

  /** Returns copies of all variables. */
  Map<String, float[]> fetch(Session session) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    Session.Runner runner = session.runner();
    slots.values().forEach(slot -> runner.fetch(slot.value()));
    try (var result = runner.run()) {
      int at = 0;
      for (String name : slots.keySet()) {
        arrays.put(name, floats(result.get(at++)));
      }
    }
    return arrays;
  }

  /** Copies a float32 tensor. */
  static float[] floats(Tensor tensor) {
    TFloat32 values = (TFloat32) tensor;
    float[] array = new float[Math.toIntExact(values.size())];
    values.asRawTensor().data().asFloats().read(array);
    return array;
  }
}
