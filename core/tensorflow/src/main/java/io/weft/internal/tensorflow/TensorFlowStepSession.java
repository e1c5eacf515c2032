package io.weft.internal.tensorflow;

import io.weft.internal.step.DrawingSession;
import io.weft.internal.step.StepProgram;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * The caches of some images between calls of TensorFlow: what one call returned is fed to the next,
 * without a copy. Images that are fewer than the program's batch are filled up with others that
 * nobody looks at.
 */
final class TensorFlowStepSession implements DrawingSession {

  private final TensorFlowStepProgram compiled;
  private final StepProgram program;
  private final int images;
  private final Tensors tensors;
  private final NativeMemory memory;
  private final float[] scaled;

  /** For each condition's group the numbers for all images, until the first call. */
  private final Map<Integer, float[]> given = new HashMap<>();

  /** The values written for the last computed step, which the next call brings in. */
  private final int[] written;

  private int next;

  /** So many zeros are written at a time. */
  private static final int ZEROS = 1 << 16;

  private static final int MOST_FLOATS = 1 << 30;

  /** What is native, apart from the session: so that it can be freed when that is gone. */
  private static final class Tensors implements AutoCloseable {
    final TFloat32 weights;
    final Map<String, Tensor> conditions = new LinkedHashMap<>();

    /** Zeros before the first call, whose caches are empty. */
    final List<TFloat32> start = new ArrayList<>();

    @Nullable Result last;

    private Tensors(float[] weights) {
      this.weights =
          TFloat32.tensorOf(Shape.of(weights.length), DataBuffers.of(weights, true, false));
    }

    static Tensors of(TensorFlowStepProgram compiled, float[] weights) {
      return CloseOnFailure.of(
          new Tensors(weights),
          made -> {
            compiled.carriedShapes().forEach(shape -> made.start.add(zeros(shape)));
            return made;
          });
    }

    /** Written a block at a time: of large batches Java's heap has no room for them. */
    private static TFloat32 zeros(Shape shape) {
      TFloat32 tensor = TFloat32.tensorOf(shape);
      FloatDataBuffer all = tensor.asRawTensor().data().asFloats();
      float[] block = new float[ZEROS];
      for (long at = 0; at < all.size(); at += block.length) {
        long some = Math.min(block.length, all.size() - at);
        all.slice(at, some).write(block, 0, (int) some);
      }
      return tensor;
    }

    /** Returns a cache as the last call has left it. */
    Tensor cache(int number) {
      return last == null ? start.get(number) : last.get(TensorFlowStepProgram.CACHES + number);
    }

    void goOnFrom(@Nullable Result with) {
      start.forEach(Tensor::close);
      start.clear();
      if (last != null) {
        last.close();
      }
      last = with;
    }

    @Override
    public void close() {
      weights.close();
      conditions.values().forEach(Tensor::close);
      goOnFrom(null);
    }
  }

  TensorFlowStepSession(TensorFlowStepProgram compiled, float[] weights, int images) {
    this.compiled = compiled;
    this.program = compiled.program();
    this.images = images;
    this.tensors = TensorFlowNative.call(() -> Tensors.of(compiled, weights));
    this.memory =
        CloseOnFailure.of(tensors, own -> NativeMemory.of(this, compiled.origin(), own::close));
    ImageSpec image = program.definition().image();
    this.scaled = new float[image.levels()];
    for (int level = 0; level < scaled.length; level++) {
      scaled[level] = image.scaled(level);
    }
    this.written = new int[images];
    Arrays.fill(written, FREE);
  }

  @Override
  public int images() {
    return images;
  }

  @Override
  public int stepsPerDraw() {
    return compiled.stepsPerDraw();
  }

  @Override
  public void give(int image, Condition condition, float[] feature) {
    int group = program.givenGroup(condition);
    int width = program.groups().get(group).width();
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
    long numbers = (long) compiled.slots(group) * compiled.batch() * width;
    if (numbers > MOST_FLOATS) {
      throw new IllegalArgumentException(
          "condition \""
              + condition.name()
              + "\" of "
              + compiled.batch()
              + " images in lockstep has "
              + numbers
              + " numbers, beyond the limit of "
              + MOST_FLOATS
              + " for one array; generate fewer at a time");
    }
    float[] cache = given.computeIfAbsent(group, g -> new float[(int) numbers]);
    for (int q = 0; q < slots.length; q++) {
      if (slots[q] != 0) {
        int to = (slots[q] * compiled.batch() + image) * width;
        System.arraycopy(feature, q * width, cache, to, width);
      }
    }
  }

