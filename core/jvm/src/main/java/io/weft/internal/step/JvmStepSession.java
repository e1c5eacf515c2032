package io.weft.internal.step;

import io.weft.internal.thread.Interruption;
import io.weft.spec.Condition;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The caches of some images, and the interpreter of a program's instructions.
 *
 * <p>A call for n positions works on n x images rows, row p x images + b for position p of image b.
 */
final class JvmStepSession implements StepSession {

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
  private final Cache[] caches;

  /** Of each group whose maps are keys, of others nothing. */
  private final @Nullable KeyColumns[] columns;

  /** For each group where the results of its instructions lie; all groups share work arrays. */
  private final Rows[][] results;

  /** For each group what is computed in a call, and what takes the result. */
  private final Op[][] ops;

  private final @Nullable Outlet[] outlets;

  private final Kernels kernels;
  private final float[][] scratch;
  private final float[] inputs;
  private final int[][] outputGroups;
  private final MapRun[][] outputs;

  /** The calls that serve nobody in these images. */
  private BitSet idle = new BitSet();

  /** Parameters of one image. */
  private final int stride;

  JvmStepSession(StepProgram program, List<BoundGroup> groups, int images, Kernels kernels) {
    this.program = program;
    this.groups = groups;
    this.calls = program.calls();
    this.images = images;
    this.caches = caches();
    this.columns = columns();
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
    int channels = program.definition().image().channels();
    this.outputGroups = new int[channels][];
    this.outputs = new MapRun[channels][];
    this.stride = program.parameters();
    for (int c = 0; c < channels; c++) {
      outputGroups[c] = program.outputGroups(c).stream().mapToInt(g -> g).toArray();
      outputs[c] = program.outputs(c).toArray(MapRun[]::new);
    }
  }

  private Cache[] caches() {
    BitSet attended = attended(Instruction.Attend::values);
    return IntStream.range(0, groups.size())
        .mapToObj(
            g -> {
              int width = groups.get(g).program.width();
              return attended.get(g)
                  ? Cache.byImage(program.slots(g), images, width)
                  : Cache.bySlot(program.slots(g), images, width);
            })
        .toArray(Cache[]::new);
  }

  private @Nullable KeyColumns[] columns() {
    KeyColumns[] all = new KeyColumns[groups.size()];
    attended(Instruction.Attend::keys).stream()
        .forEach(
            g -> all[g] = new KeyColumns(program.slots(g), images, groups.get(g).program.width()));
    return all;
  }

  /** The groups of which attention reads keys, or values. */
  private BitSet attended(Function<Instruction.Attend, List<MapRun>> what) {
    BitSet attended = new BitSet();
    for (BoundGroup reader : groups) {
      for (Instruction instruction : reader.program.instructions()) {
        if (instruction instanceof Instruction.Attend attend) {
          what.apply(attend)
              .forEach(run -> attended.set(reader.program.reads().get(run.segment()).group()));
        }
      }
    }
    return attended;
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

  @Override
  public int images() {
    return images;
  }

  @Override
  public void give(int image, Condition condition, float[] feature) {
    int group = program.givenGroup(condition);
    int width = groups.get(group).program.width();
    int[] slots = program.givenSlots(group);
    if (feature.length != slots.length * width) {
      throw new IllegalArgumentException(
          "condition \""
              + condition.name()
              + "\" takes "
              + slots.length * width
              + " numbers, found "
              + feature.length);
    }
    for (int q = 0; q < slots.length; q++) {
      if (slots[q] != 0) {
        Cache cache = caches[group];
        int to = cache.at(slots[q], image);
        System.arraycopy(feature, q * width, cache.numbers, to, width);
        if (columns[group] != null) {
          columns[group].set(slots[q], image, cache.numbers, to);
        }
      }
    }
  }

  @Override
  public void know(BitSet steps) {
    idle = program.idleCalls(steps);
  }

  @Override
  public void compute(int step, float[] parameters) {
    Arithmetic.checkSubnormals();
    int end = program.firstCall(step + 1);
    for (int call = program.firstCall(step); call < end; call++) {
      if (!idle.get(call)) {
        Interruption.check();
        run(call);
      }
    }
    int channel = program.channel(step);
    int to = 0;
    for (MapRun run : outputs[channel]) {
      int group = outputGroups[channel][run.value()];
      Cache cache = caches[group];
      int slot = program.outputSlot(step, run.value());
      for (int b = 0; b < images; b++) {
        int from = cache.at(slot, b) + run.from();
        System.arraycopy(cache.numbers, from, parameters, b * stride + to, run.length());
      }
      to += run.length();
    }
  }

  @Override
  public void write(int step, int image, float value) {
    int slot = program.drawnSlot(step);
    if (slot != 0) {
      int group = program.imageGroup(program.channel(step));
      Cache cache = caches[group];
      int at = cache.at(slot, image);
      cache.numbers[at] = value;
      if (columns[group] != null) {
        columns[group].set(slot, image, cache.numbers, at);
      }
    }
  }

  @Override
  public void close() {
    // Everything is on the Java heap.
  }

  private void run(int call) {
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
    boolean isExact =
        group.constants[last] == null && instructions.get(last) instanceof Instruction.Product;
    return new Outlet(calls, images, caches[g], columns[g], results[g][last], isExact);
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
    return (n, gathers) ->
        kernels.affine(x, less, times, plus, result.numbers, result.stride, n * images);
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
      int width = unary.width();
      return (n, gathers) -> kernels.unary(unary.function(), x, result.numbers, width, n * images);
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
      int width = binary.width();
      return (n, gathers) ->
          kernels.binary(binary.function(), x, y, result.numbers, width, n * images);
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
      return new ProductStep(pieces, images, kernels, matrix, inputs, scratch, result)::run;
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
          new AttendStep(attend, calls, group.program, images, caches, columns, kernels);
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
      Cache cache = caches[group.program.reads().get(run.segment()).group()];
      return Piece.read(calls, images, cache, runs);
    }
    return Piece.result(calls, images, results[group.program.group()][run.value()], runs);
  }
}
