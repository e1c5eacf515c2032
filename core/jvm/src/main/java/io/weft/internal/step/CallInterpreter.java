package io.weft.internal.step;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one thread computes calls with: the instructions of all groups, each with the arrays that it
 * works on. It reads and writes the caches of a session, of which several may have part: at the
 * same time they compute calls that do not read each other.
 *
 * <p>A call for n positions works on n x images rows, row p x images + b for position p of image b.
 */
final class CallInterpreter {

  /** An instruction, with the arrays that it works on. */
  private interface Op {
    /**
     * Computes a block of rows.
     *
     * @param n the number of positions
     * @param gathers where the slots to gather for the first read are among the calls
     */
    void run(int n, int gathers);
  }

  private final StepProgram program;
  private final List<BoundGroup> groups;
  private final CallTable calls;
  private final int images;
  private final SessionCaches session;

  /** For each group where the results of its instructions lie; all groups share work arrays. */
  private final Rows[][] results;

  /** For each group what is computed in a call, and what takes the result. */
  private final Op[][] ops;

  private final @Nullable Outlet[] outlets;

  private final Kernels kernels;
  private final Function<Kernels.Matrix, Optional<SharedProduct>> shared;
  private final float[][] scratch;
  private final float[] inputs;

  /**
   * Makes one for a session.
   *
   * @param session what calls read, and what takes their results
   * @param calls which call is which
   * @param shared what computes products by a matrix with another thread, if anything does
   */
  CallInterpreter(
      SessionCaches session,
      CallTable calls,
      Kernels kernels,
      Function<Kernels.Matrix, Optional<SharedProduct>> shared) {
    this.shared = shared;
    this.session = session;
    this.program = session.program;
    this.groups = session.groups;
    this.images = session.images;
    this.calls = calls;
    this.results = workspace();
    this.kernels = kernels;
    List<Instruction.Product> products =
        groups.stream()
            .flatMap(g -> g.program.instructions().stream())
            .filter(Instruction.Product.class::isInstance)
            .map(Instruction.Product.class::cast)
            .toList();
    int widest = products.stream().mapToInt(Instruction.Product::width).max().orElse(0);
    int deepest = products.stream().mapToInt(p -> p.rows().size()).max().orElse(0);
    this.scratch = kernels.scratch(widest);
    this.inputs = new float[ProductStep.inputs(deepest)];
    int[] largest = program.largestCalls();
    this.ops =
        groups.stream()
            .map(g -> largest[g.program.group()] == 0 ? new Op[0] : ops(g))
            .toArray(Op[][]::new);
    this.outlets = groups.stream().map(this::outlet).toArray(Outlet[]::new);
  }

  private Rows[][] workspace() {
    int[] largest = program.largestCalls();
    int most = groups.stream().mapToInt(g -> g.program.instructions().size()).max().orElse(0);
    int[] sizes = new int[most];
    for (BoundGroup group : groups) {
      List<Instruction> instructions = group.program.instructions();
      for (int i = 0; i < instructions.size(); i++) {
        if (group.constants[i] != null) {
          continue;
        }
        int rows = largest[group.program.group()] * images;
        sizes[i] = Math.max(sizes[i], rows * instructions.get(i).width());
      }
    }
    float[][] shared =
        Arrays.stream(sizes)
            .mapToObj(size -> new float[size + Kernels.MARGIN])
            .toArray(float[][]::new);
    return groups.stream()
        .map(g -> results(g, shared, largest[g.program.group()] * images))
        .toArray(Rows[][]::new);
  }

  /**
   * Constants that elementwise steps use are laid out for every row once, so that no loop has to
   * tell them apart; of others (biases) one row is enough.
   */
  private static Rows[] results(BoundGroup group, float[][] shared, int rows) {
    List<Instruction> instructions = group.program.instructions();
    Rows[] results = new Rows[instructions.size()];
    for (int i = 0; i < results.length; i++) {
      float[] row = group.constants[i];
      float[] numbers = row == null ? shared[i] : group.inEveryRow(i) ? repeated(row, rows) : row;
      results[i] = new Rows(numbers, 0, instructions.get(i).width());
    }
    return results;
  }

