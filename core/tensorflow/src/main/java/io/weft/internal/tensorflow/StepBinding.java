package io.weft.internal.tensorflow;

import io.weft.expression.Connectivity;
import io.weft.expression.Parameter;
import io.weft.internal.step.GroupProgram;
import io.weft.internal.step.Instruction;
import io.weft.internal.step.MapRun;
import io.weft.internal.step.StepProgram;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The part of a step program that depends on weights only, as a graph of its own: matrices packed
 * to the rows and columns in use, and constants. All in one vector, so that the graph that draws
 * takes one array and never has to be compiled anew.
 */
final class StepBinding implements AutoCloseable {

  // Slices that begin at a multiple of this are views: 64 bytes.
  private static final int ALIGNMENT = 16;

  /**
   * A value in the vector.
   *
   * @param name distinguishes it
   * @param from where it begins
   * @param shape [rows, columns] of a matrix, [maps] of a constant
   */
  record Piece(String name, int from, Shape shape) {}

  private final StepProgram program;
  private final Map<String, Piece> pieces = new LinkedHashMap<>();
  private final NativeGraph graph;
  private final Ops tf;
  private final Variables variables;
  private final Operand<TFloat32> vector;
  private int size;

  private StepBinding(StepProgram program, NativeGraph graph) {
    this.program = program;
    this.graph = graph;
    tf = graph.ops();
    variables = new Variables(tf, "weights", program.definition().graph().parameters(), p -> true);
    List<Operand<TFloat32>> parts = new ArrayList<>();
    int[] largest = program.largestCalls();
    for (GroupProgram group : program.groups()) {
      if (largest[group.group()] > 0) {
        bind(group, parts);
      }
    }
    // Concat takes at least two.
    parts.add(tf.constant(new float[ALIGNMENT]));
    parts.add(tf.constant(new float[ALIGNMENT]));
    size += 2 * ALIGNMENT;
    vector = tf.concat(parts, tf.constant(0));
  }

  static StepBinding of(StepProgram program, TensorFlowEngine engine) {
    return CloseOnFailure.of(engine.open(), graph -> new StepBinding(program, graph));
  }

  /** Returns the name of what an instruction of a group takes from the vector. */
  static String name(GroupProgram group, int instruction) {
    return "bound_" + group.group() + "_" + instruction;
  }

  /** Returns what the vector holds. */
  List<Piece> pieces() {
    return List.copyOf(pieces.values());
  }

  /** Returns the length of the vector. */
  int size() {
    return size;
  }

  /** Returns the vector for some weights. Threads take turns. */
  synchronized float[] bind(Weights weights) {
    return graph.use(
        session -> {
          variables.assign(session, weights);
          try (var result = session.runner().fetch(vector).run()) {
            return Variables.floats(result.get(0));
          }
        });
  }

  private void bind(GroupProgram group, List<Operand<TFloat32>> parts) {
    BitSet constants = group.constants();
    Map<Integer, Operand<TFloat32>> values = new HashMap<>();
    for (int i = 0; i < group.instructions().size(); i++) {
      Instruction instruction = group.instructions().get(i);
      if (constants.get(i)) {
        Operand<TFloat32> value = instruction.match(new Constants(values));
        values.put(i, value);
        add(name(group, i), value, Shape.of(instruction.width()), parts);
      } else if (instruction instanceof Instruction.Product product) {
        Shape shape = Shape.of(product.rows().size(), product.columns().size());
        add(name(group, i), matrix(product, values), shape, parts);
      } else if (instruction instanceof Instruction.LookupStep lookup) {
        add(name(group, i), table(lookup), Shape.of(lookup.levels(), lookup.width()), parts);
      }
    }
  }

