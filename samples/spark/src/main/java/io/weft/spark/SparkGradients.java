package io.weft.spark;

import io.weft.advice.Advice;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Gradient;
import io.weft.engine.GradientProgram;
import io.weft.engine.GradientProgram.Input;
import io.weft.internal.Evenly;
import io.weft.json.DefinitionJson;
import io.weft.spec.DefinitionException;
import io.weft.train.GradientSource;
import io.weft.train.GradientTree;
import io.weft.train.GradientWork;
import io.weft.train.NumericFingerprint;
import io.weft.train.Prefetch;
import io.weft.weight.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * Gradients that the workers of a cluster compute: each step is one job of Spark. Its tasks are
 * pure functions of the weights and of their images, so that Spark may run them anywhere, twice, or
 * again when a worker is lost.
 */
final class SparkGradients implements GradientSource {

  /** The part of what results of one job may take on the driver that sums of tasks may take. */
  private static final int SHARE = 2;

  private final Jobs jobs;
  private final GradientWork work;
  private final byte[] key;
  private final NumericFingerprint fingerprint;
  private final Prefetch<Batch> batches;
  private final int weights;
  private final LongConsumer computed;

  /**
   * Makes gradients for a training.
   *
   * @param computed hears of each step how many nanoseconds its slowest task has computed
   * @throws IllegalArgumentException if the catalog lacks layers of the model
   */
  SparkGradients(Jobs jobs, FleetCatalog catalog, GradientWork work, LongConsumer computed) {
    this.jobs = jobs;
    this.computed = computed;
    this.work = work;
    key =
        Travelling.bytes(
            new WorkerProgram.Key(json(catalog, work.definition()), catalog, work.settings()));
    fingerprint = Likeness.ofGradients(work.definition());
    weights = WeightLayout.of(work.definition()).size();
    batches = new Prefetch<>(work::batch, work.steps());
  }

  private static String json(FleetCatalog catalog, Definition definition) {
    try {
      return new DefinitionJson(catalog.catalog()).write(definition);
    } catch (DefinitionException e) {
      throw new IllegalArgumentException(
          e.getMessage() + " Give Fleet.on the catalog that has the model's own layers", e);
    }
  }

  @Override
  public Found gradient(Step step, float[] weights) {
    Batch batch = batches.take(step.number());
    long ready = System.nanoTime();
    return new Found(jobs.heeding(() -> sum(step, batch, weights)), ready);
  }

  private Gradient sum(Step step, Batch batch, float[] weights) {
    SubTrees trees = SubTrees.of(work.count(step.number()), jobs.slots());
    Broadcast<byte[]> sent = jobs.spark().broadcast(Floats.bytes(weights));
    try {
      List<GradientTask> tasks = tasks(step, batch, trees);
      JavaRDD<byte[]> sums = new StepTasks(jobs.spark().sc(), key, sent, tasks).toJavaRDD();
      String what = "step " + (step.number() + 1) + " of " + work.steps();
      long most = jobs.mostResultBytes() / SHARE;
      if ((long) trees.tasks() * this.weights * Float.BYTES <= most) {
        return sum(what, sums, trees);
      }
      int[] bounds = slices(trees.tasks());
      return joined(what, slices(sums, trees.tasks(), bounds), bounds);
    } finally {
      // Weights of every step would fill the driver and the workers.
      jobs.destroy(sent);
    }
  }

  private List<GradientTask> tasks(Step step, Batch batch, SubTrees trees) {
    List<GradientTask> tasks = new ArrayList<>();
    for (int task = 0; task < trees.tasks(); task++) {
      List<byte[]> micros = new ArrayList<>();
      List<Input> inputs = new ArrayList<>();
      for (int part = trees.from(task); part < trees.to(task); part++) {
        micros.add(work.micro(batch, part).bytes());
        inputs.add(work.input(step, part));
      }
      tasks.add(new GradientTask(trees.level(), task, micros, inputs));
    }
    return tasks;
  }

  /**
   * As many slices as there are tasks: so each adds a slice, and the driver is sent one of each.
   */
  private int[] slices(int tasks) {
    return IntStream.rangeClosed(0, tasks).map(i -> Evenly.first(weights, tasks, i)).toArray();
  }

  private static JavaRDD<byte[]> slices(JavaRDD<byte[]> sums, int count, int[] bounds) {
    return sums.flatMapToPair(
            sum -> {
              Partial all = Partial.of(sum);
              return IntStream.range(0, bounds.length - 1)
                  .mapToObj(
                      slice ->
                          new Tuple2<>(slice, all.part(bounds[slice], bounds[slice + 1]).bytes()))
                  .iterator();
            })
        .groupByKey(bounds.length - 1)
        .map(slice -> WorkerProgram.combine(count, slice._1(), slice._2()).bytes());
  }

  private Gradient sum(String what, JavaRDD<byte[]> sums, SubTrees trees) {
    GradientTree tree = new GradientTree(trees.count());
    collect(what, sums, (part, sum) -> tree.add(part.level(), part.index(), sum));
    return tree.sum();
  }

  private Gradient joined(String what, JavaRDD<byte[]> slices, int[] bounds) {
    float[] all = new float[weights];
    double[] nats = new double[1];
    collect(
        what,
        slices,
        (slice, sum) -> {
          float[] some = sum.values();
          System.arraycopy(some, 0, all, bounds[slice.index()], some.length);
          nats[0] = sum.nats();
        });
    return new Gradient(nats[0], all);
  }

  /** Takes what workers have found as it comes: so some is added up while others compute. */
  private void collect(String what, JavaRDD<byte[]> found, BiConsumer<Partial, Gradient> each) {
    LongSummaryStatistics nanos = new LongSummaryStatistics();
    jobs.collect(
        what,
        found,
        bytes -> {
          Partial part = Partial.of(bytes);
          for (Answer answer : part.answers()) {
            check(answer);
            nanos.accept(answer.nanos());
          }
          each.accept(part, part.sum().orElseThrow());
        });
    computed.accept(nanos.getMax());
  }

  private void check(Answer answer) {
    if (answer.failure() != null || answer.fingerprint() == null) {
      throw new FleetException(
          "the worker on " + answer.host() + " cannot compute gradients: " + answer.failure());
    }
    Likeness.check(fingerprint, answer.host(), answer.fingerprint(), Advice.RUN_LIKE_THE_OTHERS);
  }

  /** The driver compiles nothing; jobs are of the caller's thread, its group, and end with it. */
  @Override
  public boolean heedsInterrupts() {
    return true;
  }

  @Override
  public String diagnose(Step step, float[] weights) {
    Batch batch = batches.take(step.number());
    try (GradientProgram program = work.compile();
        GradientProgram.Point here = program.at(weights)) {
      return work.diagnose(here, batch, step);
    }
  }

  @Override
  public void checkMayClose() {
    batches.checkMayClose();
  }

  @Override
  public void close() {
    batches.close();
  }
}
