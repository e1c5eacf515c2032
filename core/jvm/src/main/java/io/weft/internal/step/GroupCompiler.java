package io.weft.internal.step;

import io.weft.expression.Binary;
import io.weft.expression.Connectivity;
import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.graph.Node;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Restricts a node's expression to the maps of one group and lowers it to instructions. Column
 * selections are pushed down to the reads and to the matrices, so that a group never touches what
 * only its siblings need; reads, slices and concatenations cost nothing in front of a product. A
 * read of a group that is {@linkplain Fusion fused} into the reader becomes the instructions of
 * that group.
 */
final class GroupCompiler {

  /** What the groups of one program have in common. */
  private static final class Target {
    final MapGroups groups;
    final Fusion fusion;
    final Map<ReadSegment, Integer> reads = new LinkedHashMap<>();
    final List<Instruction> instructions = new ArrayList<>();
    final Map<Integer, Cells> fused = new LinkedHashMap<>();

    final Map<Tap, Boolean> reading = new HashMap<>();

    Target(MapGroups groups, Fusion fusion) {
      this.groups = groups;
      this.fusion = fusion;
    }

    /** Whether a tap reads anything for any position of a grid. */
    boolean reads(Tap tap, Shape grid) {
      return reading.computeIfAbsent(
          tap,
          t ->
              IntStream.range(0, grid.positions())
                  .map(q -> t.source(q / grid.width(), q % grid.width()))
                  .anyMatch(source -> source != PositionMap.NONE));
    }
  }

  private final Target target;
  private final MapGroup group;
  private final Node.Applied node;
  private final Map<Selection, Integer> known = new HashMap<>();

  private GroupCompiler(Target target, MapGroup group, Node.Applied node) {
    this.target = target;
    this.group = group;
    this.node = node;
  }

  /** Compiles a group together with the groups that are fused into it. */
  static GroupProgram compile(MapGroups groups, MapGroup group, Fusion fusion) {
    Node node = groups.node(group);
    int width = group.maps().size();
    if (!(node instanceof Node.Applied applied)) {
      return new GroupProgram(group.index(), node.name(), width, List.of(), List.of(), List.of());
    }
    Target target = new Target(groups, fusion);
    GroupCompiler compiler = new GroupCompiler(target, group, applied);
    int result = compiler.whole(compiler.allCells());
    if (result != target.instructions.size() - 1) {
      throw new IllegalStateException(
          "the result of " + node.name() + " is not its last instruction");
    }
    return new GroupProgram(
        group.index(),
        node.name(),
        width,
        List.copyOf(target.reads.keySet()),
        target.instructions,
        target.fused.keySet().stream().map(g -> groups.node(groups.get(g)).name()).toList());
  }

  private Cells allCells() {
    return cells(node.expression(), group.maps().stream().mapToInt(m -> m).toArray());
  }

