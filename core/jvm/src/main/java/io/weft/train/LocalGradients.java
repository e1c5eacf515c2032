package io.weft.train;

import io.weft.engine.Batch;
import io.weft.engine.Gradient;
import io.weft.engine.GradientProgram;
import io.weft.internal.memory.MemoryNeed;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Together;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Gradients that are computed here: so many micro-batches side by side, each on a thread of its
 * own, while the images of the next step are prepared.
 */
final class LocalGradients implements GradientSource {

  /** The name of the threads. */
  static final String THREAD = "weft-gradients";

  private final GradientWork work;
  private final int threads;
  private final GradientProgram program;
  private final Prefetch<Batch> batches;
  private final ThreadPoolExecutor others;
  private boolean begun;

  private LocalGradients(GradientWork work, int threads) {
    this.work = work;
    this.threads = threads;
    program = work.compile();
    batches = new Prefetch<>(work::batch, work.steps());
    others =
        new ThreadPoolExecutor(
            Math.max(1, threads - 1),
            Math.max(1, threads - 1),
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            LocalGradients::thread);
    // Of a run that is forgotten, or paused, no thread remains.
    others.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, THREAD);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Returns gradients that are computed on up to {@code most} threads: fewer where there are fewer
   * micro-batches, or no memory for so many at a time.
   *
   * @throws io.weft.memory.MemoryException if the machine has no memory for one micro-batch
   */
  static GradientSource of(GradientWork work, int most) {
    MemoryNeed need = MemoryNeed.ofTraining(work.definition());
    int images = Math.min(work.microBatch(), work.images(0));
    need.check(images);
    // On a graphics processor they would only take its memory from each other.
    int wanted = work.isOnGpu() ? 1 : Math.min(most, work.count(0));
    int fitting = need.atMost(Math.multiplyExact(wanted, images)) / images;
    return new LocalGradients(work, Math.max(1, fitting));
  }

  @Override
  public Found gradient(Step step, float[] weights) {
    Batch batch = batches.take(step.number());
    long ready = System.nanoTime();
    try (GradientProgram.Point here = program.at(weights)) {
      Supplier<Gradient> sum = () -> sum(here, batch, step);
      // The first step is left where it is interrupted; of the others the model keeps the result.
      Gradient found = begun ? Aside.toItsEnd(sum) : sum.get();
      begun = true;
      return new Found(found, ready);
    }
  }

  private Gradient sum(GradientProgram.Point here, Batch batch, Step step) {
    int count = work.count(step.number());
    GradientTree tree = new GradientTree(count);
    Together.forEach(
        count, part -> tree.add(part, work.gradient(here, batch, step, part)), others, threads - 1);
    return tree.sum();
  }

  @Override
  public String diagnose(Step step, float[] weights) {
    Batch batch = batches.take(step.number());
    try (GradientProgram.Point here = program.at(weights)) {
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
    others.shutdown();
    program.close();
  }
}