  @Override
  public void compute(int step, float[] parameters) {
    bringIn(step);
    int[] levels = new int[compiled.stepsPerDraw() * compiled.batch()];
    double[] uniforms = new double[levels.length];
    // What this leaves in the caches is thrown away: the step is run again with its value.
    try (Result result = run(step, 1, uniforms, levels, 1)) {
      float[] all = Variables.floats(result.get(TensorFlowStepProgram.PARAMETERS));
      System.arraycopy(all, 0, parameters, 0, images * program.parameters());
    }
  }

  @Override
  public void write(int step, int image, float value) {
    int level = Arrays.binarySearch(scaled, value);
    if (level < 0) {
      throw new IllegalArgumentException(
          value + " is not the scaled value of a level from 0 to " + (scaled.length - 1));
    }
    written[image] = level;
  }

  @Override
  public void draw(int first, int count, double[] uniforms, int[] levels, double temperature) {
    bringIn(first);
    advance(first, count, uniforms, levels, temperature);
  }

  /** Runs the step before {@code step} for good, if its values came by {@link #write}. */
  private void bringIn(int step) {
    if (next == step) {
      return;
    }
    if (next != step - 1 || Arrays.stream(written).anyMatch(level -> level == FREE)) {
      throw new IllegalStateException(
          "step " + next + " comes next, found step " + step + "; write every image's value first");
    }
    int[] levels = written.clone();
    Arrays.fill(written, FREE);
    advance(next, 1, new double[images], levels, 1);
  }

  private void advance(int first, int count, double[] uniforms, int[] levels, double temperature) {
    int batch = compiled.batch();
    int[] allLevels = new int[compiled.stepsPerDraw() * batch];
    double[] allUniforms = new double[allLevels.length];
    for (int s = 0; s < count; s++) {
      System.arraycopy(levels, s * images, allLevels, s * batch, images);
      System.arraycopy(uniforms, s * images, allUniforms, s * batch, images);
    }
    Result result = run(first, count, allUniforms, allLevels, temperature);
    tensors.goOnFrom(result);
    next = first + count;
    ((TInt32) result.get(TensorFlowStepProgram.LEVELS))
        .asRawTensor()
        .data()
        .asInts()
        .read(allLevels);
    for (int s = 0; s < count; s++) {
      System.arraycopy(allLevels, s * batch, levels, s * images, images);
    }
  }

  private Result run(int first, int count, double[] uniforms, int[] levels, double temperature) {
    return TensorFlowNative.call(() -> fed(first, count, uniforms, levels, temperature));
  }

  private Result fed(int first, int count, double[] uniforms, int[] levels, double temperature) {
    Shape block = Shape.of(compiled.stepsPerDraw(), compiled.batch());
    try (TInt32 step = TInt32.scalarOf(first);
        TInt32 end = TInt32.scalarOf(first + count);
        TFloat32 divisor = TFloat32.scalarOf((float) temperature);
        TFloat64 random = TFloat64.tensorOf(block, DataBuffers.of(uniforms, true, false));
        TInt32 forced = TInt32.tensorOf(block, DataBuffers.of(levels, true, false))) {
      Map<String, Tensor> feeds = new LinkedHashMap<>(conditions());
      feeds.put("step", step);
      feeds.put("end", end);
      feeds.put("temperature", divisor);
      feeds.put("uniforms", random);
      feeds.put("given", forced);
      feeds.put("weights", tensors.weights);
      List<String> carried = compiled.carried();
      for (int c = 0; c < carried.size(); c++) {
        feeds.put(carried.get(c), tensors.cache(c));
      }
      return compiled.run(feeds);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private Map<String, Tensor> conditions() {
    given.forEach(
        (group, numbers) -> {
          int width = program.groups().get(group).width();
          tensors.conditions.put(
              StepLowering.cache(group),
              TFloat32.tensorOf(
                  Shape.of(compiled.slots(group), compiled.batch(), width),
                  DataBuffers.of(numbers, true, false)));
        });
    given.clear();
    return tensors.conditions;
  }

  @Override
  public void close() {
    memory.close();
  }
}
