package io.weft.data;

import io.weft.advice.AdvisedException;
import io.weft.internal.files.Sha256;
import io.weft.internal.levels.LevelArray;
import io.weft.internal.thread.Interruption;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** Examples that can only be gone through, of which a few at a time are held in memory. */
final class StreamedExamples implements Examples {

  private final Iterable<Example> source;
  private final ImageSpec spec;
  private final int block;

  /** Of each example, by which another in its place is found. */
  private final int[] checksums;

  private final String description;

  private Iterator<Example> ahead = List.<Example>of().iterator();

  /** The example that {@link #ahead} gives next; beyond all where it is not to be used. */
  private int next = Integer.MAX_VALUE;

  /** The last two: a batch may end in one and begin in the other. */
  private Held current = new Held(0, List.of());

  private Held before = current;

  /** Some examples, from one on. */
  private record Held(int from, List<Example> examples) {
    boolean has(int index) {
      return index >= from && index < from + examples.size();
    }
  }

  StreamedExamples(Iterable<Example> source, ImageSpec spec, int block) {
    this.source = Objects.requireNonNull(source, "examples");
    this.spec = Objects.requireNonNull(spec, "spec");
    this.block = block;
    if (block < 1) {
      throw new IllegalArgumentException(
          "a buffer of " + block + " examples; expected room for at least 1");
    }
    Sha256 sum = new Sha256();
    ConditionsDigest conditions = new ConditionsDigest();
    LevelArray one = LevelArray.of(spec, spec.values());
    int[] found = new int[16];
    int count = 0;
    for (Example example : source) {
      Interruption.check();
      int[] levels = example.levels();
      try {
        spec.checkImage(levels);
      } catch (IllegalArgumentException e) {
        throw AdvisedException.at("example " + count, e);
      }
      found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
      found[count++] = Arrays.hashCode(levels);
      one.copyFrom(levels, 0);
      sum.add(one.bytes(0, levels.length));
      conditions.add(example.conditions());
    }
    checksums = Arrays.copyOf(found, count);
    description =
        count
            + " images of "
            + spec
            + ", in blocks of "
            + block
            + ", "
            + sum.hex()
            + conditions.words();
  }

  @Override
  public ImageSpec spec() {
    return spec;
  }

  @Override
  public int size() {
    return checksums.length;
  }

  @Override
  public int block() {
    return block;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public int[] image(int index) {
    return example(index).levels();
  }

  @Override
  public ConditionValues conditions(int index) {
    return example(index).conditions();
  }

  private synchronized Example example(int index) {
    Objects.checkIndex(index, size());
    if (!current.has(index) && !before.has(index)) {
      before = current;
      current = read(index / block * block);
    }
    Held holder = current.has(index) ? current : before;
    return holder.examples().get(index - holder.from());
  }

  /** Reads the block from one example on; from the beginning where that lies behind. */
  private Held read(int begin) {
    if (next > begin) {
      ahead = source.iterator();
      next = 0;
    }
    while (next < begin) {
      take();
    }
    List<Example> examples = new ArrayList<>();
    while (next < Math.min((long) begin + block, size())) {
      examples.add(take());
    }
    return new Held(begin, examples);
  }

  private Example take() {
    Interruption.check();
    int at = next;
    next = Integer.MAX_VALUE;
    if (!ahead.hasNext()) {
      throw other(at, "not there any more");
    }
    Example example = ahead.next();
    if (Arrays.hashCode(example.levels()) != checksums[at]) {
      throw other(at, "another than before");
    }
    next = at + 1;
    return example;
  }

  private IllegalStateException other(int index, String what) {
    return new IllegalStateException(
        "example "
            + index
            + " of "
            + size()
            + " is "
            + what
            + "; expected the same ones whenever the stream is gone through, for each epoch and to go"
            + " on with a run. Give an Iterable that begins anew, and draw what is random in it from"
            + " a seed");
  }

  @Override
  public Split split(double validationFraction, long seed) {
    throw new IllegalArgumentException(
        "streamed examples are taken in order, and cannot be split at random; split what they come"
            + " from, such as every tenth of it, into two streams");
  }
}