  /** Some columns of an expression, which is meant by identity: layers share subexpressions. */
  private record Selection(Expression expression, List<Integer> columns) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Selection s
          && expression == s.expression
          && columns.equals(s.columns);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(expression) * 31 + columns.hashCode();
    }
  }

  /** Where each of a row of values is found: a value (as in {@link MapRun}) and a column of it. */
  private static final class Cells {
    final int[] values;
    final int[] columns;

    Cells(int[] values, int[] columns) {
      this.values = values;
      this.columns = columns;
    }

    static Cells of(int value, int width) {
      int[] values = new int[width];
      Arrays.fill(values, value);
      return new Cells(values, IntStream.range(0, width).toArray());
    }

    Cells inOrder(int[] order) {
      return new Cells(
          Arrays.stream(order).map(i -> values[i]).toArray(),
          Arrays.stream(order).map(i -> columns[i]).toArray());
    }

    List<MapRun> runs() {
      return MapRun.of(values, columns);
    }
  }

  private Cells cells(Expression e, int[] columns) {
    return e.match(new Selected(columns));
  }

  /** Where some columns of each kind of expression are found. */
  private final class Selected implements Expression.Cases<Cells> {
    private final int[] columns;

    Selected(int[] columns) {
      this.columns = columns;
    }

    @Override
    public Cells read(Expression.Read read) {
      return GroupCompiler.this.read(read.tap(), columns);
    }

    @Override
    public Cells slice(Expression.Slice slice) {
      return cells(slice.operand(), Arrays.stream(columns).map(c -> c + slice.from()).toArray());
    }

    @Override
    public Cells concat(Expression.Concat concat) {
      return GroupCompiler.this.concat(concat, columns);
    }

    @Override
    public Cells mean(Expression.Mean mean) {
      return GroupCompiler.this.mean(mean, columns);
    }

    @Override
    public Cells vector(Expression.Vector vector) {
      return once(
          vector, () -> new Instruction.Parameter(node.fullName(vector.parameter()), boxed()));
    }

    @Override
    public Cells columnNorms(Expression.ColumnNorms norms) {
      return once(
          norms,
          () ->
              new Instruction.ColumnNorms(
                  node.fullName(norms.parameter()), boxed(), norms.connectivity()));
    }

    @Override
    public Cells constant(Expression.Constant constant) {
      return once(
          constant,
          () ->
              new Instruction.Numbers(
                  Arrays.stream(columns).mapToObj(constant.values()::get).toList()));
    }

    @Override
    public Cells product(Expression.Product product) {
      return once(product, () -> scaledProduct(product, columns, Instruction.Product.NONE));
    }

    @Override
    public Cells lookup(Expression.Lookup lookup) {
      return GroupCompiler.this.lookup(lookup, columns);
    }

    @Override
    public Cells unary(Expression.UnaryCall call) {
      return once(
          call,
          () -> {
            int operand = whole(cells(call.operand(), columns));
            return new Instruction.UnaryStep(call.function(), operand, columns.length);
          });
    }

    @Override
    public Cells binary(Expression.BinaryCall call) {
      return once(
          call,
          () -> {
            if (isWithConstant(call, Binary.ADD) && isScaledProduct(call.left())) {
              return scaledProduct(call.left(), columns, whole(cells(call.right(), columns)));
            }
            if (isScaledProduct(call)) {
              return scaledProduct(call, columns, Instruction.Product.NONE);
            }
            int left = whole(cells(call.left(), columns));
            int right = whole(cells(call.right(), columns));
            return new Instruction.BinaryStep(call.function(), left, right, columns.length);
          });
    }

    @Override
    public Cells attention(Expression.Attention attention) {
      int[] sorted = Arrays.stream(columns).sorted().distinct().toArray();
      Selection selection = new Selection(attention, Arrays.stream(sorted).boxed().toList());
      Integer value = known.get(selection);
      if (value == null) {
        value = emit(attend(attention, sorted));
        known.put(selection, value);
      }
      int[] places =
          Arrays.stream(columns).map(column -> Arrays.binarySearch(sorted, column)).toArray();
      int[] values = new int[columns.length];
      Arrays.fill(values, value);
      return new Cells(values, places);
    }

    private List<Integer> boxed() {
      return Arrays.stream(columns).boxed().toList();
    }

    /** One instruction for the columns of an expression, however often they are asked for. */
    private Cells once(Expression e, Supplier<Instruction> instruction) {
      Selection selection = new Selection(e, boxed());
      Integer value = known.get(selection);
      if (value == null) {
        value = emit(instruction.get());
        known.put(selection, value);
      }
      return Cells.of(value, columns.length);
    }
  }

  /** The heads that some values, ascending, belong to; each with all of its query and keys. */
  private Instruction attend(Expression.Attention attention, int[] columns) {
    int each = attention.valueWidth();
    int depth = attention.keyWidth();
    int[] heads = Arrays.stream(columns).map(column -> column / each).distinct().toArray();
    int[] maps =
        Arrays.stream(heads).flatMap(h -> IntStream.range(h * depth, (h + 1) * depth)).toArray();
    return new Instruction.Attend(
        whole(cells(attention.query(), maps)),
        read(attention.keys().tap(), maps).runs(),
        read(attention.values().tap(), columns).runs(),
        Arrays.stream(heads)
            .mapToObj(h -> (int) Arrays.stream(columns).filter(c -> c / each == h).count())
            .toList(),
        (float) (1 / Math.sqrt(depth)));
  }

  private Cells read(Tap tap, int[] maps) {
    int source = target.groups.graph().source(group.node(), tap);
    int[] values = new int[maps.length];
    int[] columns = new int[maps.length];
    int last = -1;
    Cells cells = null;
    for (int i = 0; i < maps.length; i++) {
      MapGroup from = target.groups.ofMap(source, maps[i]);
      // Neighbours are mostly of one group.
      if (from.index() != last) {
        cells = all(tap, from);
        last = from.index();
      }
      int column = Collections.binarySearch(from.maps(), maps[i]);
      values[i] = cells.values[column];
      columns[i] = cells.columns[column];
    }
    return new Cells(values, columns);
  }

  /** All maps of a group that is read: computed here, or in a cache. */
  private Cells all(Tap tap, MapGroup from) {
    if (target.fusion.fused(group.index(), from.index())) {
      return fused(from);
    }
    ReadSegment segment = new ReadSegment(tap, from.index());
    int read = target.reads.computeIfAbsent(segment, s -> target.reads.size());
    return Cells.of(~read, from.maps().size());
  }

  /** All maps of a group that is computed here, once, whoever asks for some of them. */
  private Cells fused(MapGroup from) {
    Cells cells = target.fused.get(from.index());
    if (cells == null) {
      Node.Applied applied = (Node.Applied) target.groups.node(from);
      cells = new GroupCompiler(target, from, applied).allCells();
      target.fused.put(from.index(), cells);
    }
    return cells;
  }

  private Cells concat(Expression.Concat concat, int[] columns) {
    int[] values = new int[columns.length];
    int[] places = new int[columns.length];
    int from = 0;
    for (Expression operand : concat.operands()) {
      int start = from;
      int end = from + operand.width();
      int[] mine =
          IntStream.range(0, columns.length)
              .filter(i -> columns[i] >= start && columns[i] < end)
              .toArray();
      if (mine.length > 0) {
        Cells cells = cells(operand, Arrays.stream(mine).map(i -> columns[i] - start).toArray());
        for (int i = 0; i < mine.length; i++) {
          values[mine[i]] = cells.values[i];
          places[mine[i]] = cells.columns[i];
        }
      }
      from = end;
    }
    return new Cells(values, places);
  }

  /** Of each value that rows are asked for, one look-up of all that is asked for. */
  private Cells lookup(Expression.Lookup lookup, int[] columns) {
    int[] values = new int[columns.length];
    int[] places = new int[columns.length];
    int count = lookup.operand().width();
    for (int v = 0; v < count; v++) {
      int value = v;
      int[] mine =
          IntStream.range(0, columns.length).filter(i -> columns[i] % count == value).toArray();
      if (mine.length > 0) {
        int found = lookup(lookup, value, Arrays.stream(mine).map(i -> columns[i] / count));
        for (int i = 0; i < mine.length; i++) {
          values[mine[i]] = found;
          places[mine[i]] = i;
        }
      }
    }
    return new Cells(values, places);
  }

  private int lookup(Expression.Lookup lookup, int value, IntStream maps) {
    List<Integer> columns = maps.boxed().toList();
    List<Integer> asked = new ArrayList<>(columns);
    asked.add(value);
    Selection selection = new Selection(lookup, asked);
    Integer known = this.known.get(selection);
    if (known == null) {
      known =
          emit(
              new Instruction.LookupStep(
                  cells(lookup.operand(), new int[] {value}).runs(),
                  node.fullName(lookup.table()),
                  value * lookup.levels(),
                  lookup.levels(),
                  columns));
      this.known.put(selection, known);
    }
    return known;
  }

  /** Of each group that is asked for, one mean, as often as it is asked for. */
  private Cells mean(Expression.Mean mean, int[] columns) {
    int[] values = new int[columns.length];
    int[] places = new int[columns.length];
    for (int g = 0; g < mean.groups(); g++) {
      int group = g;
      int[] mine =
          IntStream.range(0, columns.length)
              .filter(i -> columns[i] % mean.groups() == group)
              .toArray();
      if (mine.length > 0) {
        int value = mean(mean, group, mine.length);
        for (int i = 0; i < mine.length; i++) {
          values[mine[i]] = value;
          places[mine[i]] = i;
        }
      }
    }
    return new Cells(values, places);
  }

  private int mean(Expression.Mean mean, int group, int width) {
    Selection selection = new Selection(mean, List.of(group, width));
    Integer known = this.known.get(selection);
    if (known == null) {
      int each = mean.width() / mean.groups();
      int[] averaged = IntStream.range(0, each).map(i -> i * mean.groups() + group).toArray();
      int operand = whole(cells(mean.operand(), averaged));
      known = emit(new Instruction.MeanStep(operand, each, width));
      this.known.put(selection, known);
    }
    return known;
  }

  private static boolean isWithConstant(Expression.BinaryCall call, Binary function) {
    return call.function() == function && call.right().taps().isEmpty();
  }

  /** Whether this is a product, or one whose columns are multiplied by what parameters say. */
  private static boolean isScaledProduct(Expression e) {
    return e instanceof Expression.Product
        || (e instanceof Expression.BinaryCall call
            && call.left() instanceof Expression.Product
            && isWithConstant(call, Binary.MULTIPLY));
  }

  private Instruction scaledProduct(Expression e, int[] columns, int bias) {
    if (e instanceof Expression.BinaryCall call) {
      int factors = whole(cells(call.right(), columns));
      return product((Expression.Product) call.left(), columns, factors, bias);
    }
    return product((Expression.Product) e, columns, Instruction.Product.NONE, bias);
  }

  private Instruction product(Expression.Product product, int[] columns, int factors, int bias) {
    Connectivity connectivity = product.connectivity();
    BitSet used = new BitSet(connectivity.rows());
    for (int column : columns) {
      used.or(connectivity.patterns().get(connectivity.patternOfColumn().get(column)));
    }
    int[] rows = reading(product, used.stream().toArray());
    Cells cells = cells(product.operand(), rows);
    // The rows of a product may come in any order: the one that makes the longest runs.
    int[] order =
        IntStream.range(0, rows.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(i -> -cells.values[i])
                    .thenComparingInt(i -> cells.columns[i]))
            .mapToInt(i -> i)
            .toArray();
    return new Instruction.Product(
        cells.inOrder(order).runs(),
        node.fullName(product.parameter()),
        Arrays.stream(order).mapToObj(i -> rows[i]).toList(),
        Arrays.stream(columns).boxed().toList(),
        connectivity,
        factors,
        bias);
  }

  /** The rows but for those of a tap that reads nothing anywhere; one row stays. */
  private int[] reading(Expression.Product product, int[] rows) {
    if (!(product.operand() instanceof Expression.Concat concat)) {
      return rows;
    }
    BitSet reading = new BitSet();
    int from = 0;
    for (Expression operand : concat.operands()) {
      if (!(operand instanceof Expression.Read read) || target.reads(read.tap(), node.shape())) {
        reading.set(from, from + operand.width());
      }
      from += operand.width();
    }
    int[] kept = Arrays.stream(rows).filter(reading::get).toArray();
    return kept.length == 0 ? new int[] {rows[0]} : kept;
  }

  /** Returns the number of an instruction that gives exactly these values. */
  private int whole(Cells cells) {
    List<MapRun> runs = cells.runs();
    MapRun first = runs.get(0);
    boolean done =
        runs.size() == 1
            && !first.isRead()
            && first.from() == 0
            && first.length() == target.instructions.get(first.value()).width();
    return done ? first.value() : emit(new Instruction.Copy(runs, cells.values.length));
  }

  private int emit(Instruction instruction) {
    target.instructions.add(instruction);
    return target.instructions.size() - 1;
  }
}