  private static float[] repeated(float[] row, int rows) {
    float[] all = new float[rows * row.length + Kernels.MARGIN];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(row, 0, all, r * row.length, row.length);
    }
    return all;
  }

  /** Computes a call. */
  void run(int call) {
    int group = calls.group(call);
    int n = calls.size(call);
    int gathers = calls.gathers(call);
    int written = calls.written(call);
    outlets[group].begin(written, n);
    for (Op op : ops[group]) {
      op.run(n, gathers);
    }
    outlets[group].end(written, n);
  }

  private @Nullable Outlet outlet(BoundGroup group) {
    int g = group.program.group();
    List<Instruction> instructions = group.program.instructions();
    int last = instructions.size() - 1;
    if (last < 0) {
      return null;
    }
    boolean isExact = group.constants[last] == null && writesOnly(instructions.get(last));
    return new Outlet(calls, images, session.of(g), session.columns[g], results[g][last], isExact);
  }

  /** Whether an instruction writes its result anywhere, and nothing else. */
  private boolean writesOnly(Instruction instruction) {
    return (instruction instanceof Instruction.Product
            && kernels.multipliesOnly(instruction.width()))
        || ((instruction instanceof Instruction.UnaryStep
                || instruction instanceof Instruction.BinaryStep)
            && kernels.writesOnly(instruction.width()));
  }

  private Op[] ops(BoundGroup group) {
    List<Instruction> instructions = group.program.instructions();
    Affine[] affine = Affine.of(group);
    return IntStream.range(0, instructions.size())
        .filter(i -> group.constants[i] == null && !Affine.isInner(affine, i))
        .mapToObj(
            i ->
                affine[i] != null
                    ? affine(group, affine[i], i)
                    : instructions.get(i).match(new Ops(group, i)))
        .toArray(Op[]::new);
  }

  private Op affine(BoundGroup group, Affine affine, int index) {
    Rows[] mine = results[group.program.group()];
    Rows x = mine[affine.x()];
    float[] less = mine[affine.less()].numbers;
    float[] times = mine[affine.times()].numbers;
    float[] plus = mine[affine.plus()].numbers;
    Rows result = mine[index];
    return affine.isRectified()
        ? (n, gathers) -> kernels.affineRelu(x, less, times, plus, result, n * images)
        : (n, gathers) -> kernels.affine(x, less, times, plus, result, n * images);
  }

  /** What each kind of instruction does in a call. */
  private final class Ops implements Instruction.Cases<Op> {
    private final BoundGroup group;
    private final int index;
    private final Rows[] mine;
    private final Rows result;

    Ops(BoundGroup group, int index) {
      this.group = group;
      this.index = index;
      this.mine = results[group.program.group()];
      this.result = mine[index];
    }

    @Override
    public Op unary(Instruction.UnaryStep unary) {
      Rows x = mine[unary.operand()];
      return (n, gathers) -> kernels.unary(unary.function(), x, result, n * images);
    }

    @Override
    public Op mean(Instruction.MeanStep mean) {
      Rows x = mine[mean.operand()];
      return (n, gathers) -> RowMeans.of(x, mean.count(), n * images, result.numbers, mean.width());
    }

    @Override
    public Op binary(Instruction.BinaryStep binary) {
      Rows x = mine[binary.left()];
      Rows y = mine[binary.right()];
      return (n, gathers) -> kernels.binary(binary.function(), x, y, result, n * images);
    }

    @Override
    public Op copy(Instruction.Copy copy) {
      Piece[] pieces = pieces(group, copy.runs());
      boolean last = index == mine.length - 1;
      return new CopyStep(pieces, images, result, !last && kernels.takesRowsAnywhere())::run;
    }

    @Override
    public Op product(Instruction.Product product) {
      Kernels.Matrix matrix = Objects.requireNonNull(group.matrices[index], "matrix");
      Piece[] pieces = pieces(group, product.runs());
      SharedProduct both = shared.apply(matrix).orElse(null);
      return new ProductStep(pieces, images, kernels, matrix, inputs, scratch, result, both)::run;
    }

    @Override
    public Op lookup(Instruction.LookupStep lookup) {
      Piece value = pieces(group, lookup.runs())[0];
      Table table = Objects.requireNonNull(group.tables[index], "table");
      return (n, gathers) -> look(value, table, n, gathers, lookup.width(), result.numbers);
    }

    @Override
    public Op attend(Instruction.Attend attend) {
      AttendStep step =
          new AttendStep(
              attend, calls, group.program, images, session.caches, session.columns, kernels);
      Rows query = mine[attend.query()];
      return (n, gathers) ->
          step.run(n, CallTable.gathers(gathers, n, attend.segment()), query, result.numbers);
    }

    @Override
    public Op parameter(Instruction.Parameter parameter) {
      throw constant(parameter);
    }

    @Override
    public Op columnNorms(Instruction.ColumnNorms norms) {
      throw constant(norms);
    }

    @Override
    public Op numbers(Instruction.Numbers numbers) {
      throw constant(numbers);
    }

    private IllegalStateException constant(Instruction instruction) {
      return new IllegalStateException(
          "known once weights are, not computed in a call: " + instruction);
    }
  }

  private void look(Piece value, Table table, int n, int gathers, int width, float[] result) {
    for (int p = 0; p < n; p++) {
      int start = value.start(p, n, gathers);
      for (int b = 0; b < images; b++) {
        float level = value.numbers()[start + b * value.stride()];
        table.copyRow(level, result, (p * images + b) * width);
      }
    }
  }

  private Piece[] pieces(BoundGroup group, List<MapRun> runs) {
    return Piece.split(runs).stream().map(part -> piece(group, part)).toArray(Piece[]::new);
  }

  private Piece piece(BoundGroup group, List<MapRun> runs) {
    MapRun run = runs.get(0);
    if (run.isRead()) {
      Cache cache = session.of(group.program.reads().get(run.segment()).group());
      return Piece.read(calls, images, cache, runs);
    }
    return Piece.result(calls, images, results[group.program.group()][run.value()], runs);
  }
}
