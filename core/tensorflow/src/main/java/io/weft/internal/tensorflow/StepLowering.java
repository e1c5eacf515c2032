package io.weft.internal.tensorflow;

import io.weft.expression.Ranks;
import io.weft.internal.step.DrawingSession;
import io.weft.internal.step.GroupProgram;
import io.weft.internal.step.Instruction;
import io.weft.internal.step.MapRun;
import io.weft.internal.step.StepProgram;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * One step of one kind as TensorFlow operations: the calls' instructions, the drawing, the write.
 *
 * <p>A cache is [slots, batch, maps]. A call for n positions works on [n x batch, maps].
 */
final class StepLowering {

  private final StepProgram program;
  private final StepLayout layout;
  private final int batch;
  private final Ops tf;
  private final StepState.Values values;
  private final Operand<TInt32> axis0;
  private final Operand<TInt32> axis1;

  StepLowering(StepProgram program, StepLayout layout, int batch, Ops tf, StepState.Values values) {
    this.program = program;
    this.layout = layout;
    this.batch = batch;
    this.tf = tf;
    this.values = values;
    this.axis0 = tf.constant(0);
    this.axis1 = tf.constant(1);
  }

  /** Returns the name of a group's cache among the loop's values. */
  static String cache(int group) {
    return "cache_" + group;
  }

  /** Computes, draws and writes the value of the step that the loop is at, and moves it on. */
  void run(StepLayout.Kind kind) {
    Operand<TInt32> step = values.get("step");
    Operand<TInt32> start = tf.gather(values.<TInt32>get("start"), step, axis0);
    Operand<TInt32> row =
        tf.slice(
            values.<TInt32>get("table"),
            tf.expandDims(start, axis0),
            tf.constant(new int[] {kind.length()}));
    kind.calls().forEach(call -> call(call, row));
    Operand<TFloat32> parameters = parameters(kind, row);
    int missing = program.parameters() - program.parameters(kind.channel());
    values.set(
        "parameters",
        missing == 0
            ? parameters
            : tf.pad(parameters, tf.constant(new int[][] {{0, 0}, {0, missing}}), tf.constant(0f)));
    draw(kind, row, parameters, tf.math.sub(step, values.<TInt32>get("first")));
    values.set("step", tf.math.add(step, tf.constant(1)));
  }

  private void call(StepLayout.Call call, Operand<TInt32> row) {
    GroupProgram group = program.groups().get(call.group());
    List<Instruction> instructions = group.instructions();
    BitSet constants = group.constants();
    int rows = call.positions() * batch;
    Map<Integer, Operand<TFloat32>> results = new HashMap<>();
    Rows operands = new Rows(group, call, row, results);
    for (int i = 0; i < instructions.size(); i++) {
      Instruction instruction = instructions.get(i);
      results.put(
          i,
          constants.get(i)
              ? values.get(StepBinding.name(group, i))
              : operands.compute(i, instruction));
    }
    int last = instructions.size() - 1;
    Operand<TFloat32> result = results.get(last);
    if (constants.get(last)) {
      result = spread(result, rows, group.width());
    }
    write(
        call.group(),
        part(row, call.written(), call.positions()),
        tf.reshape(result, shape(call.positions(), batch, group.width())));
  }

  private void write(int group, Operand<TInt32> slots, Operand<TFloat32> block) {
    values.set(
        cache(group),
        tf.tensorScatterNdUpdate(
            values.<TFloat32>get(cache(group)), tf.expandDims(slots, axis1), block));
  }

  private Operand<TFloat32> spread(Operand<TFloat32> constant, int rows, int width) {
    return tf.broadcastTo(constant, shape(rows, width));
  }

  /** The numbers from {@code from} on of a row of the table. */
  private Operand<TInt32> part(Operand<TInt32> row, int from, int length) {
    return tf.slice(row, shape(from), shape(length));
  }

