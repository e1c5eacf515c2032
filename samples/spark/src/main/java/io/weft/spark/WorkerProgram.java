package io.weft.spark;

import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.engine.Gradient;
import io.weft.engine.GradientProgram;
import io.weft.engine.GradientProgram.Point;
import io.weft.internal.memory.MemoryNeed;
import io.weft.internal.thread.Keeper;
import io.weft.internal.thread.Lease;
import io.weft.json.DefinitionJson;
import io.weft.train.GradientTree;
import io.weft.train.NumericFingerprint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** The gradients of a definition, compiled in the process of a worker, where tasks share them. */
final class WorkerProgram implements AutoCloseable {

  /** Of so many trainings at a time each has its program; that of another is compiled anew. */
  private static final int KEPT = 2;

  private static final Keeper<Key, WorkerProgram> PROGRAMS =
      new Keeper<>(KEPT, key -> Making.of(() -> new WorkerProgram(key)), WorkerProgram::close);

  /**
   * What a program is made of.
   *
   * @param definition as JSON
   * @param catalog the layers that it may have
   * @param settings how it is compiled
   */
  record Key(String definition, FleetCatalog catalog, GradientProgram.Settings settings)
      implements Serializable {

    /** Each task brings a catalog of its own, of which none can tell whether they are equal. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && definition.equals(key.definition)
          && settings.equals(key.settings);
    }

    @Override
    public int hashCode() {
      return Objects.hash(definition, settings);
    }
  }

  private final Definition definition;
  private final NumericFingerprint fingerprint;
  private final GradientProgram program;

  private WorkerProgram(Key key) {
    definition = new DefinitionJson(key.catalog().catalog()).read(key.definition());
    fingerprint = Likeness.ofGradients(definition);
    program = Engine.on(Device.cpu()).gradients(definition, key.settings());
  }

  /**
   * Computes the sum of a task's micro-batches, one after the other, on this thread.
   *
   * @param key a {@link Key} as it travels: whatever is missing here is said in the answer
   */
  static Partial compute(byte[] key, float[] weights, GradientTask task) {
    String host = Likeness.host();
    try (Lease<WorkerProgram> lease = PROGRAMS.lend(Travelling.value(key, Key.class))) {
      long began = System.nanoTime();
      Gradient sum = lease.value().sum(weights, task);
      long nanos = System.nanoTime() - began;
      return Partial.of(
          task, new Answer(host, lease.value().fingerprint, null, nanos), Optional.of(sum));
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      String failure = e.getMessage() == null ? e.toString() : e.getMessage();
      return Partial.of(task, new Answer(host, null, failure, 0), Optional.empty());
    }
  }

  private Gradient sum(float[] weights, GradientTask task) {
    GradientTree tree = new GradientTree(task.size());
    try (Point here = program.at(weights)) {
      for (int i = 0; i < task.size(); i++) {
        Batch micro = Batch.ofBytes(definition.image(), definition.conditions(), task.batch(i));
        if (i == 0) {
          MemoryNeed.ofTraining(definition).check(micro.size());
        }
        tree.add(i, here.of(micro, task.input(i)));
      }
    }
    return tree.sum();
  }

  /** Adds the same slice of all nodes of a step, as the driver would. */
  static Partial combine(int tasks, int slice, Iterable<byte[]> parts) {
    List<Partial> all = new ArrayList<>();
    parts.forEach(bytes -> all.add(Partial.of(bytes)));
    List<Answer> answers = new ArrayList<>();
    all.forEach(part -> answers.addAll(part.answers()));
    GradientTree tree = new GradientTree(tasks);
    for (Partial part : all) {
      Optional<Gradient> sum = part.sum();
      if (sum.isEmpty()) {
        return new Partial(0, slice, answers, Optional.empty());
      }
      tree.add(part.index(), sum.get());
    }
    return new Partial(0, slice, answers, Optional.of(tree.sum()));
  }

  @Override
  public void close() {
    program.close();
  }
}