  private void add(
      String name, Operand<TFloat32> value, Shape shape, List<Operand<TFloat32>> parts) {
    int length = Math.toIntExact(shape.size());
    int padding = (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
    pieces.put(name, new Piece(name, size, shape));
    parts.add(tf.reshape(value, tf.constant(new int[] {length})));
    if (padding > 0) {
      parts.add(tf.constant(new float[padding]));
    }
    size = Math.addExact(size, length + padding);
  }

  /** The row that each kind of instruction gives where it depends on parameters only. */
  private final class Constants implements Instruction.Cases<Operand<TFloat32>> {
    private final Map<Integer, Operand<TFloat32>> values;

    Constants(Map<Integer, Operand<TFloat32>> values) {
      this.values = values;
    }

    @Override
    public Operand<TFloat32> parameter(Instruction.Parameter parameter) {
      return tf.gather(
          tf.reshape(variables.value(parameter.parameter()), tf.constant(new int[] {-1})),
          tf.constant(ints(parameter.columns())),
          tf.constant(0));
    }

    @Override
    public Operand<TFloat32> columnNorms(Instruction.ColumnNorms norms) {
      Parameter parameter = program.definition().graph().parameters().get(norms.parameter());
      int[] rows = IntStream.range(0, parameter.rows()).toArray();
      Operand<TFloat32> matrix =
          part(norms.parameter(), rows, ints(norms.columns()), norms.connectivity());
      return tf.math.sqrt(tf.sum(tf.math.square(matrix), tf.constant(0)));
    }

    @Override
    public Operand<TFloat32> numbers(Instruction.Numbers numbers) {
      return tf.constant(Floats.of(numbers.values()));
    }

    @Override
    public Operand<TFloat32> copy(Instruction.Copy copy) {
      return joined(copy.runs(), values);
    }

    @Override
    public Operand<TFloat32> product(Instruction.Product product) {
      Operand<TFloat32> row =
          tf.reshape(joined(product.runs(), values), tf.constant(new int[] {1, -1}));
      Operand<TFloat32> result =
          tf.reshape(tf.linalg.matMul(row, matrix(product, values)), tf.constant(new int[] {-1}));
      return product.bias() == Instruction.Product.NONE
          ? result
          : tf.math.add(result, values.get(product.bias()));
    }

    @Override
    public Operand<TFloat32> lookup(Instruction.LookupStep lookup) {
      Operand<TInt32> level = Elementwise.level(tf, joined(lookup.runs(), values), lookup.levels());
      return tf.reshape(
          tf.gather(table(lookup), level, tf.constant(0)), tf.constant(new int[] {-1}));
    }

    @Override
    public Operand<TFloat32> unary(Instruction.UnaryStep unary) {
      return Elementwise.unary(tf, unary.function(), values.get(unary.operand()));
    }

    @Override
    public Operand<TFloat32> mean(Instruction.MeanStep mean) {
      return tf.reshape(
          Elementwise.mean(
              tf,
              tf.reshape(values.get(mean.operand()), tf.constant(new int[] {1, -1})),
              mean.width()),
          tf.constant(new int[] {-1}));
    }

    @Override
    public Operand<TFloat32> attend(Instruction.Attend attend) {
      throw new IllegalStateException("depends on what has been drawn: " + attend);
    }

    @Override
    public Operand<TFloat32> binary(Instruction.BinaryStep binary) {
      return Elementwise.binary(
          tf, binary.function(), values.get(binary.left()), values.get(binary.right()));
    }
  }

  /** The rows of a look-up, [levels, columns]. */
  private Operand<TFloat32> table(Instruction.LookupStep lookup) {
    Parameter table = program.definition().graph().parameters().get(lookup.table());
    int[] rows = IntStream.range(lookup.from(), lookup.from() + lookup.levels()).toArray();
    return part(
        lookup.table(),
        rows,
        ints(lookup.columns()),
        Connectivity.full(table.rows(), table.columns()));
  }

  private Operand<TFloat32> joined(List<MapRun> runs, Map<Integer, Operand<TFloat32>> values) {
    List<Operand<TFloat32>> parts = new ArrayList<>();
    for (MapRun run : runs) {
      parts.add(
          tf.slice(
              values.get(run.value()),
              tf.constant(new int[] {run.from()}),
              tf.constant(new int[] {run.length()})));
    }
    return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(0));
  }

  private Operand<TFloat32> matrix(
      Instruction.Product product, Map<Integer, Operand<TFloat32>> values) {
    Operand<TFloat32> used =
        part(
            product.parameter(),
            ints(product.rows()),
            ints(product.columns()),
            product.connectivity());
    return product.factors() == Instruction.Product.NONE
        ? used
        : tf.math.mul(used, values.get(product.factors()));
  }

  /** Some rows and columns of a matrix, zero where no entry exists. */
  private Operand<TFloat32> part(
      String name, int[] rows, int[] columns, Connectivity connectivity) {
    Parameter parameter = program.definition().graph().parameters().get(name);
    Operand<TFloat32> whole =
        tf.reshape(
            variables.value(name), tf.constant(new int[] {parameter.rows(), parameter.columns()}));
    Operand<TFloat32> used =
        tf.gather(
            tf.gather(whole, tf.constant(rows), tf.constant(0)),
            tf.constant(columns),
            tf.constant(1));
    if (connectivity.isFull()) {
      return used;
    }
    float[] mask = new float[rows.length * columns.length];
    for (int i = 0; i < mask.length; i++) {
      boolean connected =
          connectivity.connected(rows[i / columns.length], columns[i % columns.length]);
      mask[i] = connected ? 1 : 0;
    }
    return tf.math.mul(
        used,
        tf.constant(Shape.of(rows.length, columns.length), DataBuffers.of(mask, true, false)));
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().flatMapToInt(IntStream::of).toArray();
  }

  @Override
  public void close() {
    graph.close();
  }
}