  private Operand<TInt32> shape(int... sizes) {
    return tf.constant(sizes);
  }

  private Operand<TFloat32> parameters(StepLayout.Kind kind, Operand<TInt32> row) {
    List<Integer> groups = program.outputGroups(kind.channel());
    List<Operand<TFloat32>> blocks = new ArrayList<>();
    int[] offsets = new int[groups.size()];
    int width = 0;
    for (int o = 0; o < offsets.length; o++) {
      int maps = program.groups().get(groups.get(o)).width();
      Operand<TFloat32> cached = values.get(cache(groups.get(o)));
      blocks.add(
          tf.reshape(
              tf.gather(cached, part(row, kind.outputs() + o, 1), axis0), shape(batch, maps)));
      offsets[o] = width;
      width += maps;
    }
    Operand<TFloat32> all = blocks.size() == 1 ? blocks.get(0) : tf.concat(blocks, axis1);
    int[] columns =
        program.outputs(kind.channel()).stream()
            .flatMapToInt(
                run ->
                    IntStream.range(0, run.length())
                        .map(i -> offsets[run.value()] + run.from() + i))
            .toArray();
    boolean asTheyAre =
        columns.length == width && IntStream.range(0, width).allMatch(c -> columns[c] == c);
    return asTheyAre ? all : tf.gather(all, tf.constant(columns), axis1);
  }

  private void draw(
      StepLayout.Kind kind, Operand<TInt32> row, Operand<TFloat32> parameters, Operand<TInt32> at) {
    ImageSpec image = program.definition().image();
    InverseDistribution distribution =
        new InverseDistribution(tf, program.definition().distribution(), image);
    Operand<TInt32> drawn =
        distribution.drawOr(
            DrawingSession.FAILED,
            distribution.logits(kind.channel(), parameters),
            tf.gather(values.<TFloat64>get("uniforms"), at, axis0),
            values.get("temperature"));
    Operand<TInt32> given = tf.gather(values.<TInt32>get("given"), at, axis0);
    Operand<TInt32> free = tf.constant(DrawingSession.FREE);
    Operand<TInt32> level = tf.select(tf.math.equal(given, free), drawn, given);
    values.set(
        "levels",
        tf.tensorScatterNdUpdate(
            values.<TInt32>get("levels"),
            tf.reshape(at, shape(1, 1)),
            tf.expandDims(level, axis0)));
    float[] scaled = new float[image.levels()];
    IntStream.range(0, scaled.length).forEach(k -> scaled[k] = image.scaled(k));
    Operand<TFloat32> value =
        tf.gather(tf.constant(scaled), tf.math.maximum(level, tf.constant(0)), axis0);
    int slot = kind.outputs() + program.outputGroups(kind.channel()).size();
    write(
        program.imageGroup(kind.channel()),
        part(row, slot, 1),
        tf.reshape(value, shape(1, batch, 1)));
  }

  /** The rows of one call. */
  private final class Rows {
    private final GroupProgram group;
    private final StepLayout.Call call;
    private final Operand<TInt32> row;
    private final Map<Integer, Operand<TFloat32>> results;
    private final Map<List<Integer>, Operand<TFloat32>> gathered = new HashMap<>();
    private final BitSet constants;
    private final int rows;

    Rows(
        GroupProgram group,
        StepLayout.Call call,
        Operand<TInt32> row,
        Map<Integer, Operand<TFloat32>> results) {
      this.group = group;
      this.call = call;
      this.row = row;
      this.results = results;
      this.constants = group.constants();
      this.rows = call.positions() * batch;
    }

    Operand<TFloat32> compute(int index, Instruction instruction) {
      return instruction.match(new Computed(index));
    }

    /** What each kind of instruction gives in a call. */
    private final class Computed implements Instruction.Cases<Operand<TFloat32>> {
      private final int index;

      Computed(int index) {
        this.index = index;
      }

