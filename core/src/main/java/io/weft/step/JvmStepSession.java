package io.weft.step;

import io.weft.graph.Condition;
import java.util.Arrays;
import java.util.List;

/**
 * The caches of some images, and the interpreter of a program's instructions.
 *
 * <p>A cache is [slots, images, maps of the group]. A call for n positions works on n x images
 * rows, row p x images + b for position p of image b.
 */
final class JvmStepSession implements StepSession {

  // So many rows of sums stay in the nearest cache while the weights pass by.
  private static final int ROWS = 32;

  private final StepProgram program;
  private final List<BoundGroup> groups;
  private final int[] table;
  private final int images;
  private final float[][] caches;

  /** For each group the results of its instructions; all groups share the work arrays. */
  private final float[][][] values;

  private final float[][] sums;
  private final int[] offsets = new int[ROWS];
  private final int[][] outputGroups;
  private final Run[][] outputs;

  JvmStepSession(StepProgram program, List<BoundGroup> groups, int[] table, int images) {
    this.program = program;
    this.groups = groups;
    this.table = table;
    this.images = images;
    this.caches = new float[groups.size()][];
    for (int g = 0; g < caches.length; g++) {
      caches[g] = new float[program.slots(g) * images * groups.get(g).program.width()];
    }
    this.values = workspace();
    int widest =
        groups.stream()
            .flatMap(g -> g.program.instructions().stream())
            .mapToInt(Instruction::width)
            .max()
            .orElse(0);
    this.sums = new float[ROWS][widest];
    int channels = program.definition().image().channels();
    this.outputGroups = new int[channels][];
    this.outputs = new Run[channels][];
    for (int c = 0; c < channels; c++) {
      outputGroups[c] = program.outputGroups(c).stream().mapToInt(g -> g).toArray();
      outputs[c] = program.outputs(c).toArray(Run[]::new);
    }
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
    float[][] shared = Arrays.stream(sizes).mapToObj(float[]::new).toArray(float[][]::new);
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
    float[] all = new float[rows * row.length];
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
        int to = (slots[q] * images + image) * width;
        System.arraycopy(feature, q * width, caches[group], to, width);
      }
    }
  }

  @Override
  public void compute(int step, float[] parameters) {
    int end = program.firstCall(step + 1);
    for (int call = program.firstCall(step); call < end; call++) {
      run(groups.get(program.callGroup(call)), program.callStart(call));
    }
    int channel = program.channel(step);
    Run[] runs = outputs[channel];
    for (int k = 0; k < runs.length; k++) {
      int group = outputGroups[channel][runs[k].value()];
      int width = groups.get(group).program.width();
      int from = program.outputSlot(step, runs[k].value()) * images * width + runs[k].from();
      for (int b = 0; b < images; b++) {
        parameters[b * runs.length + k] = caches[group][from + b * width];
      }
    }
  }

  @Override
  public void write(int step, int image, float value) {
    int slot = program.drawnSlot(step);
    if (slot != 0) {
      caches[program.imageGroup(program.channel(step))][slot * images + image] = value;
    }
  }

  @Override
  public void close() {
    // Everything is on the Java heap.
  }

  private void run(BoundGroup group, int start) {
    int n = table[start];
    List<Instruction> instructions = group.program.instructions();
    float[][] mine = values[group.program.group()];
    int gathers = start + 1 + 2 * n;
    for (int i = 0; i < mine.length; i++) {
      if (group.constants[i] == null) {
        run(group, i, instructions.get(i), mine, n, gathers);
      }
    }
    float[] result = mine[mine.length - 1];
    int block = images * group.program.width();
    float[] cache = caches[group.program.group()];
    for (int p = 0; p < n; p++) {
      System.arraycopy(result, p * block, cache, table[start + 1 + n + p] * block, block);
    }
  }

  private void run(
      BoundGroup group, int index, Instruction instruction, float[][] mine, int n, int gathers) {
    int size = n * images * instruction.width();
    if (instruction instanceof Instruction.Product product) {
      product(group, product, group.matrices[index], mine, mine[index], n, gathers);
    } else if (instruction instanceof Instruction.BinaryStep binary) {
      Kernels.binary(
          binary.function(), mine[binary.left()], mine[binary.right()], mine[index], size);
    } else if (instruction instanceof Instruction.UnaryStep unary) {
      Kernels.unary(unary.function(), mine[unary.operand()], mine[index], size);
    } else if (instruction instanceof Instruction.Copy copy) {
      copy(group, copy, mine, mine[index], n, gathers);
    }
  }

  private void copy(
      BoundGroup group, Instruction.Copy copy, float[][] mine, float[] result, int n, int gathers) {
    int at = 0;
    for (Run run : copy.runs()) {
      float[] source = array(group, run, mine);
      int stride = stride(group, run);
      for (int p = 0; p < n; p++) {
        int from = row(run, p, n, gathers) * stride + run.from();
        int to = p * images * copy.width() + at;
        if (run.length() == stride && run.length() == copy.width()) {
          System.arraycopy(source, from, result, to, images * stride);
        } else {
          for (int b = 0; b < images; b++) {
            System.arraycopy(
                source, from + b * stride, result, to + b * copy.width(), run.length());
          }
        }
      }
      at += run.length();
    }
  }

  private float[] array(BoundGroup group, Run run, float[][] mine) {
    return run.isRead()
        ? caches[group.program.reads().get(run.segment()).group()]
        : mine[run.value()];
  }

  private int stride(BoundGroup group, Run run) {
    return run.isRead()
        ? groups.get(group.program.reads().get(run.segment()).group()).program.width()
        : group.program.instructions().get(run.value()).width();
  }

  /** The row of the first image at the p-th position of a call. */
  private int row(Run run, int p, int n, int gathers) {
    return (run.isRead() ? table[gathers + run.segment() * n + p] : p) * images;
  }

  private void product(
      BoundGroup group,
      Instruction.Product product,
      float[][] matrix,
      float[][] mine,
      float[] result,
      int n,
      int gathers) {
    int width = product.width();
    int rows = n * images;
    for (int start = 0; start < rows; start += ROWS) {
      int count = Math.min(ROWS, rows - start);
      for (int r = 0; r < count; r++) {
        if (product.bias() == Instruction.Product.NO_BIAS) {
          Arrays.fill(sums[r], 0, width, 0);
        } else {
          System.arraycopy(mine[product.bias()], 0, sums[r], 0, width);
        }
      }
      int k = 0;
      for (Run run : product.runs()) {
        int stride = stride(group, run);
        for (int r = 0; r < count; r++) {
          int p = (start + r) / images;
          int row = row(run, p, n, gathers);
          // What lies outside the image adds nothing.
          offsets[r] =
              run.isRead() && row == 0 ? -1 : (row + (start + r) % images) * stride + run.from();
        }
        accumulate(array(group, run, mine), run.length(), matrix, k, width, count);
        k += run.length();
      }
      for (int r = 0; r < count; r++) {
        System.arraycopy(sums[r], 0, result, (start + r) * width, width);
      }
    }
  }

  private void accumulate(
      float[] source, int length, float[][] matrix, int first, int width, int count) {
    int k = 0;
    for (; k + 4 <= length; k += 4) {
      float[] a = matrix[first + k];
      float[] b = matrix[first + k + 1];
      float[] c = matrix[first + k + 2];
      float[] d = matrix[first + k + 3];
      for (int r = 0; r < count; r++) {
        int o = offsets[r] + k;
        if (offsets[r] >= 0) {
          Kernels.add4(
              sums[r], source[o], a, source[o + 1], b, source[o + 2], c, source[o + 3], d, width);
        }
      }
    }
    for (; k < length; k++) {
      for (int r = 0; r < count; r++) {
        if (offsets[r] >= 0) {
          Kernels.add1(sums[r], source[offsets[r] + k], matrix[first + k], width);
        }
      }
    }
  }
}
