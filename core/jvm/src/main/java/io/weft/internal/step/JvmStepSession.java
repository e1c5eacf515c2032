package io.weft.internal.step;

import io.weft.internal.thread.Interruption;
import io.weft.spec.Condition;
import java.util.ArrayList;
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

  // The inputs of so many rows, side by side, stay in the nearest caches.
  private static final int ROWS = 32;

  // Shorter runs are not worth a call.
  private static final int SHORT = 8;

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

  /** For each group the results of its instructions; all groups share the work arrays. */
  private final float[][][] values;

  /** For each group what is computed in a call. */
  private final Op[][] ops;

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
    this.values = workspace();
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
    this.inputs = new float[ROWS * deepest];
    int[] largest = program.largestCalls();
    this.ops =
        groups.stream()
            .map(g -> largest[g.program.group()] == 0 ? new Op[0] : ops(g))
            .toArray(Op[][]::new);
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

  private float[][][] workspace() {
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
        .map(g -> values(g, shared, largest[g.program.group()] * images))
        .toArray(float[][][]::new);
  }

  /**
   * Constants that elementwise steps use are laid out for every row once, so that no loop has to
   * tell them apart; of others (biases) one row is enough.
   */
  private static float[][] values(BoundGroup group, float[][] shared, int rows) {
    List<Instruction> instructions = group.program.instructions();
    float[][] values = Arrays.copyOf(shared, instructions.size());
    for (int i = 0; i < values.length; i++) {
      float[] row = group.constants[i];
      if (row != null) {
        values[i] = group.inEveryRow(i) ? repeated(row, rows) : row;
      }
    }
    return values;
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
    for (Op op : ops[group]) {
      op.run(n, gathers);
    }
    float[][] mine = values[group];
    float[] result = mine[mine.length - 1];
    int width = groups.get(group).program.width();
    int written = calls.written(call);
    for (int p = 0; p < n; p++) {
      caches[group].put(calls.at(written + p), result, p * images * width, width);
    }
    if (columns[group] != null) {
      for (int row = 0; row < n * images; row++) {
        int slot = calls.at(written + row / images);
        columns[group].set(slot, row % images, result, row * width);
      }
    }
  }

  private Op[] ops(BoundGroup group) {
    List<Instruction> instructions = group.program.instructions();
    return IntStream.range(0, instructions.size())
        .filter(i -> group.constants[i] == null)
        .mapToObj(i -> instructions.get(i).match(new Ops(group, i)))
        .toArray(Op[]::new);
  }

  /** What each kind of instruction does in a call. */
  private final class Ops implements Instruction.Cases<Op> {
    private final BoundGroup group;
    private final int index;
    private final float[][] mine;
    private final float[] result;

    Ops(BoundGroup group, int index) {
      this.group = group;
      this.index = index;
      this.mine = values[group.program.group()];
      this.result = mine[index];
    }

    @Override
    public Op unary(Instruction.UnaryStep unary) {
      float[] x = mine[unary.operand()];
      int row = images * unary.width();
      return (n, gathers) -> kernels.unary(unary.function(), x, result, n * row);
    }

    @Override
    public Op mean(Instruction.MeanStep mean) {
      float[] x = mine[mean.operand()];
      return (n, gathers) -> RowMeans.of(x, mean.count(), n * images, result, mean.width());
    }

    @Override
    public Op binary(Instruction.BinaryStep binary) {
      float[] x = mine[binary.left()];
      float[] y = mine[binary.right()];
      int row = images * binary.width();
      return (n, gathers) -> kernels.binary(binary.function(), x, y, result, n * row);
    }

    @Override
    public Op copy(Instruction.Copy copy) {
      return new CopyOp(pieces(group, copy.runs()), copy.width(), result);
    }

    @Override
    public Op product(Instruction.Product product) {
      return new ProductOp(
          pieces(group, product.runs()), product.width(), group.matrices[index], result);
    }

    @Override
    public Op lookup(Instruction.LookupStep lookup) {
      Piece value = pieces(group, lookup.runs())[0];
      Table table = Objects.requireNonNull(group.tables[index], "table");
      return (n, gathers) -> look(value, table, n, gathers, lookup.width(), result);
    }

    @Override
    public Op attend(Instruction.Attend attend) {
      AttendStep step =
          new AttendStep(attend, calls, group.program, images, caches, columns, kernels);
      float[] query = mine[attend.query()];
      return (n, gathers) ->
          step.run(n, CallTable.gathers(gathers, n, attend.segment()), query, result);
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
        float level = value.source[start + b * value.stride];
        table.copyRow(level, result, (p * images + b) * width);
      }
    }
  }

  /** One piece for each long run; short ones of the same value that follow one another make one. */
  private Piece[] pieces(BoundGroup group, List<MapRun> runs) {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0, end; i < runs.size(); i = end) {
      end = i + 1;
      while (end < runs.size() && goTogether(runs.get(i), runs.get(end))) {
        end++;
      }
      pieces.add(new Piece(group, runs.subList(i, end)));
    }
    return pieces.toArray(Piece[]::new);
  }

  private static boolean goTogether(MapRun one, MapRun other) {
    return one.value() == other.value() && Math.max(one.length(), other.length()) < SHORT;
  }

  /** Maps of one value, with the array that they lie in. */
  private final class Piece {
    final float[] source;

    /** How far the next image is, and the next position. */
    final int stride;

    final int slotStride;

    /** The first of them. */
    final int from;

    final int length;
    final int segment;

    /** Where each is, from the first one on; nothing where they follow one another. */
    final int @Nullable [] columns;

    Piece(BoundGroup group, List<MapRun> runs) {
      MapRun run = runs.get(0);
      int read = run.isRead() ? group.program.reads().get(run.segment()).group() : -1;
      source = run.isRead() ? caches[read].numbers : values[group.program.group()][run.value()];
      stride =
          run.isRead()
              ? caches[read].imageStride
              : group.program.instructions().get(run.value()).width();
      slotStride = run.isRead() ? caches[read].slotStride : images * stride;
      from = run.from();
      length = runs.stream().mapToInt(MapRun::length).sum();
      segment = run.isRead() ? run.segment() : -1;
      columns =
          runs.size() == 1
              ? null
              : runs.stream()
                  .flatMapToInt(r -> IntStream.range(r.from() - from, r.from() - from + r.length()))
                  .toArray();
    }

    /** Where the run of the first image begins at the p-th position of a call. */
    int start(int p, int n, int gathers) {
      int slot = segment < 0 ? p : calls.at(CallTable.gathers(gathers, n, segment) + p);
      return slot * slotStride + from;
    }

    /** Whether its rows in a call lie one after another, so that they can be read in place. */
    boolean isTogether(int n) {
      return columns == null && (n == 1 || segment < 0);
    }

    /** Whether a call for one position reads zeros. */
    boolean isOutside(int gathers) {
      return segment >= 0 && calls.at(CallTable.gathers(gathers, 1, segment)) == 0;
    }

    /** Copies the run of rows first to first + count - 1 of a call. */
    void copy(int first, int count, int n, int gathers, float[] to, int at, int width) {
      int p = first / images;
      int b = first % images;
      for (int r = 0; r < count; p++, b = 0) {
        int start = start(p, n, gathers);
        for (; b < images && r < count; b++, r++) {
          copyRow(start + b * stride, to, at + r * width);
        }
      }
    }

    private void copyRow(int row, float[] to, int at) {
      if (columns != null) {
        for (int i = 0; i < columns.length; i++) {
          to[at + i] = source[row + columns[i]];
        }
      } else if (length < SHORT) {
        for (int i = 0; i < length; i++) {
          to[at + i] = source[row + i];
        }
      } else {
        System.arraycopy(source, row, to, at, length);
      }
    }
  }

  private final class CopyOp implements Op {
    private final Piece[] pieces;
    private final int width;
    private final float[] result;

    CopyOp(Piece[] pieces, int width, float[] result) {
      this.pieces = pieces;
      this.width = width;
      this.result = result;
    }

    @Override
    public void run(int n, int gathers) {
      int at = 0;
      for (Piece piece : pieces) {
        piece.copy(0, n * images, n, gathers, result, at, width);
        at += piece.length;
      }
    }
  }

  /**
   * A product. At one position the pieces that lie outside the image, or are masked there, are
   * zeros, and are passed over: the sums stay as they are.
   */
  private final class ProductOp implements Op {
    private final Piece[] pieces;

    /** The first row of the matrix that each piece is multiplied by, and the number of rows. */
    private final int[] rows;

    private final int width;
    private final Kernels.Matrix matrix;
    private final float[] result;

    ProductOp(Piece[] pieces, int width, Kernels.Matrix matrix, float[] result) {
      this.pieces = pieces;
      this.rows = new int[pieces.length + 1];
      for (int i = 0; i < pieces.length; i++) {
        rows[i + 1] = rows[i] + pieces[i].length;
      }
      this.width = width;
      this.matrix = matrix;
      this.result = result;
    }

    @Override
    public void run(int n, int gathers) {
      if (n == 1) {
        runAtOnePosition(gathers);
      } else {
        multiply(0, pieces.length, n, gathers);
      }
    }

    private void runAtOnePosition(int gathers) {
      int end = upToOutside(0, gathers);
      if (end == pieces.length) {
        multiply(0, end, 1, gathers);
        return;
      }
      for (int b = 0; b < images; b++) {
        System.arraycopy(matrix.bias(), 0, result, b * width, width);
      }
      for (int i = 0; i < pieces.length; i = end + 1) {
        end = upToOutside(i, gathers);
        if (end > i) {
          multiply(i, end, 1, gathers);
        }
      }
    }

    private int upToOutside(int first, int gathers) {
      int piece = first;
      while (piece < pieces.length && !pieces[piece].isOutside(gathers)) {
        piece++;
      }
      return piece;
    }

    /** Multiplies pieces {@code i} to {@code end} - 1: one where it is, several side by side. */
    private void multiply(int i, int end, int n, int gathers) {
      int all = n * images;
      if (end - i == 1 && pieces[i].isTogether(n)) {
        Piece piece = pieces[i];
        multiply(i, end, piece.source, piece.start(0, n, gathers), piece.stride, 0, all);
        return;
      }
      int depth = rows[end] - rows[i];
      for (int first = 0; first < all; first += ROWS) {
        int count = Math.min(ROWS, all - first);
        for (int k = i; k < end; k++) {
          pieces[k].copy(first, count, n, gathers, inputs, rows[k] - rows[i], depth);
        }
        multiply(i, end, inputs, 0, depth, first, count);
      }
    }

    private void multiply(int i, int end, float[] x, int from, int stride, int first, int count) {
      int to = first * width;
      if (end - i == pieces.length) {
        kernels.multiply(matrix, x, from, stride, count, result, to, scratch);
      } else {
        int depth = rows[end] - rows[i];
        kernels.multiplyMore(matrix, rows[i], depth, x, from, stride, count, result, to, scratch);
      }
    }
  }
}