      @Override
      public Operand<TFloat32> product(Instruction.Product product) {
        Operand<TFloat32> result = tf.linalg.matMul(joined(product.runs()), bound());
        return product.bias() == Instruction.Product.NONE
            ? result
            : tf.math.add(result, results.get(product.bias()));
      }

      @Override
      public Operand<TFloat32> unary(Instruction.UnaryStep unary) {
        return Elementwise.unary(tf, unary.function(), results.get(unary.operand()));
      }

      @Override
      public Operand<TFloat32> mean(Instruction.MeanStep mean) {
        return Elementwise.mean(tf, results.get(mean.operand()), mean.width());
      }

      @Override
      public Operand<TFloat32> binary(Instruction.BinaryStep binary) {
        return Elementwise.binary(
            tf, binary.function(), results.get(binary.left()), results.get(binary.right()));
      }

      @Override
      public Operand<TFloat32> lookup(Instruction.LookupStep lookup) {
        Operand<TFloat32> value = tf.reshape(joined(lookup.runs()), shape(rows));
        return tf.gather(bound(), Elementwise.level(tf, value, lookup.levels()), axis0);
      }

      @Override
      public Operand<TFloat32> attend(Instruction.Attend attend) {
        return Rows.this.attend(attend);
      }

      @Override
      public Operand<TFloat32> copy(Instruction.Copy copy) {
        return joined(copy.runs());
      }

      @Override
      public Operand<TFloat32> parameter(Instruction.Parameter parameter) {
        return bound();
      }

      @Override
      public Operand<TFloat32> columnNorms(Instruction.ColumnNorms norms) {
        return bound();
      }

      @Override
      public Operand<TFloat32> numbers(Instruction.Numbers numbers) {
        return bound();
      }

      /** What depends on parameters only is bound once weights are. */
      private Operand<TFloat32> bound() {
        return values.get(StepBinding.name(group, index));
      }
    }

    /**
     * Over all slots, those outside of the run masked: sizes that XLA knows. Heads of one width are
     * computed together.
     */
    private Operand<TFloat32> attend(Instruction.Attend attend) {
      int n = call.positions();
      Ranks ranks = group.reads().get(attend.segment()).ranks();
      Operand<TFloat32> query = joined(List.of(new MapRun(attend.query(), 0, attend.queryWidth())));
      Operand<TFloat32> queries =
          tf.linalg.transpose(
              tf.reshape(query, shape(n, batch, attend.queryWidth())), shape(1, 0, 2));
      Operand<TFloat32> keys = attended(attend.keys(), ranks);
      Operand<TFloat32> values = attended(attend.values(), ranks);
      Operand<TFloat32> inside = inside(attend, ranks, n);
      var attention = new MaskedAttention<>(tf, TFloat32.class, MaskedAttention.Products.STEPS);
      List<Operand<TFloat32>> results = new ArrayList<>();
      List<Integer> widths = attend.widths();
      int depth = attend.keyWidth();
      int slots = ranks.order().pixels();
      int from = 0;
      for (int head = 0; head < widths.size(); ) {
        int width = widths.get(head);
        int end = head + 1;
        while (end < widths.size() && widths.get(end) == width) {
          end++;
        }
        int heads = end - head;
        Operand<TFloat32> result =
            attention.of(
                attention.byHead(maps(queries, head * depth, heads * depth), n, heads, depth),
                attention.byHead(maps(keys, head * depth, heads * depth), slots, heads, depth),
                attention.byHead(maps(values, from, heads * width), slots, heads, width),
                attend.scale(),
                inside,
                MaskedAttention.Rows.MAY_BE_EMPTY);
        results.add(attention.sideBySide(result, n, heads * width));
        from += heads * width;
        head = end;
      }
      Operand<TFloat32> all =
          results.size() == 1 ? results.get(0) : tf.concat(results, tf.constant(2));
      return tf.reshape(tf.linalg.transpose(all, shape(1, 0, 2)), shape(n * batch, attend.width()));
    }

    private Operand<TFloat32> maps(Operand<TFloat32> of, int from, int count) {
      return tf.slice(of, shape(0, 0, from), shape(-1, -1, count));
    }

    /** All maps of some runs at all ranks, [batch, ranks, maps]. */
    private Operand<TFloat32> attended(List<MapRun> runs, Ranks ranks) {
      List<Operand<TFloat32>> parts = new ArrayList<>();
      for (MapRun run : runs) {
        Operand<TFloat32> cached = values.get(cache(group.reads().get(run.segment()).group()));
        parts.add(
            tf.slice(
                cached,
                shape(1, 0, run.from()),
                shape(ranks.order().pixels(), batch, run.length())));
      }
      Operand<TFloat32> all = parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(2));
      return tf.linalg.transpose(all, shape(1, 0, 2));
    }

    /** 1 for the ranks that belong to the run of each position, [positions, ranks]. */
    private Operand<TFloat32> inside(Instruction.Attend attend, Ranks ranks, int n) {
      int at = call.gathered().get(layout.gathers(call.group()).indexOf(List.of(attend.segment())));
      Operand<TInt32> ends = tf.reshape(part(row, at, n), shape(n, 1));
      Operand<TInt32> all =
          tf.constant(new int[][] {IntStream.range(0, ranks.order().pixels()).toArray()});
      Operand<TBool> before = tf.math.less(all, ends);
      if (!ranks.isPrefix()) {
        Operand<TInt32> starts = tf.math.sub(ends, tf.constant(ranks.span().most()));
        before = tf.math.logicalAnd(before, tf.math.greaterEqual(all, starts));
      }
      return tf.dtypes.cast(before, TFloat32.class);
    }

    private Operand<TFloat32> joined(List<MapRun> runs) {
      List<Operand<TFloat32>> parts = new ArrayList<>();
      StepParts.of(program, group, runs).forEach(part -> parts.add(operand(part)));
      return parts.size() == 1 ? parts.get(0) : tf.concat(parts, axis1);
    }

    private Operand<TFloat32> operand(StepParts.Part part) {
      MapRun run = part.run();
      if (part.segments().size() > 1) {
        return gathered(part.segments());
      }
      Operand<TFloat32> whole;
      int width;
      if (run.isRead()) {
        whole = gathered(part.segments());
        width = program.groups().get(group.reads().get(run.segment()).group()).width();
      } else {
        width = group.instructions().get(run.value()).width();
        whole = results.get(run.value());
        if (constants.get(run.value())) {
          whole = spread(whole, rows, width);
        }
      }
      return run.length() == width
          ? whole
          : tf.slice(whole, shape(0, run.from()), shape(rows, run.length()));
    }

    private Operand<TFloat32> gathered(List<Integer> segments) {
      return gathered.computeIfAbsent(segments, this::gather);
    }

    private Operand<TFloat32> gather(List<Integer> segments) {
      int n = call.positions();
      int taps = segments.size();
      int source = group.reads().get(segments.get(0)).group();
      int width = program.groups().get(source).width();
      int from = call.gathered().get(layout.gathers(call.group()).indexOf(segments));
      Operand<TFloat32> cached = values.get(cache(source));
      Operand<TInt32> index = part(row, from, n * taps);
      if (taps > 1) {
        cached = tf.reshape(cached, shape(layout.slots(source) * batch, width));
        if (batch > 1) {
          int[] lanes = IntStream.range(0, batch).toArray();
          index =
              tf.math.add(
                  tf.reshape(index, shape(n, 1, taps)),
                  tf.constant(Shape.of(1, batch, 1), DataBuffers.of(lanes, true, false)));
        }
      }
      return tf.reshape(tf.gather(cached, index, axis0), shape(rows, taps * width));
    }
  }
}
